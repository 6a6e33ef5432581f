// expect: abort
#include <thread>

int main()
{
    std::thread thread([] { throw 1; });
    thread.join();
}
