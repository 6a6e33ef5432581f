/* cordon-check -DBROKEN: data-race at rc11 tso ra */
/* cordon-check: data-race at ra */
/* Epochs: a reader claims a slot and announces its epoch there; the reclaimer frees what it
 * unlinked if no slot shows an epoch.
 *
 * Where: Garnet (Tsavorite), LightEpoch: #2015 (2026). Concurrency Kit's ck_epoch_begin() (#63,
 * 2015) loads the epoch before the announcement; crossbeam-epoch's push_bag() (#53, 2017) before
 * its fence.
 *
 * What goes wrong: the claim is a compare-exchange, on the slot's owner; the announcement that
 * follows is a plain store to another word. The fence that the exchange is on x86 stands before
 * the announcement, where it is of no use: the reader's loads come before its announcement is
 * seen.
 *
 * Why the fix is right: a fence after the announcement. (Garnet announces by the exchange itself:
 * on x86 the same; in C11 no exchange is a fence.)
 *
 * (The model `ra` leaves the order of seq_cst fences out, and with it the repair.)
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static int *_Atomic linked;
static atomic_int owner, epoch;

static void *reclaim(void *unused)
{
    int *old = atomic_exchange_explicit(&linked, NULL, memory_order_acq_rel);
    atomic_thread_fence(memory_order_seq_cst);
    if (!atomic_load_explicit(&epoch, memory_order_acquire)) {
        free(old); /* HERE */
    }
    return unused;
}

int main(void)
{
    int *const object = malloc(sizeof *object);
    if (!object) {
        return 0;
    }
    *object = 42;
    atomic_init(&linked, object);
    pthread_t reclaimer;
    pthread_create(&reclaimer, NULL, reclaim, NULL);
    int nobody = 0;
    atomic_compare_exchange_strong(&owner, &nobody, 1);
    atomic_store_explicit(&epoch, 1, memory_order_relaxed);
#if !BROKEN
    atomic_thread_fence(memory_order_seq_cst);
#endif
    const int *mine = atomic_load_explicit(&linked, memory_order_acquire);
    if (mine) {
        assert(*mine == 42); /* HERE */
    }
    atomic_store_explicit(&epoch, 0, memory_order_release);
    pthread_join(reclaimer, NULL);
    return 0;
}
