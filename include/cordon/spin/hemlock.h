/* cordon/spin/hemlock.h - Hemlock: a queue lock of one word, plus one word per thread.
 *
 * Problem. A queue lock without a node per lock held: MCS needs one for each, CLH even keeps one.
 *
 * Idea. The queue is implicit: an arrival exchanges the tail for itself, and learns its predecessor
 * from the answer, as in CLH. But it waits for a word of the predecessor *thread*, `grant`, to name
 * the lock it wants; then it clears the word, to acknowledge, and is in. As the word names the
 * lock, one word serves all locks that a thread holds: of the threads that wait on it each waits
 * for another lock, and a hand-over is complete before the next begins.
 *
 *     A holds K and L:     K.tail --> B      L.tail --> D --> (waits on) C --> (waits on) A
 *                          A.grant == NULL, watched by B for &K and by C for &L
 *     A unlocks L:         A.grant = &L;  C sees it, writes A.grant = NULL, is in;  A returns
 *
 * Invariants: lock.tail is NULL if and only if the lock is free, else the latest arrival's self;
 * self.grant is NULL, or names a lock that its owner is just handing over; the owner writes it from
 * NULL, the one successor in that lock's queue writes NULL back. A successor never sees a grant of
 * an earlier round: the owner saw that one cleared before it arrived, and we came after (R2 -> A1;
 * if it came by try_lock, the lock was free, and the unlock that freed it came after that round).
 *
 * There is no cordon_hemlock_lock_until: the predecessor will name the lock in its word and wait
 * for the acknowledgement, so that nobody may leave.
 *
 * Fairness:      first come, first served, by the exchange of the tail.
 * Preemption:    a preempted holder delays all, and so does a preempted waiter once its turn comes:
 *                here it delays the unlock before it, too, which waits for the acknowledgement.
 * Many threads:  as for every first-come-first-served lock, a hand-over may wait for the scheduler,
 *                and here holds up two threads; both yield from step CORDON_WAIT_RELAXES on. Prefer
 *                sync/mutex.h there.
 * Bytes:         one pointer per lock; one pointer per thread, however many locks it holds. Where a
 *                thread holds several contended locks their waiters share that word's line.
 * Initially:     all zero, or CORDON_HEMLOCK_INIT, CORDON_HEMLOCK_SELF_INIT.
 * Ownership:     the self given to lock is given to unlock. It may be a `static _Thread_local`, or
 *                belong to a fiber; it may be freed whenever it holds no lock and is in no call.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Source: D. Dice, A. Kogan, "Hemlock: Compact and Scalable Mutual Exclusion", SPAA 2021.
 */
#ifndef CORDON_SPIN_HEMLOCK_H
#define CORDON_SPIN_HEMLOCK_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

struct cordon_hemlock;

/* struct cordon_hemlock_self - a thread, as its successors see it. */
struct cordon_hemlock_self {
    CORDON_ATOMIC(struct cordon_hemlock *) grant; /* the lock being handed over, or NULL */
};
#define CORDON_HEMLOCK_SELF_INIT CORDON_ZERO

/* struct cordon_hemlock - the lock. */
struct cordon_hemlock {
    CORDON_ATOMIC(struct cordon_hemlock_self *) tail;
};
#define CORDON_HEMLOCK_INIT CORDON_ZERO

/* cordon_hemlock_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was seen held.
 * Cost:   one read if held, one RMW more if free.
 * Edges:  A0 <- R0 (tail); R1 -> A1 (tail: self is initialised)
 */
static inline bool cordon_hemlock_try_lock(struct cordon_hemlock *lock,
                                           struct cordon_hemlock_self *self)
{
    struct cordon_hemlock_self *expected = NULL;
    return atomic_load_explicit(&lock->tail, memory_order_relaxed) == NULL &&
           atomic_compare_exchange_strong_explicit(&lock->tail, &expected, self,
                                                   memory_order_acq_rel, /* A0 <- R0; R1 -> A1 */
                                                   memory_order_relaxed);
}

/* cordon_hemlock_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the unlock that admits us happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on its predecessor's word, for as many hand-overs as threads came before.
 * Cost:   one RMW when free; two line transfers per hand-over.
 * Edges:  A1 <- R0 (tail: the lock was free), A2 <- R3 (grant);
 *         A1 <- R1, R2 (tail: the predecessor's self is initialised, its last grant cleared);
 *         R2 -> A1 (tail), R4 -> A3 (grant: we shall not touch the predecessor's word again)
 */
static inline void cordon_hemlock_lock(struct cordon_hemlock *lock,
                                       struct cordon_hemlock_self *self)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_hemlock_self *pred = atomic_exchange_explicit(
        &lock->tail, self, memory_order_acq_rel); /* A1 <- R0, R1, R2; R2 -> A1 */
    if (pred == NULL) {
        return;
    }
    while (atomic_load_explicit(&pred->grant, memory_order_acquire) != lock) { /* A2 <- R3 */
        cordon_wait_step(&waiter);
    }
    atomic_store_explicit(&pred->grant, NULL, memory_order_release); /* R4 -> A3 */
}

/* cordon_hemlock_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  for the successor's acknowledgement, if there is a successor.
 * Cost:   one RMW if nobody waits, else one RMW, one store, and two line transfers awaited.
 * Edges:  R0 -> A0, A1 (tail), R3 -> A2 (grant); A3 <- R4 (grant: self may be freed)
 */
static inline void cordon_hemlock_unlock(struct cordon_hemlock *lock,
                                         struct cordon_hemlock_self *self)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_hemlock_self *expected = self;
    if (atomic_compare_exchange_strong_explicit(&lock->tail, &expected, NULL,
                                                memory_order_release, /* R0 -> A0, A1 */
                                                memory_order_relaxed)) {
        return;
    }
    atomic_store_explicit(&self->grant, lock, memory_order_release);           /* R3 -> A2 */
    while (atomic_load_explicit(&self->grant, memory_order_acquire) != NULL) { /* A3 <- R4 */
        cordon_wait_step(&waiter);
    }
}

CORDON_END_DECLS

#endif
