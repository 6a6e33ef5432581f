// expect: verified, 6 executions
// flags: -std=c++17
// std::thread with arguments and captures, std::mutex; the states are deleted.
#include <cassert>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex mutex;

int main()
{
    int count = 0;
    auto own = std::make_unique<int>(1);
    std::vector<std::thread> threads;
    const auto add = [&count](int n) {
        std::lock_guard<std::mutex> guard(mutex);
        count += n;
    };
    threads.emplace_back(add, 1);
    threads.emplace_back([&count, own = std::move(own)] {
        const std::scoped_lock guard(mutex);
        count += *own;
    });
    threads.emplace_back(add, 1);
    for (auto &thread : threads) {
        assert(thread.joinable() && thread.get_id() != std::this_thread::get_id());
        thread.join();
    }
    assert(count == 3);
}
