/* pace.c - blocks of a batch that begin at the same moment, by the clock.
 *
 * Problem. Threads that leave a barrier together drift apart: whoever is ahead takes the cache lines that the others
 * want to load, so they wait, and fall behind further. From then on every store has arrived before anyone looks, and
 * nothing weak shows. Meeting more often costs more than what is run in between: a line has to go to and fro.
 *
 * Idea. The clock costs little to read and is the same on all CPUs. So a batch is cut into blocks, short enough for
 * the store buffer, and every thread begins block k at the time opened + (k + 1) * pace. The right pace
 * depends on the machine and the test, and shows itself: if it is too quick, threads come too late for
 * the next block; if it is too slow, time is lost. Measured on two cores of an x86-64 virtual machine on which a
 * line needs 70 to 80 ns from core to core, 1024 instances of store buffering in a batch: without blocks 10 to 15 million
 * weak outcomes a second at most, or 1, according to which thread was ahead; in blocks of 32 or 64, 55 to 105 million,
 * 60 to 90 % of all, with a pace of 200 to 300 ns.
 *
 * A lag keeps the threads apart by a fraction of the pace: R, say, wants a thread that is a little ahead.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

/* In sixteenths of a tick. What a tick is depends on the machine: a fraction of a nanosecond of x86's TSC, 1 to 100 ns
 * elsewhere, where a pace begins short: it is found sooner from below, and one of 50 us a block would take what time a
 * short run has.
 */
#if defined(__x86_64__) || defined(__i386__)
enum { FIRST_PACE16 = 512 * 16 };
#else
enum { FIRST_PACE16 = 8 * 16 };
#endif
enum { LEAST_PACE16 = 16, MOST_PACE16 = 4096 * 16 };

void pace_start(struct shared *shared)
{
    shared->paced = shared->code->mode == LITMUS_ARRAY && shared->code->unit == 0 &&
                    shared->knobs->sync == SYNC_BARRIER && shared->knobs->skew == 0 &&
                    shared->workers > 1 && shared->workers == shared->test->thread_count &&
                    clock_is_known();
    shared->meeting.timed |= shared->paced;
    for (unsigned i = 0; i < PACES; ++i) {
        shared->pace16[i] = FIRST_PACE16;
    }
    shared->favourite[0] = shared->favourite[1] = PACES; /* none yet */
}

/* Later than the meeting's opening, in sixteenths of a tick. */
static uint64_t first_block(const struct shared *shared, const struct plan *plan, unsigned thread)
{
    const uint64_t pace16 = shared->pace16[plan->kind];
    const unsigned after = plan->lag < 0 ? shared->test->thread_count - 1 - thread : thread;
    const unsigned eighths = (unsigned)(plan->lag < 0 ? -plan->lag : plan->lag);
    return pace16 + pace16 * eighths * after / 8;
}

void pace_run(const struct shared *shared, const struct plan *plan, unsigned thread, uint32_t *late)
{
    litmus_thread_code *const code = shared->code->threads[thread];
    const uint64_t opened = shared->meeting.opened, pace16 = shared->pace16[plan->kind];
    uint64_t after16 = first_block(shared, plan, thread);
    struct litmus_batch batch = plan->batch;
    const size_t count = batch.count;
    *late = 0;
    for (size_t from = 0; from < count; from += plan->block) {
        const uint64_t due = opened + after16 / 16;
        uint64_t now = clock_read();
        *late += now > due;
        /* If there is far longer to wait, this CPU's clock is not that of the one that opened. */
        while (now < due && due - now < MOST_PACE16) {
            now = clock_read();
        }
        batch.from = from;
        batch.to = count - from < plan->block ? count : from + plan->block;
        code(&batch);
        after16 += pace16;
    }
}

/* Most weak outcomes a second were seen when each thread came too late for 5 to 15 % of the blocks. */
void pace_adjust(struct shared *shared, const struct plan *plan)
{
    const size_t blocks = (plan->batch.count + plan->block - 1) / plan->block;
    uint32_t *pace16 = &shared->pace16[plan->kind], late = 0;
    for (unsigned i = 0; i < shared->workers; ++i) {
        late = shared->worker[i].late > late ? shared->worker[i].late : late;
    }
    if (late > blocks / 2) {
        *pace16 += *pace16 / 8;
    } else if (late > blocks / 10) {
        *pace16 += *pace16 / 32 + 1;
    } else {
        *pace16 -= *pace16 / 64 + 1;
    }
    *pace16 = *pace16 < LEAST_PACE16 ? LEAST_PACE16 : *pace16 > MOST_PACE16 ? MOST_PACE16 : *pace16;
}
