/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A bounded ring between one producer and one consumer: Lamport's, with two indices that only
 * grow.
 *
 * Where: libvsync, include/vsync/queue/bounded_spsc.h, bounded_spsc_enq(): `head` is read relaxed.
 * The same on the producer's side of FreeBSD's sys/buf_ring.h, repaired in 2024 by 44e1cfca417c
 * (review D46152).
 *
 * What goes wrong: the consumer empties a slot and moves `head`. The producer sees the new `head`,
 * but nothing makes it see that the consumer's read of the slot is over: it fills the slot again
 * while, for all that C11 says, the old element is still being read.
 *
 * Why the fix is right: an acquire load of the `head` that the consumer stored with release orders
 * the read of the old element before the write of the new one.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { SIZE = 1 };

static int slots[SIZE];
static atomic_uint head, tail;

static bool enqueue(int value)
{
    const unsigned end = atomic_load_explicit(&tail, memory_order_relaxed);
#if BROKEN
    const unsigned start = atomic_load_explicit(&head, memory_order_relaxed);
#else
    const unsigned start = atomic_load_explicit(&head, memory_order_acquire);
#endif
    if (end - start == SIZE) {
        return false;
    }
    slots[end % SIZE] = value; /* HERE */
    atomic_store_explicit(&tail, end + 1, memory_order_release);
    return true;
}

static bool dequeue(int *value)
{
    const unsigned start = atomic_load_explicit(&head, memory_order_relaxed);
    const unsigned end = atomic_load_explicit(&tail, memory_order_acquire);
    if (end == start) {
        return false;
    }
    *value = slots[start % SIZE]; /* HERE */
    atomic_store_explicit(&head, start + 1, memory_order_release);
    return true;
}

static void *produce(void *unused)
{
    for (int value = 1; value <= 2; ++value) {
        while (!enqueue(value)) {
        }
    }
    return unused;
}

int main(void)
{
    pthread_t producer;
    pthread_create(&producer, NULL, produce, NULL);
    for (int expected = 1; expected <= 2; ++expected) {
        int value;
        while (!dequeue(&value)) {
        }
        assert(value == expected);
    }
    pthread_join(producer, NULL);
    return 0;
}
