/* cordon-check -DBROKEN: data-race at rc11 tso ra */
/* cordon-check: data-race at ra */
/* A hazard pointer: a reader says which object it is about to use, looks whether that is still the
 * current one, and then uses it; who has replaced an object frees it if nobody has said so.
 *
 * Where: kcenon/thread_system, hazard_pointer.h, protect(): #600 and #602 (2026). The mirror
 * image, a reclaimer without the fence, in OpenJDK's ZGC, ZMarkingSMR::free_node(): JDK-8391060
 * (2026).
 *
 * What goes wrong: the hazard is stored with release. Release orders what is before the store; the
 * look that follows may come first. The reader finds the object still current, the reclaimer finds
 * no hazard, and the object is used after it was freed. x86 does it, too: its stores wait in a
 * buffer.
 *
 * Why the fix is right: a seq_cst fence between the own write and the look at the other's, on both
 * sides.
 *
 * (The model `ra` leaves the order of seq_cst fences out, and with it the repair.)
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static int *_Atomic current;
static int *_Atomic hazard;

static void *reclaim(void *unused)
{
    int *old = atomic_exchange_explicit(&current, NULL, memory_order_acq_rel);
    atomic_thread_fence(memory_order_seq_cst);
    if (atomic_load_explicit(&hazard, memory_order_acquire) != old) {
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
    atomic_init(&current, object);
    pthread_t reclaimer;
    pthread_create(&reclaimer, NULL, reclaim, NULL);
    int *mine = atomic_load_explicit(&current, memory_order_relaxed);
    if (mine) {
        atomic_store_explicit(&hazard, mine, memory_order_release);
#if !BROKEN
        atomic_thread_fence(memory_order_seq_cst);
#endif
        if (atomic_load_explicit(&current, memory_order_acquire) == mine) {
            assert(*mine == 42); /* HERE */
        }
        atomic_store_explicit(&hazard, NULL, memory_order_release);
    }
    pthread_join(reclaimer, NULL);
    return 0;
}
