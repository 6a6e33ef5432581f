/* loop.h - the loops that are timed, for one lock; included once for each, so it has no guard.
 *
 *     #define LOCK_NAME   ck_mcs                 of the adapter, of its functions, in the reports
 *     #define LOCK_KIND   LOCK_QUEUE
 *     #define LOCK_ORDER  LOCK_FIFO
 *     #define LOCK_SHARED ck_spinlock_mcs_t                   the lock's type
 *     #define LOCK_OWN    ck_spinlock_mcs_context_t           a thread's part of it, if there is one
 *     #define LOCK_ENTER(shared, own) ck_spinlock_mcs_lock(shared, own)
 *     #define LOCK_LEAVE(shared, own) ck_spinlock_mcs_unlock(shared, own)
 *     #include "locks/loop.h"
 *
 * and, where all-zero is no valid start, LOCK_START(shared, own, index, threads); LOCK_VARIANT true for
 * what a short look may leave out; where the types do not
 * tell the bytes that a user pays, LOCK_BYTES and LOCK_BYTES_EACH. LOCK_LIBRARY, and LOCK_STORAGE if the
 * adapter is not static, are the including file's. Every lock gets the same loops, the same waiting for
 * the end, the same place for its data; what differs is what stands in these macros.
 */
#include "adapter.h"
#include "../clock.h"

#ifndef LOCK_OWN
#define LOCK_OWN        char
#define LOCK_BYTES_EACH 0
#endif
#ifndef LOCK_START
#define LOCK_START(shared, own, index, threads) (void)0
#endif
#ifndef LOCK_VARIANT
#define LOCK_VARIANT false
#endif
#ifndef LOCK_BYTES
#define LOCK_BYTES sizeof(LOCK_SHARED)
#endif
#ifndef LOCK_BYTES_EACH
#define LOCK_BYTES_EACH sizeof(LOCK_OWN)
#endif

#ifndef LOCK_FUNCTION
#define LOCK_PASTE_(name, what) lock_##name##_##what
#define LOCK_PASTE(name, what)  LOCK_PASTE_(name, what)
#define LOCK_FUNCTION(what)     LOCK_PASTE(LOCK_NAME, what)
#define LOCK_TEXT_(name)        #name
#define LOCK_TEXT(name)         LOCK_TEXT_(name)
#define LOCK_KERNEL             static __attribute__((noinline, flatten, aligned(128))) void
#endif

static void LOCK_FUNCTION(start)(void *opaque, void *opaque_own, unsigned index, unsigned threads)
{
    LOCK_SHARED *const shared = opaque;
    LOCK_OWN *const own = opaque_own;
    (void)shared, (void)own, (void)index, (void)threads;
    LOCK_START(shared, own, index, threads);
}

LOCK_KERNEL LOCK_FUNCTION(pairs)(struct lock_job *job)
{
    LOCK_SHARED *const shared = job->shared;
    LOCK_OWN *const own = job->own;
    (void)shared, (void)own;
    for (uint64_t rounds = job->rounds; rounds > 0; --rounds) {
        LOCK_ENTER(shared, own);
        __asm__ __volatile__("" ::: "memory");
        LOCK_LEAVE(shared, own);
    }
}

LOCK_KERNEL LOCK_FUNCTION(run)(struct lock_job *job)
{
    LOCK_SHARED *const shared = job->shared;
    LOCK_OWN *const own = job->own;
    struct lock_guarded *const guarded = job->guarded;
    const CORDON_ATOMIC(uint32_t) *const stop = job->stop;
    const uint64_t hold = job->hold, think = job->think, mask = job->mask;
    uint64_t random = job->random, done = 0;
    (void)shared, (void)own;
    while (atomic_load_explicit(stop, memory_order_relaxed) == 0) {
        ++done;
        LOCK_ENTER(shared, own);
        if ((done & mask) == 0) {
            guarded->counter = guarded->counter + 1;
        }
        lock_work(hold);
        LOCK_LEAVE(shared, own);
        atomic_store_explicit(&job->operations, done, memory_order_relaxed);
        lock_think(&random, think);
    }
}

LOCK_KERNEL LOCK_FUNCTION(watch)(struct lock_job *job)
{
    LOCK_SHARED *const shared = job->shared;
    LOCK_OWN *const own = job->own;
    struct lock_guarded *const guarded = job->guarded;
    const CORDON_ATOMIC(uint32_t) *const stop = job->stop;
    const uint64_t hold = job->hold, think = job->think, me = job->index + 1;
    uint64_t random = job->random, done = 0, run = 0, longest = 0;
    (void)shared, (void)own;
    while (atomic_load_explicit(stop, memory_order_relaxed) == 0) {
        ++done;
        const uint64_t asked = bench_ticks_start();
        LOCK_ENTER(shared, own);
        const uint64_t got = bench_ticks_stop(0);
        guarded->counter = guarded->counter + 1;
        run = guarded->last == me ? run + 1 : 1;
        guarded->last = me;
        lock_work(hold);
        LOCK_LEAVE(shared, own);
        /* A thread may have moved to a core whose clock is a little behind. */
        if (atomic_load_explicit(job->settled, memory_order_relaxed) != 0) {
            histogram_add(job->waits, got > asked ? got - asked : 0);
            longest = run > longest ? run : longest;
        }
        atomic_store_explicit(&job->operations, done, memory_order_relaxed);
        lock_think(&random, think);
    }
    job->longest_run = longest;
}

static void LOCK_FUNCTION(stall)(struct lock_job *job)
{
    LOCK_SHARED *const shared = job->shared;
    LOCK_OWN *const own = job->own;
    (void)shared, (void)own;
    LOCK_ENTER(shared, own);
    lock_dawdle(job);
    LOCK_LEAVE(shared, own);
}

#ifndef LOCK_STORAGE
#define LOCK_STORAGE static
#define LOCK_ADAPTER LOCK_FUNCTION(adapter)
#endif
LOCK_STORAGE const struct lock_adapter LOCK_ADAPTER = {
    .name = LOCK_TEXT(LOCK_NAME),
    .library = LOCK_LIBRARY,
    .kind = LOCK_KIND,
    .order = LOCK_ORDER,
    .variant = LOCK_VARIANT,
    .bytes = (unsigned)(LOCK_BYTES),
    .bytes_each = (unsigned)(LOCK_BYTES_EACH),
    .shared_size = sizeof(LOCK_SHARED),
    .own_size = sizeof(LOCK_OWN),
    .start = LOCK_FUNCTION(start),
    .pairs = LOCK_FUNCTION(pairs),
    .run = LOCK_FUNCTION(run),
    .watch = LOCK_FUNCTION(watch),
    .stall = LOCK_FUNCTION(stall),
};

#undef LOCK_NAME
#undef LOCK_KIND
#undef LOCK_ORDER
#undef LOCK_SHARED
#undef LOCK_OWN
#undef LOCK_ENTER
#undef LOCK_LEAVE
#undef LOCK_START
#undef LOCK_VARIANT
#undef LOCK_BYTES
#undef LOCK_BYTES_EACH
#undef LOCK_STORAGE
#undef LOCK_ADAPTER
