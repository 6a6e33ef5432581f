/* cordon-check: misuse */
#include <mutex>
#include <thread>

static std::mutex lock;

int main()
{
    lock.lock();
    std::thread other([] { lock.unlock(); }); /* HERE */
    other.join();
}
