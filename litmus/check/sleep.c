/* sleep.c - threads that sleep until another one wakes them: what condition variables and futexes
 * have in common.
 *
 * A set of sleepers is a word: a bit for each thread that sleeps, and LOCKED while somebody decides
 * about it. Every change is an atomic event on that word, so any two of them come in some order,
 * and each order is explored. Who is woken, if there is a choice, is a choice of the explorer's:
 * neither POSIX nor the kernel promises that it is the first that came.
 *
 * A woken thread learns of it on a word of its own, to which the waker writes the number of that
 * sleep. No other write could end its wait, so waiting adds no executions. A thread that is to give up (its
 * deadline, or a spurious wake-up) need not enter the set at all: nobody can tell that from being
 * there and never being chosen, and being chosen is what happens when it does not give up.
 */
#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>

#define LOCKED (UINT64_C(1) << 63)

static uint64_t sleeps[MAX_THREADS]; /* so many times each has slept, by fiber_set */
static uint64_t masks[MAX_THREADS];  /* of a futex wait, by fiber_set */
static uint32_t woken[MAX_THREADS];  /* the number of the sleep that ended, by events */

bool sleep_gives_up(uint64_t deadline, uintptr_t pc)
{
    return deadline != NEVER && (instant_past(deadline) || choose(2, pc) == 1);
}

/* One spurious wake-up for each thread: with any number of them a loop that waits would never end. */
bool sleep_early(uintptr_t pc)
{
    if (!options.spurious || LOCALS(woken_early)->woken_early || choose(2, pc) == 0) {
        return false;
    }
    LOCALS(woken_early)->woken_early = true;
    return true;
}

static uint64_t change(uint64_t *set, int op, uint64_t operand, int order, uintptr_t pc)
{
    return ask((struct request){.kind = READ,
                                .op = (uint8_t)op,
                                .operand = operand,
                                .wait = WAIT_MASK_ZERO,
                                .expected = LOCKED,
                                .order = (uint8_t)order,
                                .size = sizeof *set,
                                .address = (uintptr_t)set},
               pc);
}

static void lie_down(uint32_t mask)
{
    fiber_set(&sleeps[running], sleeps[running] + 1);
    fiber_set(&masks[running], mask);
}

void sleep_enter(uint64_t *set, int order, uintptr_t pc)
{
    lie_down(UINT32_MAX);
    change(set, OP_OR, UINT64_C(1) << running, order, pc);
}

void sleep_until_woken(uint64_t deadline, int order, uintptr_t pc)
{
    ask((struct request){.kind = READ,
                         .wait = WAIT_EQUAL,
                         .expected = sleeps[running],
                         .timed = deadline != NEVER,
                         .order = order == RELAXED ? RELAXED : ACQUIRE,
                         .size = sizeof *woken,
                         .address = (uintptr_t)&woken[running]},
        pc);
}

/* At most so many of the candidates, each choice once. */
static uint32_t choose_some(uint32_t candidates, unsigned most, uintptr_t pc)
{
    uint32_t chosen = 0;
    unsigned left = (unsigned)__builtin_popcount(candidates);
    for (int t = 0; most > 0 && left > 0; ++t) {
        if ((candidates >> t & 1) == 0) {
            continue;
        }
        if (left <= most || choose(2, pc) == 0) {
            chosen |= UINT32_C(1) << t;
            --most;
        }
        --left;
    }
    return chosen;
}

unsigned sleep_wake(uint64_t *set, unsigned most, uint32_t mask, int order, uintptr_t pc)
{
    uint32_t chosen = 0;
    if (most >= MAX_THREADS && mask == UINT32_MAX) {
        chosen = (uint32_t)change(set, OP_EXCHANGE, 0, order, pc);
    } else {
        const uint64_t sleepers = change(set, OP_OR, LOCKED, order, pc);
        uint32_t candidates = 0;
        for (int t = 0; t < MAX_THREADS; ++t) {
            if ((sleepers >> t & 1) != 0 && (masks[t] & mask) != 0) {
                candidates |= UINT32_C(1) << t;
            }
        }
        chosen = choose_some(candidates, most, pc);
        put(set, sizeof *set, sleepers & ~(uint64_t)chosen, order == RELAXED ? RELAXED : RELEASE,
            pc);
    }
    for (int t = 0; t < MAX_THREADS; ++t) {
        if ((chosen >> t & 1) != 0) {
            put(&woken[t], sizeof woken[t], sleeps[t], order == RELAXED ? RELAXED : RELEASE, pc);
        }
    }
    return (unsigned)__builtin_popcount(chosen);
}

/* The sets of futexes, by the futex's address: found by hashing, and never given up, so that an
 * address keeps its set however far the execution goes back.
 */
enum { FUTEXES = 4096 };
static uintptr_t futex[FUTEXES];
static uint64_t sleepers_on[FUTEXES];

static uint64_t *sleepers_of(uintptr_t address, uintptr_t pc)
{
    size_t i = (size_t)((uint64_t)address * UINT64_C(0x9E3779B97F4A7C15) >> 52);
    for (size_t tried = 0; tried < FUTEXES; ++tried, i = (i + 1) % FUTEXES) {
        if (futex[i] == 0) {
            futex[i] = address;
        }
        if (futex[i] == address) {
            return &sleepers_on[i];
        }
    }
    fail(FOUND_BOUND, pc, 0, "more than %d futexes", FUTEXES);
    return NULL;
}

/* The kernel compares and goes to sleep in one step, as seen by those who wake: here, while the set
 * is locked.
 */
int sleep_on_futex(uintptr_t address, uint32_t value, uint64_t deadline, uint32_t mask,
                   uintptr_t pc)
{
    uint64_t *set = sleepers_of(address, pc);
    const uint64_t before = change(set, OP_OR, LOCKED, ACQ_REL, pc);
    int error = EAGAIN;
    bool sleeps_now = false;
    if (get((const void *)address, sizeof value, RELAXED, pc) == value) {
        error = sleep_gives_up(deadline, pc) ? ETIMEDOUT : 0;
        sleeps_now = error == 0 && !sleep_early(pc);
    }
    if (sleeps_now) {
        lie_down(mask);
    }
    put(set, sizeof *set, sleeps_now ? before | UINT64_C(1) << running : before, RELEASE, pc);
    if (sleeps_now) {
        sleep_until_woken(deadline, ACQ_REL, pc);
    } else if (error == ETIMEDOUT) {
        instant_reach(deadline);
    }
    return error;
}

unsigned sleep_wake_futex(uintptr_t address, unsigned most, uint32_t mask, uintptr_t pc)
{
    return sleep_wake(sleepers_of(address, pc), most, mask, ACQ_REL, pc);
}
