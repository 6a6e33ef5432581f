/* cordon-check -DBROKEN: assertion at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* The head of a ring for many producers and consumers: a consumer reads how far consumers have
 * come, how far producers have come, and takes from the difference.
 *
 * Where: DPDK, lib/ring/rte_ring_c11_pvt.h, __rte_ring_headtail_move_head(); repaired in November
 * 2025 by "ring: establish safe partial order in default mode" (a4ad0eba9def). Seen where
 * load-acquire is RCpc (LDAPR).
 *
 * What goes wrong: one thread puts an element in (tail = 1) and takes it out again (head = 1, by a
 * relaxed compare-exchange). Another reads head = 1, passes an acquire fence, and still reads tail
 * = 0: the fence pairs with nothing, since nobody released `head`. 0 - 1 is four thousand million
 * elements to take.
 *
 * Why the fix is right: who moves `head` releases with it the `tail` that justified the move, and
 * who reads `head` acquires it. Then no `tail` is older than the `head` before it.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { SIZE = 4 };

#if BROKEN
enum { LOAD = memory_order_relaxed, MOVE = memory_order_relaxed };
#else
enum { LOAD = memory_order_acquire, MOVE = memory_order_release };
#endif

static atomic_uint consumers_head, producers_tail;

static bool take(void)
{
    unsigned start = atomic_load_explicit(&consumers_head, LOAD);
    do {
#if BROKEN
        atomic_thread_fence(memory_order_acquire);
#endif
        const unsigned end = atomic_load_explicit(&producers_tail, memory_order_acquire);
        assert(end - start <= SIZE); /* HERE */
        if (end == start) {
            return false;
        }
    } while (
        !atomic_compare_exchange_strong_explicit(&consumers_head, &start, start + 1, MOVE, LOAD));
    return true;
}

static void *both_roles(void *unused)
{
    atomic_store_explicit(&producers_tail, 1, memory_order_release);
    take();
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, both_roles, NULL);
    take();
    pthread_join(other, NULL);
    assert(atomic_load(&consumers_head) == 1);
    return 0;
}
