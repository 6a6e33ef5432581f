// expect: verified
// flags: -std=c++17
#include <cassert>
#include <mutex>
#include <shared_mutex>
#include <thread>

static std::shared_mutex mutex;
static std::recursive_mutex again;
static int a, b;

int main()
{
    const auto read = [] {
        std::shared_lock<std::shared_mutex> lock(mutex);
        assert(a == b);
    };
    std::thread one(read), other([] {
        std::unique_lock<std::shared_mutex> lock(mutex);
        ++a;
        ++b;
    });
    read();
    std::lock_guard<std::recursive_mutex> outer(again), inner(again);
    one.join();
    other.join();
    assert(a == 1);
}
