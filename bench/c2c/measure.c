/* measure.c - every pair of CPUs, in turn.
 *
 * A sample is one block: two threads, pinned to the two CPUs, hand a line to and fro for as many
 * rounds as fill a tenth of a millisecond or so. The line is drawn at random for each block, from all
 * NUMA nodes in turn: where a line lies decides which part of the last-level cache keeps its state,
 * and that can be half of the figure. One repetition takes one block of every pair, in a new random
 * order, so that what changes slowly hits all pairs alike. A block during which one of the threads
 * was preempted is done again.
 */
#define _GNU_SOURCE
#include "c2c.h"
#include "cli/cli.h"
#include "machine/disturbance.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    LEAST_SAMPLES = 5,
    MOST_RETRIES = 4,
    SHORTEST_BLOCK = 20000, /* ns: well above the price of reading the clock */
    LONGEST_BLOCK = 250000, /* ns: both threads must keep their cores for so long */
    FEWEST_ROUNDS = 64,
    MOST_ROUNDS = 1 << 20,
    PAGE = 4096,
};

/* What the second thread is told, and what it answers. */
struct partner {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) orders;  /* how many were given */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) reports; /* two for each order */
    CORDON_ALIGNED(CORDON_LINE) bool end;
    unsigned cpu;
    struct c2c_line *line;
    uint32_t warm, rounds;
    int error; /* the first report: why it could not be pinned, or 0 */
    long preemptions;
    pthread_t thread;
};

struct bench {
    struct c2c_run *run;
    struct partner *partner;
    unsigned char *arena[C2C_MOST_HOMES];
    struct stats_random random;
    uint64_t block; /* ns, to aim at */
    uint64_t started, shown;
};

static void tell(CORDON_ATOMIC(uint32_t) * count)
{
    const uint32_t told = atomic_load_explicit(count, memory_order_relaxed);
    atomic_store_explicit(count, told + 1, memory_order_release); /* R1 -> A1 */
    cordon_wake_all_u32(count);
}

/* Wait until it is other than it was. */
static void hear(CORDON_ATOMIC(uint32_t) * count, uint32_t was)
{
    while (atomic_load_explicit(count, memory_order_acquire) == was) { /* A1 <- R1 */
        (void)cordon_wait_u32(count, was, CORDON_NEVER);
    }
}

static void *partner_entry(void *opaque)
{
    struct partner *partner = opaque;
    for (uint32_t order = 0;; ++order) {
        hear(&partner->orders, order);
        if (partner->end) {
            return NULL;
        }
        partner->error = machine_pin(partner->cpu) == 0 ? 0 : errno;
        const bool pinned = partner->error == 0;
        tell(&partner->reports);
        if (pinned) {
            const uint32_t at = c2c_answer(partner->line, 0, partner->warm);
            const long before = machine_preemptions();
            (void)c2c_answer(partner->line, at, partner->rounds);
            partner->preemptions = machine_preemptions() - before;
        }
        tell(&partner->reports);
    }
}

/* One block. *ns is half a round trip; *clean: nobody was preempted. */
static int time_block(struct bench *bench, const struct c2c_pair *pair, struct c2c_line *line,
                      double *ns, bool *clean)
{
    struct partner *partner = bench->partner;
    const uint32_t report = atomic_load_explicit(&partner->reports, memory_order_relaxed);
    partner->cpu = pair->b->os;
    partner->line = line;
    partner->warm = pair->rounds / 8 + 1;
    partner->rounds = pair->rounds;
    atomic_store_explicit(&line->word, 0, memory_order_relaxed);
    tell(&partner->orders);
    const int error = machine_pin(pair->a->os) == 0 ? 0 : errno;
    hear(&partner->reports, report);
    const int theirs = partner->error;
    if (error == 0 && theirs == 0) {
        const uint32_t at = c2c_ask(line, 0, partner->warm);
        const long before = machine_preemptions();
        const uint64_t started = cordon_now();
        (void)c2c_ask(line, at, partner->rounds);
        const uint64_t stopped = cordon_now();
        *clean = machine_preemptions() == before;
        *ns = (double)(stopped - started) / partner->rounds / 2;
    } else if (theirs == 0) {
        /* The partner must not wait for what will never come. */
        (void)c2c_ask(line, 0, partner->warm + partner->rounds);
    }
    hear(&partner->reports, report + 1);
    *clean = *clean && partner->preemptions == 0;
    if (error != 0 || theirs != 0) {
        cli_progress_clear();
        cli_error("cannot pin a thread to CPU %u: %s", error ? pair->a->os : pair->b->os,
                  strerror(error ? error : theirs));
        return -1;
    }
    return 0;
}

static struct c2c_line *line_of(const struct bench *bench, const struct c2c_sample *sample)
{
    const size_t in_page = sample->line % (PAGE / sizeof(struct c2c_line));
    return (struct c2c_line *)(void *)(bench->arena[sample->home] + (size_t)sample->line * PAGE +
                                       in_page * sizeof(struct c2c_line));
}

static int take_sample(struct bench *bench, struct c2c_pair *pair)
{
    struct c2c_run *run = bench->run;
    struct c2c_sample *sample = &pair->sample[pair->count];
    for (unsigned attempt = 0; attempt <= MOST_RETRIES && !cli_interrupted; ++attempt) {
        bool clean = false;
        sample->line = stats_random_below(&bench->random, C2C_LINES);
        sample->home = run->done % run->home_count;
        if (time_block(bench, pair, line_of(bench, sample), &sample->ns, &clean) != 0) {
            return -1;
        }
        ++run->blocks;
        if (clean || attempt == MOST_RETRIES) {
            ++pair->count;
            return 0;
        }
        ++run->repeated;
    }
    return 0;
}

/* How many rounds make a block of the length aimed at: what a first, short one took tells. */
static int find_rounds(struct bench *bench, struct c2c_pair *pair)
{
    pair->rounds = FEWEST_ROUNDS;
    if (take_sample(bench, pair) != 0) {
        return -1;
    }
    const double rounds = (double)bench->block / (2 * pair->sample[0].ns + 0.1);
    pair->rounds = rounds < FEWEST_ROUNDS ? FEWEST_ROUNDS
                   : rounds > MOST_ROUNDS ? MOST_ROUNDS
                                          : (uint32_t)rounds;
    pair->count = 0;
    return 0;
}

static void show_progress(struct bench *bench)
{
    const struct c2c_run *run = bench->run;
    const uint64_t now = cordon_now();
    if (now - bench->shown < 100000000) {
        return;
    }
    bench->shown = now;
    /* Either the time or the repetitions end it, whichever comes first. */
    const double passed = (double)(now - bench->started);
    const double by_time = (double)run->time - passed;
    const double by_count =
        run->done > 0 ? passed / run->done * (run->repetitions - run->done) : by_time;
    const double left = by_count < by_time ? by_count : by_time;
    cli_progress("%u pairs, repetition %u of %u, about %.0f s left", run->pair_count, run->done + 1,
                 run->repetitions, left > 0 ? left / 1e9 : 0);
}

static int measure(struct bench *bench)
{
    struct c2c_run *run = bench->run;
    unsigned *order = calloc(run->pair_count, sizeof *order);
    if (order == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    int status = 0;
    bench->started = cordon_now();
    /* Beside the block there are its warm-up, two threads to move, now and then a repetition. */
    bench->block = run->time / run->repetitions / run->pair_count / 3;
    bench->block = bench->block < SHORTEST_BLOCK  ? SHORTEST_BLOCK
                   : bench->block > LONGEST_BLOCK ? LONGEST_BLOCK
                                                  : bench->block;
    for (unsigned i = 0; i < run->pair_count && status == 0 && !cli_interrupted; ++i) {
        order[i] = i;
        status = find_rounds(bench, &run->pair[i]);
        show_progress(bench);
    }
    while (run->done < run->repetitions && status == 0 && !cli_interrupted) {
        stats_shuffle(&bench->random, order, run->pair_count);
        for (unsigned i = 0; i < run->pair_count && status == 0 && !cli_interrupted; ++i) {
            status = take_sample(bench, &run->pair[order[i]]);
            show_progress(bench);
        }
        run->done += !cli_interrupted;
        if (run->done >= LEAST_SAMPLES && cordon_now() - bench->started > run->time) {
            break;
        }
    }
    free(order);
    return status;
}

static void analyse(struct c2c_run *run)
{
    double *samples = calloc(2 * (size_t)run->repetitions, sizeof *samples);
    if (samples == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < run->pair_count; ++i) {
        struct c2c_pair *pair = &run->pair[i];
        if (pair->count < LEAST_SAMPLES) {
            pair->count = 0;
            continue;
        }
        for (unsigned k = 0; k < pair->count; ++k) {
            samples[k] = pair->sample[k].ns;
        }
        pair->interval = stats_bootstrap(samples, pair->count, samples + run->repetitions);
        qsort(samples, pair->count, sizeof *samples, stats_ascending);
        pair->least = samples[0];
        pair->quarter = samples[pair->count / 4];
        pair->three_quarters = samples[pair->count - 1 - pair->count / 4];
        pair->most = samples[pair->count - 1];
    }
    free(samples);
}

/* The pages of an arena come to lie on the node whose CPU touches them first. */
static int make_arenas(struct bench *bench)
{
    struct c2c_run *run = bench->run;
    for (unsigned i = 0; i < run->cpu_count; ++i) {
        const unsigned node = run->cpu[i]->numa;
        unsigned known = 0;
        while (known < run->home_count && run->home[known] != node) {
            ++known;
        }
        if (known < run->home_count || known == C2C_MOST_HOMES) {
            continue;
        }
        if (machine_pin(run->cpu[i]->os) != 0) {
            cli_error("cannot pin a thread to CPU %u: %s", run->cpu[i]->os, strerror(errno));
            return -1;
        }
        void *arena = mmap(NULL, (size_t)C2C_LINES * PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (arena == MAP_FAILED) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        memset(arena, 0, (size_t)C2C_LINES * PAGE);
        bench->arena[known] = arena;
        run->home[known] = node;
        ++run->home_count;
    }
    return 0;
}

static void make_pairs(struct c2c_run *run)
{
    run->pair_count = c2c_index(run->cpu_count, 0);
    run->pair = calloc(run->pair_count, sizeof *run->pair);
    struct c2c_sample *samples =
        calloc((size_t)run->pair_count * run->repetitions, sizeof *samples);
    if (run->pair == NULL || samples == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 1; i < run->cpu_count; ++i) {
        for (unsigned k = 0; k < i; ++k) {
            struct c2c_pair *pair = &run->pair[c2c_index(i, k)];
            pair->a = run->cpu[k];
            pair->b = run->cpu[i];
            pair->distance = machine_distance(pair->a, pair->b);
            pair->sample = samples + (size_t)c2c_index(i, k) * run->repetitions;
        }
    }
}

int c2c_measure(struct c2c_run *run)
{
    struct bench bench = {.run = run};
    make_pairs(run);
    if (machine_pin(run->cpu[0]->os) != 0) {
        cli_error("cannot pin a thread to CPU %u: %s", run->cpu[0]->os, strerror(errno));
        return -1;
    }
    run->clock = bench_clock_calibrate();
    bench.partner = cordon_aligned_alloc(CORDON_LINE, sizeof *bench.partner);
    if (bench.partner == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(bench.partner, 0, sizeof *bench.partner);
    int status = make_arenas(&bench);
    int error = 0;
    if (status == 0 &&
        (error = pthread_create(&bench.partner->thread, NULL, partner_entry, bench.partner)) != 0) {
        cli_error("cannot start a thread: %s", strerror(error));
        status = -1;
    } else if (status == 0) {
        status = measure(&bench);
        bench.partner->end = true;
        tell(&bench.partner->orders);
        pthread_join(bench.partner->thread, NULL);
    }
    cli_progress_clear();
    analyse(run);
    for (unsigned i = 0; i < run->home_count; ++i) {
        munmap(bench.arena[i], (size_t)C2C_LINES * PAGE);
    }
    free(bench.partner);
    return status;
}

void c2c_free(struct c2c_run *run)
{
    if (run->pair != NULL) {
        free(run->pair[0].sample);
    }
    free(run->pair);
    free(run->cpu);
}
