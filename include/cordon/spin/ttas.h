/* cordon/spin/ttas.h - test-and-test-and-set: the smallest lock, for little contention.
 *
 * Problem. One word, any number of threads, no preparation: whoever turns 0 into 1 is in. If the
 * losers go on exchanging, they drag the line from core to core and away from the holder, who needs
 * it for the unlock.
 *
 * Idea. A loser looks before it tries again, and looks ever more seldom: the looks share the line,
 * and a bounded exponential backoff spreads those that saw the lock free at the same moment.
 *
 *     free (0) --exchange, acquire--> held (1) --store, release--> free (0)
 *
 * The first attempt does not look: where the lock is mostly free, a look would fetch the line
 * twice, once to read it and once more to own it. try_lock does look first: who polls expects to
 * fail, and a failure should not disturb the holder.
 *
 * Fairness:      none. Whoever is near the line, first of all the last holder, wins more often; a
 *                thread may wait without bound.
 * Preemption:    a preempted holder delays all; a preempted waiter delays nobody.
 * Many threads:  where threads outnumber cores the waiters yield from step CORDON_WAIT_RELAXES on.
 *                No turn is kept: whichever thread runs may enter, as in no queue lock.
 * Bytes:         4 per lock, none per waiter; pad it if its line is shared. (A byte would do, but
 *                no machine exchanges one faster, and RISC-V only by a loop.)
 * Initially:     all zero, or CORDON_TTAS_INIT.
 * Ownership:     another thread than the one that locked may unlock.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Source: L. Rudolph, Z. Segall, "Dynamic Decentralized Cache Schemes for MIMD Parallel
 * Processors", ISCA 1984; T. E. Anderson, "The Performance of Spin Lock Alternatives for
 * Shared-Memory Multiprocessors", IEEE TPDS 1(1), 1990 (the backoff).
 */
#ifndef CORDON_SPIN_TTAS_H
#define CORDON_SPIN_TTAS_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* struct cordon_ttas - the lock. */
struct cordon_ttas {
    CORDON_ATOMIC(uint32_t) held; /* 0 or 1 */
};
#define CORDON_TTAS_INIT CORDON_ZERO

/* cordon_ttas_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was seen held.
 * Cost:   one read if held, one RMW more if free.
 * Edges:  A0 <- R0 (held)
 */
static inline bool cordon_ttas_try_lock(struct cordon_ttas *lock)
{
    return atomic_load_explicit(&lock->held, memory_order_relaxed) == 0 &&
           atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) == 0; /* A0 <- R0 */
}

/* cordon_ttas_lock - enter.
 * Order:  ACQUIRE: all that precedes the last unlock happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on the one word that all waiters read; without bound.
 * Cost:   one RMW when free.
 * Edges:  A0, A1 <- R0 (held)
 */
static inline void cordon_ttas_lock(struct cordon_ttas *lock)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) == 0) { /* A1 <- R0 */
        return;
    }
    do {
        cordon_wait_backoff(&waiter);
    } while (!cordon_ttas_try_lock(lock));
}

#if __STDC_HOSTED__
/* cordon_ttas_lock_until - enter, or give up once the deadline has passed; true: entered.
 * Order:  ACQUIRE if it returns true, none if false.
 * Waits:  as cordon_ttas_lock, until the deadline; a passed one still allows one attempt.
 * Cost:   one RMW when free, without a look at the clock.
 * Edges:  A0, A2 <- R0 (held)
 */
static inline bool cordon_ttas_lock_until(struct cordon_ttas *lock, uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (atomic_exchange_explicit(&lock->held, 1, memory_order_acquire) == 0) { /* A2 <- R0 */
        return true;
    }
    do {
        if (cordon_wait_expired(&waiter, deadline)) {
            return false;
        }
        cordon_wait_backoff(&waiter);
    } while (!cordon_ttas_try_lock(lock));
    return true;
}
#endif

/* cordon_ttas_unlock - leave.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  never.
 * Cost:   one store.
 * Edges:  R0 -> A0, A1, A2 (held)
 */
static inline void cordon_ttas_unlock(struct cordon_ttas *lock)
{
    atomic_store_explicit(&lock->held, 0, memory_order_release); /* R0 -> A0, A1, A2 */
}

CORDON_END_DECLS

#endif
