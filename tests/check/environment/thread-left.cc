// expect: abort
// A std::thread that is neither joined nor detached.
#include <thread>

int main()
{
    std::thread thread([] {});
}
