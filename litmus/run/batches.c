/* batches.c - what each worker does, batch after batch.
 *
 * A worker is a thread of the operating system, and plays one thread of the test; or, if there are fewer CPUs than
 * threads, several: then a bit of one's instances and a bit of another's by turns, as long or short as chance will
 * have it. That is a legal way to run them, for nothing orders one thread of a test with another, and needs no help
 * of the scheduler's. But a store that waits in the CPU's buffer is seen by the CPU's own loads before all others,
 * and another thread of the test must not profit from that: between two there is a full fence, as there is one in
 * the scheduler's. (Without it IRIW shows what x86 never does.) A client's threads wait for each other, so each of them is a worker.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include "machine/disturbance.h"
#include "machine/machine.h"

#include <cordon/wait.h>

#include <string.h>

/* A client's next batch is larger if this one took less than QUICK ns, smaller if more than SLOW. A clock
 * read costs little beside a batch.
 */
enum { QUICK = 500000, SLOW = 5000000 };

/* A bit is up to 32 instances, in each batch up to another power of two: where the threads that two CPUs play
 * change often, stores of several are on their way at the same time, and weak outcomes are ten times as frequent as
 * with hundreds in a bit. With a delay before each they are short.
 */
enum { BITS = 6, DELAYED_BIT = 3 }; /* powers of two */

/* Nobody would read more states than these. */
enum { MOST_OTHERS = 10000 };

static void add_other(void *context, const int64_t *state)
{
    struct worker *me = context;
    if (me->others.count >= MOST_OTHERS) {
        me->overrun = true;
    } else if (!outcome_add(&me->others, state, 1)) {
        me->out_of_memory = true;
    }
    me->other_weak += outcome_is_weak(me->shared->test, state);
}

/* The worker's slice of the instances. */
static size_t slice(const struct worker *me, const struct litmus_batch *batch, unsigned more)
{
    return batch->count * (me->index + more) / me->shared->workers;
}

static void reset(const struct worker *me, const struct plan *plan)
{
    const struct shared *shared = me->shared;
    const struct litmus_batch *batch = &plan->batch;
    for (unsigned i = 0; i < shared->test->location_count; ++i) {
        if (!plan->by_loader) {
            shared->code->reset(batch, i, slice(me, batch, 0), slice(me, batch, 1));
        } else if (plan->player[shared->loader[i]] == me->index) {
            shared->code->reset(batch, i, 0, batch->count);
        }
    }
}

/* The weak outcomes that this worker has counted so far. */
static uint64_t weak_so_far(const struct worker *me)
{
    const struct shared *shared = me->shared;
    uint64_t sum = me->other_weak;
    for (size_t i = 0; i < shared->weak_keys; ++i) {
        sum += me->table[shared->weak_key[i]];
    }
    return sum;
}

uint64_t batches_hits(const struct worker *me)
{
    const struct shared *shared = me->shared;
    return shared->code->mode == LITMUS_PERPETUAL ? me->table[table_size(shared)] : weak_so_far(me);
}

/* When was the first seen? It is looked for now and then, more seldom where there are many keys to look at. */
enum { LOOKS = 16, KEYS = 64 };

static void look_for_first(struct worker *me, uint64_t n)
{
    if (me->first == 0 && n % (LOOKS + me->shared->weak_keys / KEYS) == 0 && weak_so_far(me) != 0) {
        me->first = cordon_now();
    }
}

static void score(struct score *to, uint64_t instances, uint64_t weak)
{
    to->instances += instances;
    to->weak += weak;
}

static void count(struct worker *me, const struct plan *plan)
{
    const struct shared *shared = me->shared;
    const size_t from = slice(me, &plan->batch, 0), to = slice(me, &plan->batch, 1);
    const uint64_t before = me->scores != NULL ? weak_so_far(me) : 0;
    shared->code->count(&plan->batch, from, to, me->table, add_other, me);
    look_for_first(me, plan->number);
    if (me->scores == NULL) {
        return;
    }
    const uint64_t weak = weak_so_far(me) - before, instances = to - from;
    score(&me->scores->lines[plan->lines], instances, weak);
    score(&me->scores->player[plan->player[0]], instances, weak);
    for (unsigned t = 0; t < shared->test->thread_count; ++t) {
        for (unsigned l = 0; l < shared->test->location_count; ++l) {
            const enum cache_step step = cache_step_of(shared, plan->number, t, l);
            score(&me->scores->cache[t][l][step], instances, weak);
        }
    }
}

static void delay(struct chance *chance, unsigned most)
{
    for (uint32_t left = chance_below(chance, most + 1); left > 0; --left) {
        __asm__ __volatile__("" ::: "memory");
    }
}

/* One or several threads of the test, a bit of each by turns. */
static void play(struct worker *me, const struct plan *plan, struct chance *chance)
{
    const struct shared *shared = me->shared;
    const unsigned skew = shared->knobs->skew;
    const unsigned most_bit = skew != 0 ? DELAYED_BIT : chance_below(chance, BITS);
    unsigned char mine[LITMUS_MOST_THREADS];
    size_t done[LITMUS_MOST_THREADS];
    unsigned playing = 0, last = LITMUS_MOST_THREADS;
    struct litmus_batch batch = plan->batch;
    for (unsigned t = 0; t < shared->test->thread_count; ++t) {
        if (plan->player[t] == me->index) {
            done[playing] = 0;
            mine[playing++] = (unsigned char)t;
        }
    }
    if (playing == 1 && (skew == 0 || shared->code->unit != 0)) {
        delay(chance, skew);
        if (plan->block != 0) {
            pace_run(shared, plan, mine[0], &me->late);
        } else {
            shared->code->threads[mine[0]](&batch);
        }
        return;
    }
    while (playing > 0) {
        const uint32_t at = chance_below(chance, playing);
        const size_t bit = (size_t)1 << chance_below(chance, most_bit + 1);
        batch.from = done[at];
        batch.to = batch.count - batch.from > bit ? batch.from + bit : batch.count;
        delay(chance, skew);
        if (mine[at] != last) {
            atomic_thread_fence(
                memory_order_seq_cst); /* the last one's stores are all others' now */
            last = mine[at];
        }
        shared->code->threads[mine[at]](&batch);
        done[at] = batch.to;
        if (batch.to == batch.count) {
            --playing;
            done[at] = done[playing];
            mine[at] = mine[playing];
        }
    }
}

static void prepare(const struct worker *me, const struct plan *plan)
{
    for (unsigned t = 0; t < me->shared->test->thread_count; ++t) {
        if (plan->player[t] == me->index) {
            cache_prepare(me->shared, plan, t);
        }
    }
}

/* Never before the first batch, however little time there was: no outcome at all would agree with
 * every forall. A look at the clock costs little beside a batch that is a client's, or has many instances: with a
 * delay before each, it may take seconds.
 */
enum { MANY = 8192 };

static bool is_over(const struct shared *shared)
{
    const atomic_int *stop = shared->options->stop;
    if (shared->batches == 0) {
        return false;
    }
    return (stop != NULL && atomic_load_explicit(stop, memory_order_relaxed) != 0) ||
           ((shared->code->unit != 0 || shared->count >= MANY || shared->batches % 8 == 0) &&
            cordon_now() >= shared->end);
}

/* Worker 0, when all threads have come to the end of a client's batch: how large is the next to be? By
 * the time that the slowest needed itself; that others do not run is no matter of the batch's size.
 */
static void resize(struct shared *shared)
{
    uint64_t took = 0;
    for (unsigned i = 0; i < shared->workers; ++i) {
        took = shared->worker[i].took > took ? shared->worker[i].took : took;
    }
    if (took > SLOW && shared->count > 1) {
        shared->count /= 2;
    } else if (took < QUICK && shared->count < shared->most) {
        shared->count = 2 * shared->count < shared->most ? 2 * shared->count : shared->most;
    }
}

static void move(struct worker *me, uint64_t n, unsigned *cpu)
{
    if (n % place_stay(me->shared) == 0) {
        const unsigned wanted = place_cpu(me->shared, me->index, n);
        if (wanted != *cpu) {
            const long before = machine_preemptions();
            me->unpinned = machine_pin(wanted) != 0 || me->unpinned;
            me->switches += machine_preemptions() - before; /* these it asked for */
        }
        *cpu = wanted;
    }
}

/* Worker 0, when all are up: on a busy machine that takes a while. */
static void start_clock(struct shared *shared)
{
    shared->start = cordon_now();
    shared->end = shared->start + shared->options->nanoseconds;
    blocks_begin(shared);
}

static void account(struct worker *me, const struct plan *plan)
{
    if (me->index == 0) {
        ++me->shared->batches;
        me->shared->total += plan->batch.count;
    }
}

static struct chance chance_of_worker(const struct worker *me)
{
    return chance_of(me->shared->knobs->seed, CHANCE_RUN, me->index);
}

/* Reset, meet, run, meet, count. */
static void run_meeting(struct worker *me)
{
    struct shared *shared = me->shared;
    const bool client = shared->code->unit != 0;
    const bool timed = shared->knobs->sync == SYNC_TIMEBASE;
    struct chance chance = chance_of_worker(me);
    const uint32_t apart = (uint32_t)(shared->meeting.ticks / 16) + 1; /* some nanoseconds */
    struct plan plan;
    unsigned cpu = ~0u;
    uint64_t counting = 0;
    uint32_t sense = 0;
    for (uint64_t n = 0;; ++n) {
        plan_make(shared, n, &plan);
        move(me, n, &cpu);
        const uint64_t before = client ? cordon_now() : 0;
        reset(me, &plan);
        const uint64_t resetting = client ? cordon_now() - before : 0;
        prepare(me, &plan);
        if (me->index == 0) {
            shared->stop[0] = is_over(shared);
            blocks_decide(shared, 0, shared->stop[0]);
        }
        if (timed) {
            meet_in_time(&shared->meeting, &sense, chance_below(&chance, apart));
        } else {
            meet(&shared->meeting, &sense);
        }
        blocks_follow(me, 0);
        if (shared->stop[0]) {
            return;
        }
        if (me->index == 0 && n == 0) {
            start_clock(shared);
        }
        const uint64_t began = client ? cordon_now() : 0;
        play(me, &plan, &chance);
        me->took = client ? counting + resetting + cordon_now() - began : 0;
        account(me, &plan);
        if (plan_ends_round(shared, n)) {
            me->weak = weak_so_far(me);
        }
        meet(&shared->meeting, &sense);
        const uint64_t ended = client ? cordon_now() : 0;
        count(me, &plan);
        counting = client ? cordon_now() - ended : 0;
        if (client && me->index == 0) {
            resize(shared);
        }
        if (me->index == 0) {
            if (plan.block != 0) {
                pace_adjust(shared, &plan);
            }
            if (plan_ends_round(shared, n)) {
                plan_favour(shared, &plan);
            }
        }
        /* Whoever resets next must not do so under another's eyes. */
        if (shared->observes_memory) {
            meet(&shared->meeting, &sense);
        }
    }
}

/* Nobody waits between a reset and a run. Three batches are in work, in memory of their own: between two meetings
 * each worker counts its slice of the last one, resets its part of the next, and runs its part of this one, as soon
 * as it comes to it. All have reset this one before the meeting, and have counted what was there before.
 */
static void run_on(struct worker *me)
{
    struct shared *shared = me->shared;
    struct chance chance = chance_of_worker(me);
    struct plan plan[SETS];
    unsigned cpu = ~0u;
    uint32_t sense = 0;
    move(me, 0, &cpu);
    plan_make(shared, 0, &plan[0]);
    reset(me, &plan[0]);
    for (uint64_t n = 0;; ++n) {
        const struct plan *now = &plan[n % SETS];
        struct plan *next = &plan[(n + 1) % SETS];
        if (me->index == 0) {
            shared->stop[n % 2] = is_over(shared);
            blocks_decide(shared, n % 2, shared->stop[n % 2]);
        }
        meet(&shared->meeting, &sense);
        const bool stop = shared->stop[n % 2];
        blocks_follow(me, n % 2);
        if (me->index == 0 && n == 0) {
            start_clock(shared);
        }
        if (n > 0) {
            count(me, &plan[(n + SETS - 1) % SETS]);
        }
        if (stop) {
            return;
        }
        move(me, n, &cpu);
        plan_make(shared, n + 1, next);
        reset(me, next);
        prepare(me, now);
        play(me, now, &chance);
        account(me, now);
    }
}

void batches_run(struct worker *me)
{
    me->switches = machine_preemptions();
    if (me->shared->knobs->sync == SYNC_NONE && me->shared->code->unit == 0) {
        run_on(me);
    } else {
        run_meeting(me);
    }
}
