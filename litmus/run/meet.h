/* meet.h - how threads come to the same place at the same time. */
#ifndef CORDON_LITMUS_MEET_H
#define CORDON_LITMUS_MEET_H

#include <cordon/cpu.h>

#include <stdbool.h>
#include <stdint.h>

/* Everyone arrives, the last one opens. */
struct meeting {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) arrived;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) sense;
    uint64_t opened; /* when, by the clock; guarded by the meeting */
    unsigned threads;
    bool timed;     /* somebody asks when it was opened */
    uint64_t ticks; /* of the clock, in a microsecond; needed by meet_in_time only */
};

/* meet - wait for all. *sense is the thread's own, at first 0. */
void meet(struct meeting *meeting, uint32_t *sense);

/* meet_in_time - the same, and then wait until a microsecond after the opening, and so many ticks more. The
 * meeting is timed.
 */
void meet_in_time(struct meeting *meeting, uint32_t *sense, uint64_t later);

/* clock_read - the counter that all CPUs have in common, near enough: not ordered with the loads and stores around
 * it.
 */
uint64_t clock_read(void);

/* clock_is_known - has this architecture a clock that a thread can read without asking the kernel? */
bool clock_is_known(void);

/* clock_ticks - in a microsecond, as measured now in a fraction of a millisecond; at least 1. */
uint64_t clock_ticks(void);

#endif
