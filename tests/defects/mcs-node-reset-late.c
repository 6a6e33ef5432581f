/* cordon-check -DBROKEN: endless-wait at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* An MCS lock: waiters form a queue, and each waits on a flag in its own node until its
 * predecessor clears it.
 *
 * Where: DPDK, lib/eal/include/rte_mcslock.h; repaired in 2025 ("eal: correct memory ordering in
 * MCS lock", dev@dpdk.org, 23 October: "it's just a matter of time it will run into a deadlock").
 *
 * What goes wrong: the owner reads its successor's address relaxed and stores locked = 0 there.
 * Nothing orders this after the successor's own locked = 1. If the 1 lands last, the hand-over is
 * overwritten and the successor waits for ever.
 *
 * Why the fix is right: the successor links its node with release, after it has set the flag; the
 * owner who acquires that link stores its 0 after the 1 in the modification order of the flag.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

struct node {
    struct node *_Atomic next;
    atomic_int locked;
};

static struct node *_Atomic last;
static int counter;

static void lock(struct node *mine)
{
    atomic_store_explicit(&mine->locked, 1, memory_order_relaxed);
    atomic_store_explicit(&mine->next, NULL, memory_order_relaxed);
    struct node *before = atomic_exchange_explicit(&last, mine, memory_order_acq_rel);
    if (before) {
        atomic_store_explicit(&before->next, mine, memory_order_release);
        while (atomic_load_explicit(&mine->locked, memory_order_acquire)) { /* HERE */
        }
    }
}

static void unlock(struct node *mine)
{
#if BROKEN
    struct node *after = atomic_load_explicit(&mine->next, memory_order_relaxed);
#else
    struct node *after = atomic_load_explicit(&mine->next, memory_order_acquire);
#endif
    if (!after) {
        struct node *expected = mine;
        if (atomic_compare_exchange_strong_explicit(&last, &expected, NULL, memory_order_release,
                                                    memory_order_relaxed)) {
            return;
        }
        while (!(after = atomic_load_explicit(&mine->next, memory_order_acquire))) {
        }
    }
    atomic_store_explicit(&after->locked, 0, memory_order_release);
}

static void *enter(void *node)
{
    lock(node);
    ++counter;
    unlock(node);
    return NULL;
}

int main(void)
{
    struct node nodes[2];
    pthread_t other;
    pthread_create(&other, NULL, enter, &nodes[1]);
    enter(&nodes[0]);
    pthread_join(other, NULL);
    assert(counter == 2);
    return 0;
}
