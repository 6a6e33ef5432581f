/* measure.c - running the loops against each other.
 *
 * A sample is a pair of blocks run back to back on one pinned thread, one with the fence and one
 * with the compiler barrier, as many rounds each, in random order; the difference is divided by the
 * rounds. What changes slowly (frequency, temperature, neighbours) hits both and cancels. One
 * repetition takes one sample of every fence in every context that needs the same other threads, in a
 * new random order, so that what changes between repetitions hits all of them alike. A pair during
 * which a thread was preempted is done again.
 */
#define _GNU_SOURCE
#include "fences.h"
#include "cli/cli.h"
#include "machine/disturbance.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    LEAST_SAMPLES = 5,
    MOST_RETRIES = 4,
    SHORTEST_BLOCK = 20000,  /* ns: well above the price of reading the clock */
    LONGEST_BLOCK = 1000000, /* ns: well below a time slice */
    CROWD_TURN = 20000,      /* ns: how often the others look whether they are to go on */
    DISTURBED = 50000,       /* ns: no single round takes that long by itself */
};

/* One fence in one context. */
struct cell {
    struct fence_context *context;
    unsigned fence;
};

struct bench {
    struct fence_run *run;
    struct fence_work *work;
    struct fence_crowd *crowd; /* of the other CPUs, while all fence */
    struct stats_random random;
    struct cell *cell; /* of the group at hand */
    unsigned cells;
    uint64_t block; /* ns, to aim at */
    long preempted; /* how often another thread was, in the block */
};

uint64_t fences_share(const struct fence_run *run, double weight)
{
    const uint64_t elapsed = cordon_now() - run->started;
    const double left = elapsed < run->time ? (double)(run->time - elapsed) : 0;
    return (uint64_t)(left * weight / (run->weight - run->spent));
}

void fences_progress(const struct fence_run *run, const char *what)
{
    static uint64_t shown;
    const uint64_t now = cordon_now(), elapsed = now - run->started;
    if (now - shown > 100000000) {
        shown = now;
        cli_progress("%s, about %.0f s left", what,
                     elapsed < run->time ? (double)(run->time - elapsed) / 1e9 : 0);
    }
}

/* ns per round; negative if every round was disturbed. */
static double time_block(struct bench *bench, fence_kernel *kernel, uint64_t rounds)
{
    struct fence_work *work = bench->work;
    if (bench->crowd != NULL) {
        fence_crowd_run(bench->crowd, UINT_MAX, work->stores, kernel,
                        rounds / (bench->block / CROWD_TURN) + 1);
    }
    kernel(work, rounds / 8 + 1); /* predictors, caches */
    work->ticks = 0;
    work->kept = 0;
    const uint64_t started = cordon_now();
    kernel(work, rounds);
    const uint64_t stopped = cordon_now();
    if (bench->crowd != NULL) {
        bench->preempted += fence_crowd_stop(bench->crowd);
    }
    if (!work->taken) {
        return (double)(stopped - started) / (double)rounds;
    }
    if (work->kept == 0) {
        return -1;
    }
    return (double)work->ticks / (double)work->kept / bench->run->clock.ticks_per_ns;
}

static struct fence_result *prepare(const struct bench *bench, const struct cell *cell)
{
    const struct fence_context *context = cell->context;
    struct fence_work *work = bench->work;
    if (work->taken) {
        fence_partner_pause(work);
    }
    work->stores = context->place == FENCE_LOADS ? 0 : context->count;
    work->loads = context->place == FENCE_LOADS ? context->count : 0;
    return &cell->context->result[cell->fence];
}

/* How many rounds make a block of the length aimed at. */
static void find_rounds(struct bench *bench, const struct cell *cell)
{
    struct fence_result *result = prepare(bench, cell);
    uint64_t rounds = 4, took;
    double each;
    bench->work->limit = UINT64_MAX;
    do {
        /* The shorter of two: the first may have met code and data that were never touched. */
        rounds *= 4;
        took = UINT64_MAX;
        for (unsigned trial = 0; trial < 2; ++trial) {
            const uint64_t started = cordon_now();
            each = time_block(bench, fences[cell->fence].with[0], rounds);
            const uint64_t elapsed = cordon_now() - started;
            took = elapsed < took ? elapsed : took;
        }
    } while (took < bench->block / 4 && rounds < UINT64_C(1) << 30);
    result->rounds = (uint64_t)((double)rounds * (double)bench->block / (double)(took + 1));
    if (result->rounds < 16) {
        result->rounds = 16;
    }
    const double limit = each < DISTURBED / 2 ? DISTURBED : each * 4;
    result->limit = (uint64_t)(limit * bench->run->clock.ticks_per_ns);
}

static void take_sample(struct bench *bench, const struct cell *cell)
{
    const struct fence *fence = &fences[cell->fence];
    struct fence_result *result = prepare(bench, cell);
    const unsigned layout = cell->context->repetitions % FENCE_LAYOUTS;
    bench->work->limit = result->limit;
    for (unsigned attempt = 0; attempt <= MOST_RETRIES && !cli_interrupted; ++attempt) {
        const bool with_first = stats_random_below(&bench->random, 2) != 0;
        const long before = machine_preemptions();
        bench->preempted = 0;
        double with = with_first ? time_block(bench, fence->with[layout], result->rounds) : 0;
        const double without = time_block(bench, fence->without[layout], result->rounds);
        if (!with_first) {
            with = time_block(bench, fence->with[layout], result->rounds);
        }
        ++bench->run->blocks;
        const bool disturbed = machine_preemptions() != before || bench->preempted != 0;
        if ((disturbed && attempt < MOST_RETRIES) || with < 0 || without < 0) {
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

/* Contexts that can be measured in turn, since they need the same other threads. */
static bool together(const struct fence_context *a, const struct fence_context *b)
{
    if (a->place == FENCE_TAKEN || a->place == FENCE_ALL) {
        return a->place == b->place && a->partner == b->partner;
    }
    return b->place != FENCE_TAKEN && b->place != FENCE_ALL;
}

static const char *describe(const struct fence_context *context, char *text, size_t size)
{
    if (context->place == FENCE_TAKEN) {
        snprintf(text, size, "lines that CPU %u owns", context->partner);
    } else {
        snprintf(text, size, context->place == FENCE_ALL ? "all CPUs at once" : "one CPU alone");
    }
    return text;
}

static void measure_group(struct bench *bench)
{
    struct fence_run *run = bench->run;
    const unsigned cells = bench->cells;
    struct fence_context *first = bench->cell[0].context;
    unsigned *order = calloc(cells, sizeof *order);
    const uint64_t started = cordon_now(), share = fences_share(run, cells);
    char who[64], what[128];
    unsigned done = 0;
    if (order == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    /* A sample is two blocks, their warm-ups, and now and then a second attempt. */
    bench->block = share / run->repetitions / cells / 3;
    bench->block = bench->block < SHORTEST_BLOCK  ? SHORTEST_BLOCK
                   : bench->block > LONGEST_BLOCK ? LONGEST_BLOCK
                                                  : bench->block;
    describe(first, who, sizeof who);
    snprintf(what, sizeof what, "%s: finding the length of a block", who);
    for (unsigned i = 0; i < cells && !cli_interrupted; ++i) {
        order[i] = i;
        fences_progress(run, what);
        find_rounds(bench, &bench->cell[i]);
    }
    while (done < run->repetitions && !cli_interrupted) {
        snprintf(what, sizeof what, "%s: repetition %u of %u", who, done + 1, run->repetitions);
        stats_shuffle(&bench->random, order, cells);
        for (unsigned i = 0; i < cells && !cli_interrupted; ++i) {
            take_sample(bench, &bench->cell[order[i]]);
            fences_progress(run, what);
        }
        done += !cli_interrupted;
        for (unsigned i = 0; i < cells; ++i) {
            bench->cell[i].context->repetitions = done;
        }
        /* On a crowded machine: fewer repetitions rather than a long wait. */
        if (done >= LEAST_SAMPLES && cordon_now() - started > share) {
            break;
        }
    }
    free(order);
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
    struct partner partner = {bench->work, bench->cell[0].context->partner, 0, 0};
    pthread_t thread;
    bench->work->taken = 1;
    atomic_store_explicit(&bench->work->turn.word, FENCE_TURN_PARTNER, memory_order_relaxed);
    const int error = pthread_create(&thread, NULL, partner_entry, &partner);
    if (error != 0) {
        bench->work->taken = 0;
        cli_error("cannot start a thread: %s", strerror(error));
        return -1;
    }
    (void)cordon_wait_u32(&partner.ready, 0, CORDON_NEVER);
    if (partner.error == 0) {
        measure_group(bench);
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

/* With all other CPUs running the same loops. */
static int measure_all(struct bench *bench)
{
    const struct fence_run *run = bench->run;
    unsigned *cpu = calloc(run->machine.cpu_count, sizeof *cpu);
    unsigned count = 0;
    for (unsigned i = 0; cpu != NULL && i < run->machine.cpu_count; ++i) {
        if (run->machine.cpu[i].os != run->cpu->os) {
            cpu[count++] = run->machine.cpu[i].os;
        }
    }
    bench->crowd = fence_crowd_start(cpu, count);
    free(cpu);
    if (bench->crowd == NULL) {
        return -1;
    }
    measure_group(bench);
    fence_crowd_end(bench->crowd);
    bench->crowd = NULL;
    return 0;
}

static void allocate(struct fence_context *context, unsigned repetitions)
{
    context->result = calloc(fence_count, sizeof *context->result);
    for (unsigned i = 0; context->result != NULL && i < fence_count; ++i) {
        double *samples =
            context->rows[i] ? calloc(3 * (size_t)repetitions, sizeof *samples) : NULL;
        if (samples == NULL && context->rows[i]) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        context->result[i].with = samples;
        context->result[i].without = samples != NULL ? samples + repetitions : NULL;
        context->result[i].marginal = samples != NULL ? samples + 2 * (size_t)repetitions : NULL;
    }
    if (context->result == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
}

/* What the loads miss in: four times the largest cache that is a core's own, as far as that is known.
 * Touched by this thread, and no more than that, since address translation is to miss as little as
 * can be.
 */
static void *allocate_far(struct fence_run *run, struct fence_work *work)
{
    size_t bytes = (size_t)4 << 20;
    for (unsigned i = 0; i < run->machine.cache_count; ++i) {
        const struct machine_cache *cache = &run->machine.cache[i];
        while (cache->kind != 'i' && cache->level <= 2 && bytes < 4 * cache->bytes &&
               bytes < (size_t)64 << 20) {
            bytes *= 2;
        }
    }
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    (void)madvise(memory, bytes, MADV_HUGEPAGE);
    memset(memory, 1, bytes);
    run->far_bytes = bytes;
    work->far = memory;
    work->far_mask = bytes / sizeof(struct fence_word) - 1;
    return memory;
}

/* Every group of contexts in turn. */
static int measure_groups(struct bench *bench)
{
    struct fence_run *run = bench->run;
    int status = 0;
    for (unsigned c = 0; c < run->context_count && status == 0 && !cli_interrupted; ++c) {
        bool begun = false;
        for (unsigned before = 0; before < c; ++before) {
            begun |= together(&run->context[c], &run->context[before]);
        }
        bench->cells = 0;
        for (unsigned i = c; i < run->context_count && !begun; ++i) {
            for (unsigned k = 0; together(&run->context[c], &run->context[i]) && k < fence_count;
                 ++k) {
                if (run->context[i].rows[k]) {
                    bench->cell[bench->cells++] = (struct cell){&run->context[i], k};
                }
            }
        }
        if (bench->cells == 0) {
            continue;
        }
        if (run->context[c].place == FENCE_TAKEN) {
            status = measure_taken(bench);
        } else if (run->context[c].place == FENCE_ALL) {
            status = measure_all(bench);
        } else {
            measure_group(bench);
        }
        run->spent += bench->cells;
    }
    return status;
}

/* The shares of the sections that are no tables of fences, in cells of one. */
enum { MEMBARRIER_WEIGHT = 30, EFFECT_WEIGHT = 100 };

int fences_measure(struct fence_run *run)
{
    struct bench bench = {.run = run};
    void *far = NULL;
    unsigned cells = 0;
    if (machine_pin(run->cpu->os) != 0) {
        cli_error("cannot pin a thread to CPU %u: %s", run->cpu->os, strerror(errno));
        return -1;
    }
    run->clock = bench_clock_calibrate();
    bench.work = cordon_aligned_alloc(4096, sizeof *bench.work);
    if (bench.work == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(bench.work, 0, sizeof *bench.work); /* by this thread: the pages are near its CPU */
    for (unsigned i = 0; i < run->context_count; ++i) {
        allocate(&run->context[i], run->repetitions);
        for (unsigned k = 0; k < fence_count; ++k) {
            cells += run->context[i].rows[k];
        }
        if (run->context[i].place == FENCE_LOADS && far == NULL) {
            far = allocate_far(run, bench.work);
        }
    }
    bench.cell = calloc(cells + 1, sizeof *bench.cell);
    if (bench.cell == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    run->weight = cells + (run->part[FENCE_MEMBARRIER] ? MEMBARRIER_WEIGHT : 0) +
                  EFFECT_WEIGHT * run->effect_count;
    run->started = cordon_now();
    int status = measure_groups(&bench);
    if (status == 0 && run->part[FENCE_MEMBARRIER] && !cli_interrupted) {
        status = fences_membarrier(run, fences_share(run, MEMBARRIER_WEIGHT));
        run->spent += MEMBARRIER_WEIGHT;
    }
    for (unsigned i = 0; i < run->effect_count && status == 0 && !cli_interrupted; ++i) {
        status = fences_effect(run, &run->effect[i], fences_share(run, EFFECT_WEIGHT));
        run->spent += EFFECT_WEIGHT;
    }
    cli_progress_clear();
    fences_analyse(run);
    if (far != NULL) {
        munmap(far, run->far_bytes);
    }
    free(bench.cell);
    free(bench.work);
    return status;
}
