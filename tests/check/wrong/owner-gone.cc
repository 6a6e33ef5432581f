/* cordon-check: use-after-free|data-race */
#include <atomic>
#include <cassert>
#include <memory>
#include <thread>

// The owner goes out of scope while another thread uses what it owned.
static std::atomic<int *> box{nullptr};

int main()
{
    std::thread user([] {
        int *seen = box.load();
        if (seen) {
            assert(*seen == 42); // HERE
        }
    });
    {
        std::unique_ptr<int> owner(new int(42)); // HERE
        box.store(owner.get());
    } // HERE
    user.join();
    return 0;
}
