/* cordon-check: verified */
#include <atomic>
#include <cassert>
#include <thread>

static int message;
static std::atomic<bool> ready;

int main()
{
    std::thread sender([] {
        message = 42;
        ready.store(true, std::memory_order_release);
    });
    std::thread receiver([] {
        if (ready.load(std::memory_order_acquire)) {
            assert(message == 42);
        }
    });
    sender.join();
    receiver.join();
}
