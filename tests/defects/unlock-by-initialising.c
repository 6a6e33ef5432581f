/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A test-and-set lock that is released by writing its initial value.
 *
 * Where: Apache NuttX, include/nuttx/spinlock.h, spin_initialize(), used to release a lock: #13272
 * (2024). Unlocks without release are old: Arm Trusted Firmware (tf-issues #609), tianocore edk2
 * #9993 (2020).
 *
 * What goes wrong: the store that opens the lock is ordered after nothing. The next owner takes
 * the lock, and what the last one wrote under it may still be under way.
 *
 * Why the fix is right: a store with release pairs with the acquiring exchange of the next owner.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int taken;
static int counter;

static void lock(void)
{
    while (atomic_exchange_explicit(&taken, 1, memory_order_acquire)) {
        while (atomic_load_explicit(&taken, memory_order_relaxed)) {
        }
    }
}

static void unlock(void)
{
#if BROKEN
    atomic_store_explicit(&taken, 0, memory_order_relaxed);
#else
    atomic_store_explicit(&taken, 0, memory_order_release);
#endif
}

static void *enter(void *unused)
{
    lock();
    ++counter; /* HERE */
    unlock();
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, enter, NULL);
    enter(NULL);
    pthread_join(other, NULL);
    assert(counter == 2);
    return 0;
}
