/* adapter.h - what the measurements know of a lock.
 *
 * A lock's adapter is a few macros and one inclusion of loop.h, which makes of them the loops that are
 * timed, with lock and unlock inlined: no indirect call stands between a loop and its lock.
 */
#ifndef CORDON_BENCH_LOCKS_ADAPTER_H
#define CORDON_BENCH_LOCKS_ADAPTER_H

#include "../histogram.h"

#include <cordon/atomic.h>
#include <cordon/cpu.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Locks of one kind are compared to each other. */
enum lock_kind {
    LOCK_NONE, /* the loop alone */
    LOCK_TAS,  /* test-and-set: all wait for one word, whoever is quick gets it */
    LOCK_TICKET,
    LOCK_QUEUE,
    LOCK_MUTEX, /* sleeps */
    LOCK_KINDS
};

/* Who is next, by design. */
enum lock_order {
    LOCK_FIFO,      /* first come, first served */
    LOCK_CLUSTERED, /* handed over always, first to those who share a cache */
    LOCK_BOUNDED,   /* overtaken so many times at most */
    LOCK_ANY        /* whoever is quick */
};

/* More threads than that do not take part in a measurement. */
#define LOCKS_MOST_THREADS 1024

/* The data that the lock guards: on a line of its own, the same for every lock. Volatile, so that a
 * lock that does not exclude shows: each section really loads and stores.
 */
struct lock_guarded {
    CORDON_ALIGNED(CORDON_LINE) volatile uint64_t counter;
    volatile uint64_t last; /* which thread was here; touched where waits are watched */
};

/* One thread's part in a block. */
struct lock_job {
    CORDON_ALIGNED(CORDON_LINE) void *shared; /* the lock; on lines of its own */
    void *own;                                /* the thread's part of it; likewise */
    struct lock_guarded *guarded;
    const CORDON_ATOMIC(uint32_t) * stop;
    const CORDON_ATOMIC(uint32_t) * settled; /* from then on waits count */
    uint64_t index;
    uint64_t hold, think; /* units of lock_work; think is the mean */
    uint64_t mask;        /* the counter is touched when the thread's count & mask is 0 */
    uint64_t random;      /* not 0 */
    uint64_t rounds;      /* of `pairs` */
    uint64_t stall;       /* ns, of `stall` */
    CORDON_ATOMIC(uint64_t) operations; /* the loops count them here */
    struct histogram *waits;            /* of `watch`, ticks */
    uint64_t longest_run;               /* of `watch` */
};

typedef void lock_loop(struct lock_job *job);

struct lock_adapter {
    const char *name, *library;
    enum lock_kind kind;
    enum lock_order order;
    bool variant;               /* of another one of its library: left out in a hurry */
    unsigned bytes, bytes_each; /* of a lock, and of each thread that uses it */
    size_t shared_size, own_size;
    /* Called for thread 0 first, all others after; all is zero before. */
    void (*start)(void *shared, void *own, unsigned index, unsigned threads);
    lock_loop *pairs; /* lock and unlock, nothing else */
    lock_loop *run;   /* lock, hold, unlock, think */
    lock_loop *watch; /* the same, and how long each wait is */
    lock_loop *stall; /* once: lock, lock_dawdle, unlock */
};

/* A library's locks, up to a NULL. */
typedef const struct lock_adapter *const lock_library[];
extern lock_library locks_cordon, locks_glibc, locks_ck;

/* The loop without a lock. */
extern const struct lock_adapter lock_none;

#define LOCK_ADD_ \
    sum += step;  \
    __asm__ __volatile__("" : "+r"(sum), "+r"(step))

/* lock_work - keep the core busy without memory: additions that need each other, four for a unit. */
static inline void lock_work(uint64_t units)
{
    uint64_t sum = 1, step = 3;
    for (; units > 0; --units) {
        LOCK_ADD_;
        LOCK_ADD_;
        LOCK_ADD_;
        LOCK_ADD_;
    }
}

/* lock_think - the same for half to one and a half of `units`, evenly distributed: with equal pauses
 * threads fall into step, and never meet.
 */
static inline void lock_think(uint64_t *random, uint64_t units)
{
    if (units > 0) {
        uint64_t x = *random; /* xorshift64, G. Marsaglia */
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        *random = x;
        lock_work(units / 2 + ((x >> 32) * units >> 32));
    }
}

/* lock_dawdle - until job->stall ns have passed. */
void lock_dawdle(const struct lock_job *job);

/* lock_work_ns - what a unit of lock_work takes here. */
double lock_work_ns(void);

#endif
