/* cordon-check: abort */
#include <thread>

int main()
{
    std::thread forgotten([] {});
}
