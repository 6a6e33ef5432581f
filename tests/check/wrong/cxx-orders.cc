/* cordon-check: data-race at rc11 ra */
#include <atomic>
#include <cassert>
#include <thread>

static int message;
static std::atomic<bool> ready;

int main()
{
    std::thread sender([] {
        message = 42; // HERE
        ready.store(true, std::memory_order_relaxed);
    });
    std::thread receiver([] {
        if (ready.load(std::memory_order_acquire)) {
            assert(message == 42); // HERE
        }
    });
    sender.join();
    receiver.join();
}
