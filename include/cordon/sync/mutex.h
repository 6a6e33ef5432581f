/* cordon/sync/mutex.h - the lock most programs should use: spins briefly, then sleeps.
 *
 * Problem. A spinlock wastes the core when its holder is not running; a lock that queues everybody
 * pays a context switch at every hand-over; a lock that lets everybody barge may starve somebody.
 *
 * Idea. Whoever comes while the lock is free may take it, even past those who sleep: the cache is
 * warm and no core idles while a sleeper wakes. Those who spun in vain queue up, and sleep each on
 * a word of its own. An unlock calls the first of the queue, one at a time. Every barging past a
 * waiter is counted, and after CORDON_MUTEX_OVERTAKES of them the lock is reserved for the waiter
 * that was called:
 *
 *                        spun in vain                     called by an unlock
 *       newcomer ---------------------> queue, asleep ------------------------> front, awake
 *          |                                 ^                                   |     |
 *          | free, and not reserved          +---- still held: sleep again, -----+     | free
 *          v                                       at the head                         v
 *        holder (overtakes + 1)                                        holder (overtakes = 0)
 *
 * State. The bits of `word`:
 *
 *     LOCKED   somebody holds the lock
 *     QUEUED   `queue` is not empty
 *     EDITING  `queue` and the links of the waiters belong to the thread that set this bit
 *     CALLED   exactly one waiter has left the queue as the front, and has not got the lock yet
 *     others   how often the lock was taken past a waiter since a waiter last took it
 *
 * An editor holds its bit for a few instructions. On leaving, it calls the first of the queue if
 * the lock is free and nobody has been called; so an unlock never waits for an editor. A front
 * clears CALLED as it takes the lock, goes back to the head of the queue, or gives up, which it
 * does only while the lock is held; so a call is never lost, nor the bit left behind.
 *
 * Invariants. While QUEUED is set, so is LOCKED or CALLED or EDITING: nobody sleeps beside a free
 * lock. All zero means free, with nobody waiting; it is the only state that the fast path of lock
 * accepts. Every store to `word` is an RMW, so whoever takes the lock synchronises with the last
 * unlock, whatever happened to the other bits in between.
 *
 * The bound. A waiter that joins the queue behind n - 1 others (a front counts) is overtaken at
 * most n * CORDON_MUTEX_OVERTAKES + n - 1 times. For: from then on every taking by a thread that is
 * not the front is counted, and refused beyond the limit; only a front that takes the lock resets
 * the count; newcomers join behind, and only a front comes back before the others; so each of the
 * n - 1 takes the lock (or gives up) at most once before it, and counts at most so many. Nothing is
 * assumed of the scheduler.
 *
 * Fairness:      barging, within the bound; first come, first called. Before that a thread spins for
 *                CORDON_WAIT_RELAXES + CORDON_WAIT_YIELDS steps, and then joins by a CAS, which may
 *                fail as often as others change the word.
 * Preemption:    a preempted holder delays all, but they sleep. A preempted waiter delays others in
 *                two cases: as the front, for which the lock may be reserved; and within the few
 *                instructions for which it edits the queue, when nobody else can be called. The same
 *                holds for an unlock between its last RMW and its wake-up. Newcomers still take a
 *                free lock meanwhile, within the bound. No priority inheritance.
 * Many threads:  fine: who waits longer than some microseconds sleeps, and is woken one by one.
 * Bytes:         16 per lock (8 where pointers have 4), 24 per waiter on its stack.
 * Initially:     all zero, or CORDON_MUTEX_INIT. There is nothing to destroy.
 * Ownership:     another thread than the one that locked may unlock.
 *
 * Limits. Not recursive: a thread that locks twice waits for itself. Not robust: a thread that dies
 * holding the lock leaves it held. For the threads of one process, not for shared memory. In a
 * signal handler only try_lock, and unlock what it took; and that only where parking is futex(2).
 *
 * Source: the barging of woken waiters with a late turn to fairness follows Go's sync.Mutex (2016),
 * the queue edited under a bit of the word nsync (M. Burrows, 2016); counting overtakes instead of
 * milliseconds makes the bound independent of the clock.
 */
#ifndef CORDON_SYNC_MUTEX_H
#define CORDON_SYNC_MUTEX_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

#if __STDC_HOSTED__ /* it sleeps */

/* CORDON_MUTEX_OVERTAKES - how often the lock may be taken past the waiter whose turn it is.
 *
 * Each reservation that follows idles the lock until that waiter runs, some ten microseconds; at
 * this number of short critical sections that is a few per cent at worst. It is compiled into the
 * library; another number is for whoever compiles mutex.c.
 */
#ifndef CORDON_MUTEX_OVERTAKES
#define CORDON_MUTEX_OVERTAKES 1024
#endif

CORDON_BEGIN_DECLS

/* A sleeper, on its own stack; see mutex.c. */
struct cordon_mutex_waiter;

/* struct cordon_mutex - the lock. */
struct cordon_mutex {
    CORDON_ATOMIC(uint32_t) word;
    struct cordon_mutex_waiter *queue; /* the first; guarded by EDITING */
};
#define CORDON_MUTEX_INIT CORDON_ZERO

/* The bits of `word`. */
#define CORDON_MUTEX_LOCKED_    UINT32_C(1)
#define CORDON_MUTEX_QUEUED_    UINT32_C(2)
#define CORDON_MUTEX_EDITING_   UINT32_C(4)
#define CORDON_MUTEX_CALLED_    UINT32_C(8)
#define CORDON_MUTEX_OVERTAKEN_ UINT32_C(16) /* one overtake */

/* The slow paths; `word` is what the fast path saw. */
CORDON_API bool cordon_mutex_lock_slow_(struct cordon_mutex *mutex, uint32_t word,
                                        uint64_t deadline);
CORDON_API bool cordon_mutex_try_lock_slow_(struct cordon_mutex *mutex, uint32_t word);
CORDON_API void cordon_mutex_unlock_slow_(struct cordon_mutex *mutex, uint32_t word);

/* Takes a lock that is free and that nobody waits for; else `word` is what it found. */
static inline bool cordon_mutex_take_(struct cordon_mutex *mutex, uint32_t *word)
{
    *word = 0;
    return atomic_compare_exchange_strong_explicit(
        &mutex->word, word, CORDON_MUTEX_LOCKED_,
        memory_order_acquire, /* A0 <- R0, mutex.c R1, mutex.c R2 */
        memory_order_relaxed);
}

/* cordon_mutex_lock - enter.
 * Order:  ACQUIRE: all that preceded the unlock that admits us happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  spins, yields, then sleeps until called.
 * Cost:   one RMW when free and nobody waits.
 * Edges:  A0, mutex.c A1 <- R0, mutex.c R1, mutex.c R2 (word)
 */
static inline void cordon_mutex_lock(struct cordon_mutex *mutex)
{
    uint32_t word;
    if (!cordon_mutex_take_(mutex, &word)) {
        (void)cordon_mutex_lock_slow_(mutex, word, CORDON_NEVER);
    }
}

/* cordon_mutex_try_lock - enter if that is possible at once.
 * Returns false if the lock is held, or reserved for a waiter. Never fails spuriously.
 * Order:  ACQUIRE on success, none on failure.
 * Cost:   one RMW, two past a waiter.
 * Edges:  as cordon_mutex_lock
 */
static inline bool cordon_mutex_try_lock(struct cordon_mutex *mutex)
{
    uint32_t word;
    return cordon_mutex_take_(mutex, &word) ||
           ((word & CORDON_MUTEX_LOCKED_) == 0 && cordon_mutex_try_lock_slow_(mutex, word));
}

/* cordon_mutex_lock_until - enter, or give up once the deadline has passed.
 * Returns false if it gave up. A deadline already passed still tries once. A waiter that was called
 * when its time ran out takes the lock if it is free, and otherwise leaves the call to the next.
 * Order:  ACQUIRE on success, none on failure.
 * Waits:  as cordon_mutex_lock; past the deadline only to leave the queue, while others change it.
 * Edges:  as cordon_mutex_lock
 */
static inline bool cordon_mutex_lock_until(struct cordon_mutex *mutex, uint64_t deadline)
{
    uint32_t word;
    return cordon_mutex_take_(mutex, &word) || cordon_mutex_lock_slow_(mutex, word, deadline);
}

/* cordon_mutex_unlock - leave.
 * Order:  RELEASE: all that precedes happens before the return of the lock that this admits.
 * Waits:  never.
 * Cost:   one RMW when nobody waits; if a waiter must be called, three and a system call.
 * Note:   the mutex is not touched once another thread can take it: that thread may free it.
 * Edges:  R0, mutex.c R1, mutex.c R2 -> A0, mutex.c A1 (word)
 *
 * It looks first: where others wait the word is not LOCKED alone, and a CAS in vain would cost as
 * much as the one that follows it.
 */
static inline void cordon_mutex_unlock(struct cordon_mutex *mutex)
{
    uint32_t word = atomic_load_explicit(&mutex->word, memory_order_relaxed);
    if (word != CORDON_MUTEX_LOCKED_ ||
        !atomic_compare_exchange_strong_explicit(&mutex->word, &word, 0,
                                                 memory_order_release, /* R0 -> A0, mutex.c A1 */
                                                 memory_order_relaxed)) {
        cordon_mutex_unlock_slow_(mutex, word);
    }
}

CORDON_END_DECLS

#endif

#endif
