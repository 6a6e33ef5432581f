/* cordon-check: data-race */
#include <memory>
#include <thread>

// The counts of a shared_ptr are atomic; the pointer itself is not.
static std::shared_ptr<int> shared = std::make_shared<int>(1);

int main()
{
    std::thread writer([] { shared = std::make_shared<int>(2); });
    std::shared_ptr<int> copy = shared;
    writer.join();
    return *copy == 3;
}
