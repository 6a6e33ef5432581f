// What a lambda captures lies on another thread's stack. Told must be:
//: nothing orders T0's plain read at capture\.cc:[0-9]+ and T1's plain write at capture\.cc:[0-9]+
//: capture\.cc:[0-9]+ \. +store relaxed T0:x = 1
//: reads `T0:x` from T1's store at capture\.cc:[0-9]+ \([0-9]+\), but the store \([0-9]+\) is relaxed: it must be release\.
#include <atomic>
#include <cassert>
#include <thread>
#include <mutex>
int main()
{
    std::atomic<int> x{0};
    int data = 0;
    std::mutex m;
    std::thread a([&] { data = 1; x.store(1, std::memory_order_relaxed); { std::lock_guard<std::mutex> hold(m); ++x; } });
    if (x.load(std::memory_order_acquire) == 1) {
        assert(data == 1);
    }
    a.join();
}
