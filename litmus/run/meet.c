/* meet.c - a barrier, and a start by the clock. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "meet.h"

#include <cordon/cpu.h>
#include <cordon/wait.h>

#include <time.h>

/* Spins without a pause first, so that all leave at once; then with pauses, some ten microseconds. Who is still waited for then
 * does not run. No yields: some schedulers take a turn off the account of who yields (Linux 6.18 does), and thread and CPU
 * were seen to starve for minutes when other programs came to that CPU.
 */
enum { EAGER_SPINS = 2000, SPINS = EAGER_SPINS + 256, NAP = 50000 /* ns */ };

/* For everyone to see the opening, in microseconds. If a CPU's clock is so far off that there is longer to wait,
 * nothing is waited for.
 */
enum { HEADWAY = 1, MOST_HEADWAY = 50 };

uint64_t clock_read(void)
{
#if defined(__x86_64__) || defined(__i386__)
    return __builtin_ia32_rdtsc();
#elif defined(__aarch64__)
    uint64_t now;
    __asm__ __volatile__("isb\n\tmrs %0, cntvct_el0" : "=r"(now)::"memory");
    return now;
#elif defined(__riscv) && __riscv_xlen == 64
    uint64_t now;
    __asm__ __volatile__("rdtime %0" : "=r"(now)::"memory");
    return now;
#else
    return 0;
#endif
}

bool clock_is_known(void)
{
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__) || \
    (defined(__riscv) && __riscv_xlen == 64)
    return true;
#else
    return false;
#endif
}

uint64_t clock_ticks(void)
{
    const uint64_t began = cordon_now(), ticks = clock_read();
    uint64_t now;
    do {
        now = cordon_now();
    } while (now - began < 300000);
    const uint64_t per_us = (clock_read() - ticks) * 1000 / (now - began);
    return per_us > 0 ? per_us : 1;
}

void meet(struct meeting *meeting, uint32_t *sense)
{
    const struct timespec nap = {0, NAP};
    unsigned spins = 0;
    *sense = !*sense;
    if (atomic_fetch_add_explicit(&meeting->arrived, 1, memory_order_acq_rel) + 1 ==
        meeting->threads) { /* A0 <- R0; R0 -> A0: the last arrival has seen all others */
        atomic_store_explicit(&meeting->arrived, 0, memory_order_relaxed);
        if (meeting->timed) {
            meeting->opened = clock_read();
        }
        atomic_store_explicit(&meeting->sense, *sense, memory_order_release); /* R1 -> A1 */
        return;
    }
    while (atomic_load_explicit(&meeting->sense, memory_order_acquire) != *sense) { /* A1 <- R1 */
        if (spins == SPINS) {
            nanosleep(&nap, NULL);
        } else if (++spins > EAGER_SPINS) {
            cordon_cpu_relax();
        }
    }
}

void meet_in_time(struct meeting *meeting, uint32_t *sense, uint64_t later)
{
    meet(meeting, sense);
    const uint64_t at = meeting->opened + HEADWAY * meeting->ticks + later;
    const uint64_t most = MOST_HEADWAY * meeting->ticks + later;
    uint64_t left;
    do {
        left = at - clock_read(); /* beyond `most` also if it is past */
    } while (left != 0 && left <= most);
}
