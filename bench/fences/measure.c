/* measure.c - running the loops against each other.
 *
 * A sample is a pair of blocks run back to back on one pinned thread, one with the fence and one
 * with the compiler barrier, as many rounds each, in random order; the difference is divided by the
 * rounds. What changes slowly (frequency, temperature, neighbours) hits both and cancels. One
 * repetition takes one sample of every fence, in a new random order, so that what changes between
 * repetitions hits all fences alike. A pair during which the thread was preempted is done again.
 */
#define _GNU_SOURCE
#include "fences.h"
#include "cli/cli.h"

#include <errno.h>
#include <pthread.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    LEAST_SAMPLES = 5,
    MOST_RETRIES = 4,
    SHORTEST_BLOCK = 20000,  /* ns: well above the price of reading the clock */
    LONGEST_BLOCK = 1000000, /* ns: well below a time slice */
    DISTURBED = 50000,       /* ns: no single round takes that long by itself */
};

struct bench {
    struct fence_run *run;
    struct fence_context *context;
    struct fence_work *work;
    struct stats_random random;
    uint64_t block;   /* ns, to aim at */
    uint64_t *limits; /* ticks, for each fence */
};

/* ns per round; negative if every round was disturbed. */
static double time_block(struct bench *bench, fence_kernel *kernel, uint64_t rounds)
{
    struct fence_work *work = bench->work;
    kernel(work, rounds / 8 + 1); /* predictors, caches */
    work->ticks = 0;
    work->kept = 0;
    const uint64_t started = cordon_now();
    kernel(work, rounds);
    const uint64_t stopped = cordon_now();
    if (!work->taken) {
        return (double)(stopped - started) / (double)rounds;
    }
    if (work->kept == 0) {
        return -1;
    }
    return (double)work->ticks / (double)work->kept / bench->run->clock.ticks_per_ns;
}

/* How many rounds make a block of the length aimed at. */
static void find_rounds(struct bench *bench, unsigned index)
{
    struct fence_result *result = &bench->context->result[index];
    uint64_t rounds = 16;
    uint64_t took;
    double each;
    bench->work->limit = UINT64_MAX;
    for (;;) {
        const uint64_t started = cordon_now();
        each = time_block(bench, fences[index].with[0], rounds);
        took = cordon_now() - started;
        if (took >= bench->block / 4 || rounds >= UINT64_C(1) << 30) {
            break;
        }
        rounds *= 4;
    }
    result->rounds = (uint64_t)((double)rounds * (double)bench->block / (double)(took + 1));
    if (result->rounds < 16) {
        result->rounds = 16;
    }
    const double limit = each < DISTURBED / 2 ? DISTURBED : each * 4;
    bench->limits[index] = (uint64_t)(limit * bench->run->clock.ticks_per_ns);
}

static void take_sample(struct bench *bench, unsigned index)
{
    const struct fence *fence = &fences[index];
    struct fence_result *result = &bench->context->result[index];
    const unsigned layout = bench->context->repetitions % FENCE_LAYOUTS;
    bench->work->limit = bench->limits[index];
    for (unsigned attempt = 0; attempt <= MOST_RETRIES && !cli_interrupted; ++attempt) {
        const bool with_first = stats_random_below(&bench->random, 2) != 0;
        const long before = bench_preemptions();
        double with = with_first ? time_block(bench, fence->with[layout], result->rounds) : 0;
        const double without = time_block(bench, fence->without[layout], result->rounds);
        if (!with_first) {
            with = time_block(bench, fence->with[layout], result->rounds);
        }
        ++bench->run->blocks;
        if ((bench_preemptions() != before && attempt < MOST_RETRIES) || with < 0 || without < 0) {
            ++bench->run->repeated;
            continue;
        }
        result->with[result->count] = with;
        result->without[result->count] = without;
        result->marginal[result->count] = with - without;
        ++result->count;
        return;
    }
}

static void show_progress(const struct bench *bench, uint64_t started)
{
    const struct fence_run *run = bench->run;
    const unsigned at = (unsigned)(bench->context - run->context);
    const double share = (double)run->time / run->context_count;
    const double left = share * (run->context_count - at) - (double)(cordon_now() - started);
    cli_progress("context %u of %u, repetition %u of %u, about %.0f s left", at + 1,
                 run->context_count, bench->context->repetitions + 1, run->repetitions,
                 left > 0 ? left / 1e9 : 0);
}

static void measure_context(struct bench *bench)
{
    struct fence_run *run = bench->run;
    struct fence_context *context = bench->context;
    unsigned *order = calloc(fence_count, sizeof *order);
    unsigned count = 0;
    const uint64_t started = cordon_now();
    const uint64_t share = run->time / run->context_count;
    if (order == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    bench->work->stores = context->place == FENCE_EMPTY ? 0 : run->stores;
    for (unsigned i = 0; i < fence_count; ++i) {
        if (run->selected[i]) {
            order[count++] = i;
        }
    }
    /* A sample is two blocks, their warm-ups, and now and then a second attempt. */
    bench->block = share / run->repetitions / count / 3;
    bench->block = bench->block < SHORTEST_BLOCK  ? SHORTEST_BLOCK
                   : bench->block > LONGEST_BLOCK ? LONGEST_BLOCK
                                                  : bench->block;
    show_progress(bench, started);
    for (unsigned i = 0; i < count && !cli_interrupted; ++i) {
        find_rounds(bench, order[i]);
    }
    uint64_t shown = started;
    while (context->repetitions < run->repetitions && !cli_interrupted) {
        stats_shuffle(&bench->random, order, count);
        for (unsigned i = 0; i < count && !cli_interrupted; ++i) {
            take_sample(bench, order[i]);
            const uint64_t now = cordon_now();
            if (now - shown > 100000000) {
                show_progress(bench, started);
                shown = now;
            }
        }
        context->repetitions += !cli_interrupted;
        /* On a crowded machine: fewer repetitions rather than a long wait. */
        if (context->repetitions >= LEAST_SAMPLES && cordon_now() - started > share + share / 4) {
            break;
        }
    }
    free(order);
}

static void analyse(struct fence_context *context, unsigned repetitions, double cycle_ns)
{
    double *scratch = calloc(repetitions, sizeof *scratch);
    if (scratch == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    /* Where instructions come to lie decides over a fraction of a cycle, whatever they do. */
    context->resolution = cycle_ns / 2;
    for (unsigned i = 0; i < fence_count; ++i) {
        struct fence_result *result = &context->result[i];
        if (result->count < LEAST_SAMPLES) {
            result->count = 0;
            continue;
        }
        result->interval = stats_bootstrap(result->marginal, result->count, scratch);
        context->done = true;
        /* What costs nothing reads as the error of the method; and so does the nop, unless it reads
         * so much that something else is wrong, which must show.
         */
        const double size = fabs(result->interval.middle);
        if (fences[i].begin == fences[i].end ||
            (fences[i].kind == FENCE_CONTROL && size < 2 * cycle_ns)) {
            context->resolution = size > context->resolution ? size : context->resolution;
        }
    }
    for (unsigned i = 0; i < fence_count; ++i) {
        struct fence_result *result = &context->result[i];
        result->noise = stats_is_noise(result->interval, context->resolution);
    }
    free(scratch);
}

struct partner {
    struct fence_work *work;
    unsigned cpu;
    int error;
    CORDON_ATOMIC(uint32_t) ready;
};

static void *partner_entry(void *opaque)
{
    struct partner *partner = opaque;
    const bool pinned = machine_pin(partner->cpu) == 0;
    partner->error = pinned ? 0 : errno;
    atomic_store_explicit(&partner->ready, 1, memory_order_release); /* R0 -> the wait below */
    cordon_wake_all_u32(&partner->ready);
    if (pinned) {
        fence_partner(partner->work);
    }
    return NULL;
}

/* With the partner running: the pthread calls order what the two share besides the turns. */
static int measure_taken(struct bench *bench)
{
    struct partner partner = {bench->work, bench->context->partner, 0, 0};
    pthread_t thread;
    bench->work->stores = bench->run->stores;
    bench->work->taken = 1;
    atomic_store_explicit(&bench->work->turn.word, FENCE_TURN_PARTNER, memory_order_relaxed);
    const int error = pthread_create(&thread, NULL, partner_entry, &partner);
    if (error != 0) {
        cli_error("cannot start a thread: %s", strerror(error));
        return -1;
    }
    (void)cordon_wait_u32(&partner.ready, 0, CORDON_NEVER);
    if (partner.error == 0) {
        measure_context(bench);
        fence_partner_end(bench->work);
    }
    pthread_join(thread, NULL);
    bench->work->taken = 0;
    if (partner.error != 0) {
        cli_error("cannot pin a thread to CPU %u: %s", partner.cpu, strerror(partner.error));
        return -1;
    }
    return 0;
}

static void allocate(struct fence_context *context, unsigned repetitions)
{
    context->result = calloc(fence_count, sizeof *context->result);
    for (unsigned i = 0; context->result != NULL && i < fence_count; ++i) {
        double *samples = calloc(3 * (size_t)repetitions, sizeof *samples);
        if (samples == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        context->result[i].with = samples;
        context->result[i].without = samples + repetitions;
        context->result[i].marginal = samples + 2 * repetitions;
    }
    if (context->result == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
}

int fences_measure(struct fence_run *run)
{
    struct bench bench = {.run = run};
    int status = 0;
    if (machine_pin(run->context[0].cpu) != 0) {
        cli_error("cannot pin a thread to CPU %u: %s", run->context[0].cpu, strerror(errno));
        return -1;
    }
    run->clock = bench_clock_calibrate();
    bench.work = cordon_aligned_alloc(4096, sizeof *bench.work);
    bench.limits = calloc(fence_count, sizeof *bench.limits);
    if (bench.work == NULL || bench.limits == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(bench.work, 0, sizeof *bench.work); /* by this thread: the pages are near its CPU */
    for (unsigned i = 0; i < run->context_count; ++i) {
        allocate(&run->context[i], run->repetitions);
    }
    for (unsigned i = 0; i < run->context_count && status == 0 && !cli_interrupted; ++i) {
        bench.context = &run->context[i];
        if (bench.context->place == FENCE_TAKEN) {
            status = measure_taken(&bench);
        } else {
            measure_context(&bench);
        }
    }
    cli_progress_clear();
    for (unsigned i = 0; i < run->context_count; ++i) {
        analyse(&run->context[i], run->repetitions, run->clock.cycle_ns);
    }
    free(bench.limits);
    free(bench.work);
    return status;
}

void fences_free(struct fence_run *run)
{
    for (unsigned i = 0; i < run->context_count; ++i) {
        for (unsigned k = 0; run->context[i].result != NULL && k < fence_count; ++k) {
            free(run->context[i].result[k].with);
        }
        free(run->context[i].result);
        run->context[i].result = NULL;
    }
}

bool fences_compare(const struct fence_context *context, struct fence_comparison *comparison)
{
    const struct fence_result *full = NULL;
    const struct fence_result *best = NULL;
    for (unsigned i = 0; context->result != NULL && i < fence_count; ++i) {
        const struct fence_result *result = &context->result[i];
        if (result->count == 0) {
            continue;
        }
        if (strcmp(fences[i].name, FENCE_FULL_NAME) == 0) {
            full = result;
        } else if (fences[i].kind == FENCE_FULL_REFERENCE &&
                   (best == NULL || result->interval.middle < best->interval.middle)) {
            best = result;
            comparison->cheapest = &fences[i];
        }
    }
    if (full == NULL || best == NULL) {
        return false;
    }
    const unsigned count = full->count < best->count ? full->count : best->count;
    double *differences = calloc(2 * (size_t)count, sizeof *differences);
    if (differences == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < count; ++i) {
        differences[i] = full->marginal[i] - best->marginal[i];
    }
    comparison->difference = stats_bootstrap(differences, count, differences + count);
    /* Both costs are known to one resolution, hence their difference to two. */
    comparison->dearer = comparison->difference.low > 2 * context->resolution;
    comparison->cheaper = comparison->difference.high < -2 * context->resolution;
    free(differences);
    return true;
}
