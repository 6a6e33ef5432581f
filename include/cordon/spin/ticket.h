/* cordon/spin/ticket.h - the ticket lock: first come, first served, in eight bytes.
 *
 * Problem. A fair lock without a queue of nodes.
 *
 * Idea. As at a counter: draw a number, wait until it is shown.
 *
 *     next     the number that the next arrival draws
 *     serving  the number shown: the holder's, or, when free, equal to next
 *
 *         serving        next
 *            |             |
 *            v             v
 *     . . .  4   5   6   (7)       4 holds, 5 and 6 wait, 7 is to be drawn
 *
 * Invariants, modulo 2^32: serving <= next; only the holder writes serving, and it adds one; a
 * number is drawn once. Hence the unlock needs no RMW: it reads back what it alone may change. The
 * counters wrap around harmlessly as long as fewer than 2^32 threads wait.
 *
 * All waiters read the same word, and each hand-over sends its line to all of them; a thread that
 * has k others before it therefore looks only once in k steps. For more than some ten waiters that
 * run at the same time prefer mcs.h or clh.h.
 *
 * There is no cordon_ticket_lock_until: a number that was drawn cannot be returned, and if its
 * owner went away the counter would stop at it for ever.
 *
 * Fairness:      first come, first served, by the number drawn.
 * Preemption:    a preempted holder delays all, and so does a preempted waiter once its turn comes.
 * Many threads:  where threads outnumber cores each hand-over may have to wait until the scheduler
 *                comes to the one thread whose turn it is. The waiters yield from step
 *                CORDON_WAIT_RELAXES on, so that this is soon; still prefer sync/mutex.h there.
 * Bytes:         8 per lock, none per waiter. Pad it if its line is shared.
 * Initially:     all zero, or CORDON_TICKET_INIT.
 * Ownership:     another thread than the one that locked may unlock, if the locker's return happens
 *                before that.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Source: D. P. Reed, R. K. Kanodia, "Synchronization with Eventcounts and Sequencers", CACM 22(2),
 * 1979; J. M. Mellor-Crummey, M. L. Scott, "Algorithms for Scalable Synchronization on
 * Shared-Memory Multiprocessors", ACM TOCS 9(1), 1991 (the proportional wait).
 */
#ifndef CORDON_SPIN_TICKET_H
#define CORDON_SPIN_TICKET_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* struct cordon_ticket - the lock. */
struct cordon_ticket {
    CORDON_ATOMIC(uint32_t) next;
    CORDON_ATOMIC(uint32_t) serving;
};
#define CORDON_TICKET_INIT CORDON_ZERO

/* cordon_ticket_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was held, or that another
 *         thread entered meanwhile.
 * Cost:   two reads of one line if held, one RMW more if free.
 * Edges:  A0 <- R0 (serving)
 *
 * Why success means that the lock is ours: we read serving == s, and drew number s, since the CAS
 * found next == s. To go past s, serving waits for an unlock by the holder of s, which is us; and
 * it never goes back. So it still is s: it is our turn, and the load that read s has acquired from
 * the unlock that wrote it. (Exactly 2^32 entries between the load and the CAS would fool it.)
 */
static inline bool cordon_ticket_try_lock(struct cordon_ticket *lock)
{
    uint32_t mine = atomic_load_explicit(&lock->serving, memory_order_acquire); /* A0 <- R0 */
    return atomic_load_explicit(&lock->next, memory_order_relaxed) == mine &&
           atomic_compare_exchange_strong_explicit(&lock->next, &mine, mine + 1,
                                                   memory_order_relaxed, memory_order_relaxed);
}

/* cordon_ticket_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the last unlock happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on the one word that all waiters read, for as many hand-overs as threads came before.
 * Cost:   one RMW and one read of one line when free.
 * Edges:  A1 <- R0 (serving)
 *
 * The draw is relaxed: what orders is the unlock that shows the number.
 */
static inline void cordon_ticket_lock(struct cordon_ticket *lock)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    const uint32_t mine = atomic_fetch_add_explicit(&lock->next, 1, memory_order_relaxed);
    for (;;) {
        const uint32_t shown =
            atomic_load_explicit(&lock->serving, memory_order_acquire); /* A1 <- R0 */
        if (shown == mine) {
            return;
        }
        cordon_wait_steps(&waiter, mine - shown);
    }
}

/* cordon_ticket_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  never.
 * Cost:   one read, one store.
 * Edges:  R0 -> A0, A1 (serving)
 */
static inline void cordon_ticket_unlock(struct cordon_ticket *lock)
{
    const uint32_t mine = atomic_load_explicit(&lock->serving, memory_order_relaxed);
    atomic_store_explicit(&lock->serving, mine + 1, memory_order_release); /* R0 -> A0, A1 */
}

CORDON_END_DECLS

#endif
