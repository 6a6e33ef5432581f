// expect: verified, 1 executions
// flags: -std=c++17
// What runs before main allocates, locks and prints; static objects are there.
#include <cassert>
#include <cstdio>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex mutex;

struct early {
    std::vector<int> values;
    early()
    {
        std::lock_guard<std::mutex> guard(mutex);
        values.assign(10, 3);
        static const auto once = std::make_unique<int>(4);
        values.push_back(*once);
        std::puts("early");
    }
};
static early object;

int main()
{
    assert(object.values.size() == 11 && object.values[10] == 4);
    std::thread thread([] {
        object.values.resize(100, 1);
        object.values.shrink_to_fit();
    });
    thread.join();
    assert(object.values[99] == 1);
}
