// Many threads: their columns are narrow. Told must be:
//: data race on ring\.slot\[0\]\.value: nothing orders
//: T0 main T1 (produce )?T2
//: is relaxed: it must be release, and the load \([0-9]+\) is relaxed: it must be acquire\.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
struct slot { _Atomic(unsigned) sequence; int value; };
static struct ring { _Atomic(unsigned) head, tail; struct slot slot[2]; } ring;
static void *produce(void *who)
{
    unsigned position = atomic_fetch_add_explicit(&ring.tail, 1, memory_order_relaxed);
    struct slot *slot = &ring.slot[position % 2];
    if (atomic_load_explicit(&slot->sequence, memory_order_acquire) == position) {
        slot->value = (int)(intptr_t)who;
        atomic_store_explicit(&slot->sequence, position + 1, memory_order_relaxed);
    }
    return NULL;
}
static void *consume(void *unused)
{
    struct slot *slot = &ring.slot[0];
    if (atomic_load_explicit(&slot->sequence, memory_order_relaxed) == 1) {
        assert(slot->value > 0);
    }
    return unused;
}
int main(void)
{
    pthread_t t[5];
    atomic_store(&ring.slot[1].sequence, 1);
    for (int i = 0; i < 3; ++i) pthread_create(&t[i], NULL, produce, (void *)(intptr_t)(i + 1));
    for (int i = 3; i < 5; ++i) pthread_create(&t[i], NULL, consume, NULL);
    for (int i = 0; i < 5; ++i) pthread_join(t[i], NULL);
}
