/* cordon-check -DBROKEN: assertion */
/* cordon-check: verified at rc11 sc tso */
/* The same place in a ring as in ring-both-roles.c, years before: the two indices are read in no
 * order.
 *
 * Where: OpenDataPlane, platform/linux-generic ring, pull request #636 (2018, "ensure head and
 * tail load order in dequeue"; seen with more than 64 Arm processors); DPDK lib/ring in 2017
 * ("guarantee load/load order").
 *
 * What goes wrong: `tail` is read first (by the processor, in those two; the model writes it down
 * in that order). Before `head` is read, elements come and go: `head` is now beyond the old
 * `tail`, and their difference wraps around.
 *
 * Why the fix is right: `head` never passes `tail`. A `head` that was read before, with acquire,
 * is therefore not beyond the `tail` that is read after it.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { SIZE = 4 };

static atomic_uint head, tail;

static void *put_and_take(void *unused)
{
    atomic_store_explicit(&tail, 1, memory_order_release);
    atomic_store_explicit(&head, 1, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, put_and_take, NULL);
#if BROKEN
    const unsigned end = atomic_load_explicit(&tail, memory_order_acquire);
    const unsigned start = atomic_load_explicit(&head, memory_order_acquire);
#else
    const unsigned start = atomic_load_explicit(&head, memory_order_acquire);
    const unsigned end = atomic_load_explicit(&tail, memory_order_acquire);
#endif
    assert(end - start <= SIZE); /* HERE */
    pthread_join(other, NULL);
    return 0;
}
