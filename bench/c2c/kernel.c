/* kernel.c - a cache line handed to and fro.
 *
 * One side stores to the line; the other, which has been reading it over and over, sees the new
 * value, and stores its answer to the same line. So each hand-over is what a flag, a lock's word or a
 * ring's index costs between two cores: the reader fetches the line from the writer's cache, then its
 * store takes the line away from there.
 *
 * The wait has no pause in it: a pause (24 ns on some cores) would be part of the figure. Only where
 * the other side seems not to run at all does it begin to yield.
 *
 * This file is compiled with optimisation and without sanitizers in every build.
 */
#include "c2c.h"

#include <cordon/wait.h>

/* Readings before the other side is taken to be off its core: some tens of microseconds. */
enum { PATIENCE = 20000 };

static __attribute__((noinline)) void be_patient(struct c2c_line *line, uint32_t value)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (atomic_load_explicit(&line->word, memory_order_relaxed) != value) {
        cordon_wait_step(&waiter);
    }
}

static inline void await(struct c2c_line *line, uint32_t value)
{
    /* A0 and R0: as a hand-over that means something has them. */
    for (unsigned i = 0;
         atomic_load_explicit(&line->word, memory_order_acquire) != value; /* A0 <- R0 */
         ++i) {
        if (i == PATIENCE) {
            be_patient(line, value);
        }
    }
}

static inline void pass(struct c2c_line *line, uint32_t value)
{
    atomic_store_explicit(&line->word, value, memory_order_release); /* R0 -> A0 */
}

uint32_t c2c_ask(struct c2c_line *line, uint32_t from, uint32_t rounds)
{
    for (; rounds > 0; --rounds, from += 2) {
        pass(line, from + 1);
        await(line, from + 2);
    }
    return from;
}

uint32_t c2c_answer(struct c2c_line *line, uint32_t from, uint32_t rounds)
{
    for (; rounds > 0; --rounds, from += 2) {
        await(line, from + 1);
        pass(line, from + 2);
    }
    return from;
}
