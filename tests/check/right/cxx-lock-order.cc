/* cordon-check: verified */
#include <cassert>
#include <mutex>
#include <thread>

static std::mutex a, b;
static int both;

int main()
{
    std::thread one([] {
        std::lock_guard<std::mutex> first(a);
        std::lock_guard<std::mutex> second(b);
        ++both;
    });
    std::thread other([] {
        std::lock_guard<std::mutex> first(a);
        std::lock_guard<std::mutex> second(b);
        ++both;
    });
    one.join();
    other.join();
    assert(both == 2);
}
