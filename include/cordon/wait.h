/* cordon/wait.h - the one waiting policy: relax, then yield, then park; with a deadline.
 *
 * Problem. How long to spin cannot be known by a primitive: it depends on whether the awaited
 * thread is running. Spinning is right for the time of a line transfer or two, wrong for a time
 * slice.
 *
 * Idea. Every wait in this library goes through the three stages below, and no primitive has a loop
 * of its own policy:
 *
 *     relax   CORDON_WAIT_RELAXES steps of cordon_cpu_relax: the other thread runs and is quick
 *     yield   give the core away: the other thread is runnable and not running
 *     park    sleep in the kernel until woken: the other thread is far away
 *
 * A primitive chooses where to stop. The locks in spin/ stop at yield (their word says nothing of
 * who waits, so nobody could wake a sleeper); sync/ and the blocking calls of ring/ go on to park. In
 * a freestanding build only relax exists.
 *
 * A wait is written as a loop whose condition, with its memory order, is in plain sight:
 *
 *     struct cordon_waiter waiter = CORDON_WAITER_INIT;
 *     while (atomic_load_explicit(&lock->held, memory_order_acquire)) {
 *         cordon_wait_step(&waiter);
 *     }
 *
 * Time is CLOCK_MONOTONIC, in nanoseconds, absolute: cordon_deadline_after(1000000) is one
 * millisecond from now. CORDON_NEVER never passes, and costs no look at the clock.
 */
#ifndef CORDON_WAIT_H
#define CORDON_WAIT_H

#include <cordon/atomic.h>
#include <cordon/cpu.h>

/* What an operation with more than one answer says. */
enum cordon_result {
    CORDON_OK = 0,
    CORDON_FULL,     /* no room, and none came in time to be waited for */
    CORDON_EMPTY,    /* nothing there */
    CORDON_BUSY,     /* another thread is midway; the answer is not known yet */
    CORDON_CLOSED,   /* closed, and (for a pop) drained */
    CORDON_TIMEDOUT, /* the deadline passed first */
};

#define CORDON_NEVER UINT64_MAX

/* Steps of relaxing before the first yield: some microseconds, many line transfers, and well below
 * the price of the time slice that a preempted holder costs anyway. A program may set both of these
 * otherwise, for what it compiles itself.
 */
#ifndef CORDON_WAIT_RELAXES
#define CORDON_WAIT_RELAXES 256
#endif
/* Yields before parking is due: enough for a runnable holder to be run, among several threads that
 * share the core, and to finish. To sleep, and above all to let the core fall idle, costs more.
 */
#ifndef CORDON_WAIT_YIELDS
#define CORDON_WAIT_YIELDS 16
#endif

CORDON_BEGIN_DECLS

/* One wait in progress. Start each wait with a fresh one. */
struct cordon_waiter {
    uint32_t steps;  /* taken so far, until both stages are spent */
    uint32_t looked; /* the steps taken when it last looked at the clock */
};
#define CORDON_WAITER_INIT CORDON_ZERO

#if __STDC_HOSTED__
/* cordon_now - nanoseconds of CLOCK_MONOTONIC. */
CORDON_API uint64_t cordon_now(void);

/* cordon_wait_yield - let the scheduler run another thread on this core. */
CORDON_API void cordon_wait_yield(void);

/* cordon_deadline_after - the instant that lies so many nanoseconds ahead (saturating to NEVER). */
static inline uint64_t cordon_deadline_after(uint64_t nanoseconds)
{
    const uint64_t now = cordon_now();
    return nanoseconds > CORDON_NEVER - now ? CORDON_NEVER : now + nanoseconds;
}
#endif

/* Under cordon-check a wait counts nothing: a turn that changed nothing leaves the thread as it was, by
 * which the explorer knows that it waits; and parking is due at once, so that it is explored.
 */
#ifdef CORDON_CHECK
#define CORDON_WAIT_COUNTS_ 0
#else
#define CORDON_WAIT_COUNTS_ 1
#endif

/* cordon_wait_spent - has this wait relaxed and yielded long enough, so that parking is due? */
static inline bool cordon_wait_spent(const struct cordon_waiter *waiter)
{
    return !CORDON_WAIT_COUNTS_ || waiter->steps >= CORDON_WAIT_RELAXES + CORDON_WAIT_YIELDS;
}

/* cordon_wait_step - wait a little: relax, and from step CORDON_WAIT_RELAXES on yield.
 * For a thread that waits on a word of its own, or one that changes hands in turn: it looks again
 * after every step, so the hand-over is noticed at once.
 * Order:  none, of memory.
 */
static inline void cordon_wait_step(struct cordon_waiter *waiter)
{
    if (!CORDON_WAIT_COUNTS_) {
        return;
    }
    if (!cordon_wait_spent(waiter)) {
        ++waiter->steps;
    }
#if __STDC_HOSTED__
    if (waiter->steps > CORDON_WAIT_RELAXES) {
        cordon_wait_yield();
        return;
    }
#endif
    cordon_cpu_relax();
}

/* cordon_wait_steps - as cordon_wait_step, but so many steps at once while it relaxes.
 * For a thread that knows that it is too early to look: a yield is always followed by a look.
 */
static inline void cordon_wait_steps(struct cordon_waiter *waiter, uint32_t steps)
{
    uint32_t i;
    for (i = 1; CORDON_WAIT_COUNTS_ && i < steps && waiter->steps < CORDON_WAIT_RELAXES; ++i) {
        ++waiter->steps;
        cordon_cpu_relax();
    }
    cordon_wait_step(waiter);
}

/* cordon_wait_nearer - what is waited for has not come, but come nearer: do not sleep yet.
 * For a thread that waits for its turn and sees others have theirs: its yields count anew.
 */
static inline void cordon_wait_nearer(struct cordon_waiter *waiter)
{
    if (waiter->steps > CORDON_WAIT_RELAXES) {
        waiter->steps = CORDON_WAIT_RELAXES;
    }
}

/* cordon_wait_crowded - others wait for the same thing: yield early.
 * For the start of a wait. They may be more than there are cores, and then one of them needs this
 * core before our wait can end. What remains of relaxing is about as long as a yield takes.
 */
static inline void cordon_wait_crowded(struct cordon_waiter *waiter)
{
    if (CORDON_WAIT_COUNTS_) {
        waiter->steps = CORDON_WAIT_RELAXES - CORDON_WAIT_RELAXES / 8;
    }
}

/* cordon_wait_backoff - as cordon_wait_step, but a failed attempt doubles the pause, up to 64.
 * For threads that fight for one word: those that just lost keep off it. The bound keeps the
 * unluckiest within some microseconds of the word.
 */
static inline void cordon_wait_backoff(struct cordon_waiter *waiter)
{
    cordon_wait_steps(waiter, waiter->steps < 63 ? waiter->steps + 1 : 64);
}

#if __STDC_HOSTED__
/* cordon_wait_expired - is the deadline past? Looks at the clock at first, then once in 16 relaxing
 * steps (or one longer pause), and at every yield; never for CORDON_NEVER.
 */
static inline bool cordon_wait_expired(struct cordon_waiter *waiter, uint64_t deadline)
{
    if (deadline == CORDON_NEVER || (waiter->steps > 0 && waiter->steps < CORDON_WAIT_RELAXES &&
                                     waiter->steps - waiter->looked < 16)) {
        return false;
    }
    waiter->looked = waiter->steps;
    return cordon_now() >= deadline;
}

/* Waiting for a value, with parking.
 *
 * cordon_wait_uN(address, old, deadline) blocks while *address == old, through all three stages.
 * Returns CORDON_OK once another value was read, CORDON_TIMEDOUT if the deadline passed first.
 * cordon_park_uN(address, old, deadline) is the third stage alone, for callers with a wait of their
 * own: it sleeps once if *address == old still holds, and may return CORDON_OK without a wake-up;
 * so re-read and decide. Signals do not end a wait (EINTR is no answer).
 * cordon_wake_one_uN and _all_uN wake one (at least) or every thread that sleeps on the address,
 * cordon_wake_n_u32 so many of those on a 32-bit word (at least). They never miss a thread that has
 * not seen a store made before the call: store, then wake.
 *
 * Order:  cordon_wait_uN: the load that reads another value than old is ACQUIRE; pair it with a
 *         release store before the wake. cordon_park_uN and wake order nothing for the caller.
 * Cost:   a wake of a 32-bit word is a system call: call it only if somebody may sleep. A wake of
 *         another size is one RMW; a second one and a system call if somebody has slept, since the
 *         wake before, on one of the addresses that share its word.
 * Note:   a wake-up is a hint that passes between threads of one process, and *address may be freed
 *         by the time it is sent: the address itself is never read by a wake.
 *         None of these calls is a cancellation point (pthread_cancel).
 * Source: futex(2). Sizes other than 32 bits sleep on one of 64 words chosen by the address. 64 bits
 *         are there where atomics of that size are lock-free.
 */
#define CORDON_WAIT_DECLARE_(size)                                                             \
    CORDON_API enum cordon_result cordon_wait_u##size(                                         \
        const CORDON_ATOMIC(uint##size##_t) * address, uint##size##_t old, uint64_t deadline); \
    CORDON_API enum cordon_result cordon_park_u##size(                                         \
        const CORDON_ATOMIC(uint##size##_t) * address, uint##size##_t old, uint64_t deadline); \
    CORDON_API void cordon_wake_one_u##size(const CORDON_ATOMIC(uint##size##_t) * address);    \
    CORDON_API void cordon_wake_all_u##size(const CORDON_ATOMIC(uint##size##_t) * address);
CORDON_WAIT_DECLARE_(8)
CORDON_WAIT_DECLARE_(16)
CORDON_WAIT_DECLARE_(32)
#if ATOMIC_LLONG_LOCK_FREE == 2
CORDON_WAIT_DECLARE_(64)
#endif
CORDON_API void cordon_wake_n_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t count);

/* cordon_park_marked_u32, cordon_wake_marked_u32 - sleep under marks, and wake those with one of them.
 * As cordon_park_u32 and cordon_wake_all_u32, but a sleeper bears a set of marks, the bits that are 1
 * (at least one), and only those are woken that have one in common with the call. So several can
 * sleep on one word, each for a value of its own.
 * Note:   others may be woken, too: where there is no futex(2) all are.
 */
CORDON_API enum cordon_result cordon_park_marked_u32(const CORDON_ATOMIC(uint32_t) * address,
                                                     uint32_t old, uint32_t marks,
                                                     uint64_t deadline);
CORDON_API void cordon_wake_marked_u32(const CORDON_ATOMIC(uint32_t) * address, uint32_t marks);
#undef CORDON_WAIT_DECLARE_
#endif

CORDON_END_DECLS

#endif
