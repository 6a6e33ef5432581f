/* cordon/spin/k42.h - the K42 queue lock: MCS behind the plain lock(&l), unlock(&l).
 *
 * Problem. MCS wants a node from lock to unlock, so that each caller must carry one about.
 *
 * Idea. A node is needed in two roles: as the word a thread waits on, and as the place where its
 * successor links itself. The first role ends when the thread enters; for the second the lock
 * itself stands in. So the node lives on the stack of cordon_k42_lock, and a thread that enters
 * puts the lock's own link, `holder`, in its node's place before it returns.
 *
 *     lock.tail --------------------------------------+
 *                                                     v
 *     lock.holder --next--> [B waiting=1] --next--> [C waiting=1] --next--> NULL   A holds
 *
 *     lock.tail --> lock.holder --next--> NULL                                  C holds, alone
 *
 * Invariants: tail is NULL if and only if the lock is free; it is &holder if it is held and nobody
 * waits; else it is the link of the latest waiter. Only the holder of the lock writes holder.next,
 * but for the one arrival whose CAS replaced &holder in the tail. When &holder becomes the tail,
 * holder.next is NULL.
 *
 * The tail may go from a node to others and back to the same address while an arrival hesitates
 * (the stack is reused). That does no harm: the arrival's CAS succeeds only if that link is the
 * tail now, and then its owner cannot return before it has seen us; and the tail changes by RMWs
 * alone, so that the arrival's acquire (A4) meets the release of the CAS that put the link there
 * this time (R1): the link's initialisation happens before the arrival's write to it. If the link
 * is the lock's own, it meets that of the last stand-in (R3), which wrote holder.next after
 * everybody else: the CASes that have freed and entered the lock since go on with its release
 * sequence.
 *
 * There is no cordon_k42_lock_until, for the reason given in mcs.h.
 *
 * Fairness:      first come, first served, once the CAS that joins the queue has succeeded; a CAS
 *                fails only because another thread's succeeded.
 * Preemption:    a preempted holder delays all, and so does a preempted waiter once its turn comes.
 *                An arrival preempted between joining and linking delays those behind it, and the
 *                return of the lock or unlock whose successor it is.
 * Many threads:  as for every first-come-first-served lock, a hand-over may wait for the scheduler;
 *                waiters yield from step CORDON_WAIT_RELAXES on. Prefer sync/mutex.h there.
 * Bytes:         two pointers per lock; a waiter has two words on its stack while it waits.
 * Initially:     all zero, or CORDON_K42_INIT. A held lock must not be moved: it points into
 *                itself.
 * Ownership:     another thread than the one that locked may unlock, if the locker's return happens
 *                before that.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Source: M. Auslander, D. Edelsohn, O. Krieger, B. Rosenburg, R. Wisniewski, "Enhancement to the
 * MCS Lock for Increased Functionality and Improved Programmability", US patent application
 * 20030200457, 2003 (abandoned); M. L. Scott, "Shared-Memory Synchronization", Morgan & Claypool
 * 2013, section 4.3.
 */
#ifndef CORDON_SPIN_K42_H
#define CORDON_SPIN_K42_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

struct cordon_k42_waiter;

/* struct cordon_k42_link - where a successor links itself: in a waiter, or in the lock. */
struct cordon_k42_link {
    CORDON_ATOMIC(struct cordon_k42_waiter *) next;
};

/* struct cordon_k42_waiter - on the stack of cordon_k42_lock. */
struct cordon_k42_waiter {
    struct cordon_k42_link link;
    CORDON_ATOMIC(uint32_t) waiting; /* 1 -> 0 once, by the predecessor */
};

/* struct cordon_k42 - the lock. */
struct cordon_k42 {
    CORDON_ATOMIC(struct cordon_k42_link *) tail;
    struct cordon_k42_link holder;
};
#define CORDON_K42_INIT CORDON_ZERO

/* cordon_k42_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was seen held.
 * Cost:   one read if held, one RMW more if free.
 * Edges:  A0 <- R0 (tail)
 */
static inline bool cordon_k42_try_lock(struct cordon_k42 *lock)
{
    struct cordon_k42_link *expected = NULL;
    return atomic_load_explicit(&lock->tail, memory_order_relaxed) == NULL &&
           atomic_compare_exchange_strong_explicit(&lock->tail, &expected, &lock->holder,
                                                   memory_order_acquire, /* A0 <- R0 */
                                                   memory_order_relaxed);
}

/* The successor of a link that is no longer the tail: it is linked, or about to be. */
static inline struct cordon_k42_waiter *cordon_k42_successor_(struct cordon_k42_link *link)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_k42_waiter *next;
    do {
        cordon_wait_step(&waiter);
        next = atomic_load_explicit(&link->next, memory_order_acquire); /* A1 <- R2 */
    } while (next == NULL);
    return next;
}

/* The lock is ours, but our node, on the stack, still stands for us in the queue: put the lock's
 * own link in its place. Nobody but the holder looks at holder.next while &holder is not the tail,
 * so that of its three writers only the CAS that makes it the tail must publish what it wrote.
 */
static inline void cordon_k42_stand_in_(struct cordon_k42 *lock, struct cordon_k42_waiter *me)
{
    struct cordon_k42_waiter *next =
        atomic_load_explicit(&me->link.next, memory_order_acquire); /* A2 <- R2 */
    if (next == NULL) {
        struct cordon_k42_link *expected = &me->link;
        atomic_store_explicit(&lock->holder.next, NULL, memory_order_relaxed);
        if (atomic_compare_exchange_strong_explicit(&lock->tail, &expected, &lock->holder,
                                                    memory_order_release, /* R3 -> A4 */
                                                    memory_order_relaxed)) {
            return;
        }
        next = cordon_k42_successor_(&me->link);
    }
    atomic_store_explicit(&lock->holder.next, next, memory_order_relaxed);
}

/* cordon_k42_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the unlock that admits us happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on a word of its own stack, for as many hand-overs as threads came before.
 * Cost:   one RMW when free; two if it waited and nobody came after it.
 * Edges:  A3 <- R0 (tail: the lock was free), A5 <- R4 (waiting);
 *         A4 <- R1, R3 (tail: the predecessor's link is initialised), R1 -> A4;
 *         A1, A2 <- R2 (link.next: the successor's waiting flag is initialised), R2 -> A1, A2, A6
 */
static inline void cordon_k42_lock(struct cordon_k42 *lock)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_k42_waiter me;
    struct cordon_k42_link *pred = NULL;
    for (;;) {
        if (pred == NULL) {
            if (atomic_compare_exchange_strong_explicit(&lock->tail, &pred, &lock->holder,
                                                        memory_order_acquire, /* A3 <- R0 */
                                                        memory_order_relaxed)) {
                return;
            }
        } else {
            atomic_store_explicit(&me.link.next, NULL, memory_order_relaxed);
            atomic_store_explicit(&me.waiting, 1, memory_order_relaxed);
            if (atomic_compare_exchange_strong_explicit(
                    &lock->tail, &pred, &me.link, memory_order_acq_rel, /* A4 <- R1, R3; R1 -> A4 */
                    memory_order_relaxed)) {
                break;
            }
        }
    }
    atomic_store_explicit(&pred->next, &me, memory_order_release);         /* R2 -> A1, A2, A6 */
    while (atomic_load_explicit(&me.waiting, memory_order_acquire) != 0) { /* A5 <- R4 */
        cordon_wait_step(&waiter);
    }
    cordon_k42_stand_in_(lock, &me);
}

/* cordon_k42_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  only while the next thread is between its two steps of arriving.
 * Cost:   one RMW if nobody waits, else one read and one store.
 * Edges:  R0 -> A0, A3 (tail), R4 -> A5 (waiting);
 *         A1, A6 <- R2 (holder.next: the successor's waiting flag is initialised)
 */
static inline void cordon_k42_unlock(struct cordon_k42 *lock)
{
    struct cordon_k42_waiter *next =
        atomic_load_explicit(&lock->holder.next, memory_order_acquire); /* A6 <- R2 */
    if (next == NULL) {
        struct cordon_k42_link *expected = &lock->holder;
        if (atomic_compare_exchange_strong_explicit(&lock->tail, &expected, NULL,
                                                    memory_order_release, /* R0 -> A0, A3 */
                                                    memory_order_relaxed)) {
            return;
        }
        next = cordon_k42_successor_(&lock->holder);
    }
    atomic_store_explicit(&next->waiting, 0, memory_order_release); /* R4 -> A5 */
}

CORDON_END_DECLS

#endif
