/* clock.c - calibrating the processor's own clock. */
#define _GNU_SOURCE
#include "clock.h"

#include <time.h>

/* One instant on both clocks; the tightest of several tries, since an interrupt may fall between.
 */
static void both(uint64_t *ticks, uint64_t *now)
{
    uint64_t tightest = UINT64_MAX;
    for (int i = 0; i < 16; ++i) {
        const uint64_t before = bench_ticks_start();
        const uint64_t between = cordon_now();
        const uint64_t after = bench_ticks_start();
        if (after - before < tightest) {
            tightest = after - before;
            *ticks = before + (after - before) / 2;
            *now = between;
        }
    }
}

/* A core cycle: additions that each need the one before take one cycle each on every processor at
 * hand. Of registers: some cores do an addition of a constant for nothing.
 */
static double time_cycle(void)
{
    double shortest = 1e9;
    for (int trial = 0; trial < 50; ++trial) {
        uint64_t sum = 1, step = 3;
        const uint64_t started = cordon_now();
        for (int i = 0; i < 1000; ++i) {
#define ADD      \
    sum += step; \
    __asm__ __volatile__("" : "+r"(sum), "+r"(step));
#define ADD_8 ADD ADD ADD ADD ADD ADD ADD ADD
            ADD_8 ADD_8 ADD_8 ADD_8
        }
        const double each = (double)(cordon_now() - started) / (1000 * 32);
        shortest = each < shortest ? each : shortest;
    }
    return shortest;
}

static uint64_t common_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        const uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

struct bench_clock bench_clock_calibrate(void)
{
    struct bench_clock clock = {.ticks_per_ns = 1};
    uint64_t ticks[2] = {0, 0}, now[2] = {0, 0};
    const struct timespec nap = {0, 20000000};
    both(&ticks[0], &now[0]);
    nanosleep(&nap, NULL);
    both(&ticks[1], &now[1]);
    if (now[1] > now[0] && ticks[1] > ticks[0]) {
        clock.ticks_per_ns = (double)(ticks[1] - ticks[0]) / (double)(now[1] - now[0]);
    }
    uint64_t step = UINT64_MAX;
    uint64_t divisor = 0;
    for (int i = 0; i < 10000; ++i) {
        const uint64_t first = bench_ticks_stop(0);
        const uint64_t second = bench_ticks_stop(0);
        if (second > first && second - first < step) {
            step = second - first;
        }
        divisor = common_divisor(second - first, divisor);
    }
    clock.step_ns = (double)divisor / clock.ticks_per_ns;
    clock.read_ns = step == UINT64_MAX ? 0 : (double)step / clock.ticks_per_ns;
    clock.cycle_ns = time_cycle();
    return clock;
}
