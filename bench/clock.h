/* clock.h - the processor's own clock, for intervals too short for the system's.
 *
 * The clock ticks at a constant rate whatever the core's frequency does (the TSC of x86, the
 * generic timer of AArch64), so ticks are time, not core cycles. Both reads happen on one pinned
 * thread.
 *
 * What an interval ends with matters: a fence is paid by what comes after it. bench_ticks_stop
 * takes the value of a load made after the fence, and does not read the clock before that load is
 * done. It does not wait for stores.
 */
#ifndef CORDON_BENCH_CLOCK_H
#define CORDON_BENCH_CLOCK_H

#include <cordon/wait.h>

#if defined(__x86_64__) || defined(__i386__)
#define BENCH_CLOCK_NAME "TSC"
#elif defined(__aarch64__)
#define BENCH_CLOCK_NAME "CNTVCT"
#else
#define BENCH_CLOCK_NAME "CLOCK_MONOTONIC"
#endif

/* bench_ticks_start - the clock; nothing later begins before it is read. */
static inline uint64_t bench_ticks_start(void)
{
#if defined(__x86_64__) || defined(__i386__)
    uint32_t low, high;
    __asm__ __volatile__("lfence\n\trdtsc\n\tlfence" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
    uint64_t ticks;
    __asm__ __volatile__("isb\n\tmrs %0, cntvct_el0\n\tisb" : "=r"(ticks)::"memory");
    return ticks;
#else
    return cordon_now();
#endif
}

/* bench_ticks_stop - the clock, once the load that gave `loaded` is done. */
static inline uint64_t bench_ticks_stop(uint32_t loaded)
{
#if defined(__x86_64__) || defined(__i386__)
    uint32_t low, high;
    (void)loaded; /* lfence waits for every earlier load, and for locked instructions */
    __asm__ __volatile__("lfence\n\trdtsc" : "=a"(low), "=d"(high)::"memory");
    return (uint64_t)high << 32 | low;
#elif defined(__aarch64__)
    uint64_t ticks;
    /* A branch on the value and an isb: the clock is not read before the branch is decided. */
    __asm__ __volatile__("cbz %w1, 1f\n1:\n\tisb\n\tmrs %0, cntvct_el0"
                         : "=r"(ticks)
                         : "r"(loaded)
                         : "memory");
    return ticks;
#else
    (void)loaded;
    return cordon_now();
#endif
}

/* What calibration found. */
struct bench_clock {
    double ticks_per_ns;
    double read_ns;  /* between two reads of it, back to back */
    double step_ns;  /* what it counts in: all differences seen are multiples of it */
    double cycle_ns; /* of the core, while it is busy */
};

/* bench_clock_calibrate - against CLOCK_MONOTONIC; takes some 25 ms. */
struct bench_clock bench_clock_calibrate(void);

#endif
