/* cordon-check -DBROKEN: assertion */
/* cordon-check: verified at rc11 sc tso */
/* A ticket lock: who draws the ticket that `owner` shows has the lock. Trying it draws a ticket
 * only if that would be the one shown.
 *
 * Where: Apache NuttX, include/nuttx/spinlock.h, spin_trylock() with CONFIG_TICKET_SPINLOCK: issue
 * #19808, repaired by #19880 (2026).
 *
 * What goes wrong: `owner` itself is handed to the compare-exchange as the place of the expected
 * value. A compare-exchange that fails writes there what it found. A failed attempt thus stores
 * `next` in `owner`: the lock looks free while it is held, and the next attempt gets it.
 *
 * Why the fix is right: the expected value is a copy; what a failure writes back harms nobody.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

static atomic_int next, owner;
static atomic_int inside;

/* What the hardware's compare-exchange does, and then writes back. */
static bool exchange_if(atomic_int *object, atomic_int *expected, int desired)
{
    int found = atomic_load(expected);
    const bool done = atomic_compare_exchange_strong(object, &found, desired);
    if (!done) {
        atomic_store(expected, found);
    }
    return done;
}

static bool try_lock(void)
{
#if BROKEN
    return exchange_if(&next, &owner, atomic_load(&next) + 1);
#else
    atomic_int expected = atomic_load(&owner);
    return exchange_if(&next, &expected, atomic_load(&expected) + 1);
#endif
}

static void *try_twice(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        if (try_lock()) {
            assert(atomic_fetch_add(&inside, 1) == 0); /* HERE */
            atomic_fetch_sub(&inside, 1);
            atomic_fetch_add(&owner, 1);
        }
    }
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, try_twice, NULL);
    try_twice(NULL);
    pthread_join(other, NULL);
    return 0;
}
