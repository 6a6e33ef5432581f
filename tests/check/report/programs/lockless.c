// A lock whose release is missing. Told must be:
//: data race on shared: nothing orders
//: fence acquire
//: reads `lock` from T1's store at lockless\.c:[0-9]+ \([0-9]+\), but the store \([0-9]+\) is relaxed: it must be release\.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int lock, count;
static int shared;
static void acquire(void)
{
    while (atomic_exchange_explicit(&lock, 1, memory_order_relaxed)) {
        while (atomic_load_explicit(&lock, memory_order_relaxed)) {
        }
    }
    atomic_thread_fence(memory_order_acquire);
}
static void release(void)
{
    atomic_store_explicit(&lock, 0, memory_order_relaxed);
}
static void *work(void *unused)
{
    acquire();
    ++shared;
    release();
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, work, NULL);
    pthread_create(&b, NULL, work, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(shared == 2);
}
