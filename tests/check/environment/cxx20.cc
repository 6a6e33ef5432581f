// expect: verified
// flags: -std=c++20
// std::atomic::wait, semaphores, and threads that are asked to stop.
#include <atomic>
#include <cassert>
#include <semaphore>
#include <thread>

static std::atomic<int> flag;
static std::counting_semaphore<2> ready(0);
static int first, second;

int main()
{
    std::jthread thread([](std::stop_token token) {
        first = 1;
        flag.store(1);
        flag.notify_one();
        second = 1;
        ready.release();
        (void)token.stop_requested();
    });
    flag.wait(0);
    assert(first == 1);
    ready.acquire();
    assert(second == 1);
    thread.request_stop();
}
