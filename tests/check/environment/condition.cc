// expect: verified
// flags: -std=c++17
// std::condition_variable, with a predicate, with a deadline, from either clock.
#include <cassert>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable changed;
static bool ready;
static int data;

int main()
{
    std::thread thread([] {
        {
            std::unique_lock<std::mutex> lock(mutex);
            data = 42;
            ready = true;
        }
        changed.notify_one();
    });
    {
        std::unique_lock<std::mutex> lock(mutex);
        const bool in_time =
            changed.wait_for(lock, std::chrono::milliseconds(1), [] { return ready; });
        if (!in_time) {
            changed.wait_until(lock, std::chrono::system_clock::now() + std::chrono::hours(1),
                               [] { return ready; });
        }
        changed.wait(lock, [] { return ready; });
        assert(data == 42);
    }
    thread.join();
}
