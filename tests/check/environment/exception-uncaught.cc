// expect: abort
// flags: -std=c++17
#include <thread>

int main()
{
    std::thread thread([] { throw 1; });
    thread.join();
}
