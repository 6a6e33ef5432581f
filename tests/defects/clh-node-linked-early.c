/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A CLH lock: who comes marks its node as pending, swaps it with the last one, and waits until
 * that is granted.
 *
 * Where: seL4, the big kernel lock, clh_lock_acquire(): #199 and #207 (2020), seen on a Taishan
 * 2280.
 *
 * What goes wrong: the exchange that makes the node public acquires, but does not release. The
 * mark may arrive later than the node: the next thread still finds it granted, from its last use,
 * and enters. Both are in the critical section.
 *
 * Why the fix is right: an exchange that releases as well makes the mark visible to whoever finds
 * the node.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { GRANTED, PENDING };

static atomic_int first = GRANTED; /* the node that the last owner left */
static atomic_int *_Atomic last = &first;
static int counter;

static void *enter(void *argument)
{
    atomic_int *mine = argument;
    atomic_store_explicit(mine, PENDING, memory_order_relaxed);
#if BROKEN
    atomic_int *before = atomic_exchange_explicit(&last, mine, memory_order_acquire);
#else
    atomic_int *before = atomic_exchange_explicit(&last, mine, memory_order_acq_rel);
#endif
    while (atomic_load_explicit(before, memory_order_acquire) == PENDING) {
    }
    ++counter; /* HERE */
    atomic_store_explicit(mine, GRANTED, memory_order_release);
    return NULL;
}

int main(void)
{
    static atomic_int nodes[2]; /* granted: they were used before */
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) {
        pthread_create(&threads[i], NULL, enter, &nodes[i]);
    }
    for (int i = 0; i < 2; ++i) {
        pthread_join(threads[i], NULL);
    }
    assert(counter == 2);
    return 0;
}
