/* cordon-check: data-race */
#include <thread>

// A local variable captured by reference, and counted up by both.
int main()
{
    int counter = 0;
    std::thread other([&] { ++counter; }); // HERE
    ++counter;                             // HERE
    other.join();
    return counter - 2;
}
