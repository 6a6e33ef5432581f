/* cordon/sync/fifo.h - first come, first served, however many threads there are: waiters sleep.
 *
 * Problem. Strict order and sleeping do not get along. A spinlock that hands over in order spends a
 * time slice on every thread that is not running when its turn comes; a mutex avoids that by
 * letting running threads overtake the sleeping ones.
 *
 * Idea. A ticket lock whose waiters yield while the queue moves on, and sleep when it stands still.
 * All sleep on the word that shows whose turn it is, and an unlock wakes the one whose turn has
 * come, by a bit of its number:
 *
 *     next     the number that the next arrival draws
 *     serving  the number shown: the holder's, or, when free, equal to next; and whether somebody
 *              may sleep
 *
 *         serving        next
 *            |             |
 *            v             v
 *     . . .  4   5   6   (7)       4 holds, 5 and 6 wait, asleep or not, 7 is to be drawn
 *
 * Numbers are even: bit 0 of serving is ASLEEP. A waiter sets it before it sleeps, and the kernel
 * lets it sleep only while the word is what it saw: the number and the bit. As both are one word, an
 * unlock comes before the setting, and then the waiter sees it, or after, and then it sees the bit.
 *
 * Yielding is what makes it fast where threads outnumber cores. The scheduler takes them in turn,
 * and so does the lock; a waiter that yields runs again when its number is near, without having
 * been woken, and no core falls idle meanwhile. A core that does is expensive to call back, most of
 * all in a virtual machine.
 *
 * Invariants, modulo 2^32: serving <= next; a number is drawn once. While ASLEEP is set only the
 * holder changes serving, so that its unlock may store it. ASLEEP is cleared by an unlock that sees
 * nobody wait. As somebody may have come meanwhile, found it set, and gone to sleep, that unlock
 * wakes everybody; who still has to wait sets it again.
 *
 * There is no cordon_fifo_lock_until, for the reason given in spin/ticket.h: a number that was
 * drawn cannot be returned.
 *
 * Fairness:      first come, first served, by the number drawn, in one step that cannot fail.
 * Preemption:    a preempted holder delays all, and so does a waiter that is preempted, or still
 *                waking up, once its turn comes. The others yield, and then sleep. No priority
 *                inheritance.
 * Many threads:  what it is for; still each hand-over needs the one thread whose turn it is, that
 *                is to say a context switch. sync/mutex.h is much faster where order may give way.
 *                Of more than 32 sleepers those whose numbers agree in five bits are woken
 *                together.
 * Bytes:         8 per lock, none per waiter. Pad it if its line is shared.
 * Initially:     all zero, or CORDON_FIFO_INIT. There is nothing to destroy.
 * Ownership:     another thread than the one that locked may unlock, if the locker's return happens
 *                before that.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Limits. Not recursive, not robust, not for shared memory, as sync/mutex.h. At most 2^31 - 1
 * threads.
 *
 * Source: the tickets are those of spin/ticket.h; that waiters on one word are told apart by bits is
 * futex(2)'s FUTEX_WAKE_BITSET.
 */
#ifndef CORDON_SYNC_FIFO_H
#define CORDON_SYNC_FIFO_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

#if __STDC_HOSTED__ /* it sleeps */

CORDON_BEGIN_DECLS

/* struct cordon_fifo - the lock. */
struct cordon_fifo {
    CORDON_ATOMIC(uint32_t) next;
    CORDON_ATOMIC(uint32_t) serving;
};
#define CORDON_FIFO_INIT CORDON_ZERO

/* In `serving`: somebody may sleep. The numbers count in steps of two. */
#define CORDON_FIFO_ASLEEP_ UINT32_C(1)
#define CORDON_FIFO_ONE_    UINT32_C(2)

/* What fifo.c does: wait for the number to be shown; leave when somebody may sleep; wake the one
 * with this number.
 */
CORDON_API void cordon_fifo_wait_(struct cordon_fifo *lock, uint32_t mine);
CORDON_API void cordon_fifo_unlock_slow_(struct cordon_fifo *lock, uint32_t shown);
CORDON_API void cordon_fifo_wake_(struct cordon_fifo *lock, uint32_t number);

/* cordon_fifo_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was held, or that another
 *         thread entered meanwhile.
 * Cost:   two reads of one line if held, one RMW more if free.
 * Edges:  A0 <- R0, fifo.c R0 (serving)
 *
 * Why success means that the lock is ours is told in spin/ticket.h. (Exactly 2^31 entries between
 * the load and the CAS would fool it.) While ASLEEP is set the word is no number that is drawn.
 */
static inline bool cordon_fifo_try_lock(struct cordon_fifo *lock)
{
    uint32_t mine =
        atomic_load_explicit(&lock->serving, memory_order_acquire); /* A0 <- R0, fifo.c R0 */
    return atomic_load_explicit(&lock->next, memory_order_relaxed) == mine &&
           atomic_compare_exchange_strong_explicit(&lock->next, &mine, mine + CORDON_FIFO_ONE_,
                                                   memory_order_relaxed, memory_order_relaxed);
}

/* cordon_fifo_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the last unlock happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  relaxes, yields while the queue moves on, then sleeps until its turn has come.
 * Cost:   one RMW and one read of one line when free; one line transfer per hand-over to a waiter
 *         that is awake.
 * Edges:  A1, fifo.c A0 <- R0, fifo.c R0 (serving)
 *
 * The draw is relaxed: what orders is the unlock that shows the number.
 */
static inline void cordon_fifo_lock(struct cordon_fifo *lock)
{
    const uint32_t mine =
        atomic_fetch_add_explicit(&lock->next, CORDON_FIFO_ONE_, memory_order_relaxed);
    const uint32_t shown =
        atomic_load_explicit(&lock->serving, memory_order_acquire); /* A1 <- R0, fifo.c R0 */
    if (shown != mine) {
        cordon_fifo_wait_(lock, mine);
    }
}

/* cordon_fifo_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  never.
 * Cost:   one RMW; if somebody may sleep, a system call more.
 * Edges:  R0, fifo.c R0 -> A0, A1, fifo.c A0 (serving)
 */
static inline void cordon_fifo_unlock(struct cordon_fifo *lock)
{
    uint32_t shown = atomic_load_explicit(&lock->serving, memory_order_relaxed);
    if (shown & CORDON_FIFO_ASLEEP_) {
        cordon_fifo_unlock_slow_(lock, shown);
        return;
    }
    shown = atomic_fetch_add_explicit(&lock->serving, CORDON_FIFO_ONE_,
                                      memory_order_release); /* R0 -> A0, A1, fifo.c A0 */
    if (shown & CORDON_FIFO_ASLEEP_) {
        cordon_fifo_wake_(lock, shown + CORDON_FIFO_ONE_);
    }
}

CORDON_END_DECLS

#endif

#endif
