// expect: abort
// flags: -std=c++17
// A std::thread that is neither joined nor detached.
#include <thread>

int main()
{
    std::thread thread([] {});
}
