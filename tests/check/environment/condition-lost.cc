// expect: deadlock
// flags: -std=c++17
// The flag is atomic, and set without the lock.
#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>

static std::mutex mutex;
static std::condition_variable changed;
static std::atomic<bool> ready;

int main()
{
    std::thread thread([] {
        ready = true;
        changed.notify_all();
    });
    std::unique_lock<std::mutex> lock(mutex);
    changed.wait(lock, [] { return ready.load(); });
    lock.unlock();
    thread.join();
}
