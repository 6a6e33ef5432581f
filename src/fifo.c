/* fifo.c - the out-of-line half of cordon/sync/fifo.h: waiting, and waking who sleeps. */
#include <cordon/sync/fifo.h>

#define ASLEEP CORDON_FIFO_ASLEEP_
#define ONE    CORDON_FIFO_ONE_

/* By which of the sleepers one is told from the others. */
static uint32_t mark(uint32_t number)
{
    return UINT32_C(1) << (number / ONE % 32);
}

/* How often who is next goes through the yields again before it sleeps. To be woken takes a core that
 * fell idle some ten microseconds, longer than the yields take where nobody else wants the core; and
 * then whoever unlocked and comes again has gone to sleep as well, so that every hand-over from then on
 * would wake somebody.
 */
enum { PATIENCE = 8 };

void cordon_fifo_wait_(struct cordon_fifo *lock, uint32_t mine)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    unsigned patience = CORDON_WAIT_COUNTS_ ? PATIENCE : 0;
    uint32_t before = mine;
    for (;;) {
        uint32_t shown =
            atomic_load_explicit(&lock->serving, memory_order_acquire); /* A0 <- fifo.h R0, R0 */
        uint32_t number = shown & ~ASLEEP;
        if (number == mine) {
            return;
        }
        if (before == mine && mine - number > ONE) {
            /* Others were here before, besides the holder: soon there may be more than cores. */
            cordon_wait_crowded(&waiter);
        }
        if (number != before) {
            cordon_wait_nearer(&waiter);
            before = number;
        }
        if (cordon_wait_spent(&waiter) && mine - number == ONE && patience > 0) {
            --patience;
            cordon_wait_nearer(&waiter);
        }
        if (!cordon_wait_spent(&waiter)) {
            cordon_wait_step(&waiter);
            continue;
        }
        if ((shown & ASLEEP) == 0) {
            /* Relaxed: it gives nothing away. If it finds that our turn has come, the load above
             * looks again.
             */
            shown = atomic_fetch_or_explicit(&lock->serving, ASLEEP, memory_order_relaxed) | ASLEEP;
            number = shown & ~ASLEEP;
        }
        if (number != mine) {
            (void)cordon_park_marked_u32(&lock->serving, shown, mark(mine), CORDON_NEVER);
        }
    }
}

/* The lock is not touched any more: it may be gone. */
void cordon_fifo_wake_(struct cordon_fifo *lock, uint32_t number)
{
    cordon_wake_marked_u32(&lock->serving, mark(number));
}

void cordon_fifo_unlock_slow_(struct cordon_fifo *lock, uint32_t shown)
{
    const uint32_t number = (shown & ~ASLEEP) + ONE;
    /* Relaxed: if it misses somebody who came just now, that one is woken, and sets ASLEEP again. */
    const bool last = atomic_load_explicit(&lock->next, memory_order_relaxed) == number;
    atomic_store_explicit(&lock->serving, last ? number : number | ASLEEP,
                          memory_order_release); /* R0 -> fifo.h A0, fifo.h A1, A0 */
    cordon_wake_marked_u32(&lock->serving, last ? UINT32_MAX : mark(number));
}
