/* cordon-check: deadlock */
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
        std::lock_guard<std::mutex> first(b);
        std::lock_guard<std::mutex> second(a);
        ++both;
    });
    one.join();
    other.join();
}
