// A queued lock whose waiter looks with a relaxed load. Told must be:
//: data race on count
//: T0 main T1 work T2 work
//: exchange acq_rel lock\.tail NULL -> &T1:[Nn]ode
//: reads `T2:[Nn]ode\.locked` from T1's store at mcs\.cc:[0-9]+ \([0-9]+\), but the load \([0-9]+\) is relaxed: it must be acquire\.
#include <atomic>
#include <cassert>
#include <thread>
struct Node { std::atomic<Node *> next{nullptr}; std::atomic<bool> locked{true}; };
struct Lock {
    std::atomic<Node *> tail{nullptr};
    void lock(Node &node)
    {
        Node *before = tail.exchange(&node, std::memory_order_acq_rel);
        if (before != nullptr) {
            before->next.store(&node, std::memory_order_release);
            while (node.locked.load(std::memory_order_relaxed)) {
            }
        }
    }
    void unlock(Node &node)
    {
        Node *self = &node;
        if (node.next.load(std::memory_order_acquire) == nullptr) {
            if (tail.compare_exchange_strong(self, nullptr, std::memory_order_release, std::memory_order_relaxed)) {
                return;
            }
            while (node.next.load(std::memory_order_acquire) == nullptr) {
            }
        }
        node.next.load(std::memory_order_relaxed)->locked.store(false, std::memory_order_release);
    }
};
static Lock lock;
static int count;
static void work()
{
    Node node;
    lock.lock(node);
    ++count;
    lock.unlock(node);
}
int main()
{
    std::thread a(work);
    std::thread b(work);
    a.join();
    b.join();
    assert(count == 2);
}
