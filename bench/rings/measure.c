/* measure.c - contests of queues: blocks in which a team pushes and pops, and what must come out. */
#define _GNU_SOURCE
#include "rings.h"
#include "../team.h"
#include "cli/cli.h"

#include <math.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/time.h>
#include <unistd.h>

enum {
    PINNED_BLOCK = 3000000,   /* ns: within a time slice */
    CROWDED_BLOCK = 60000000, /* ns: many of them */
    QUICK_BLOCK = 25000000,   /* the same, where there is little time */
    LITTLE_TIME = 10,         /* s */
    PINNED_WEIGHT = 8,        /* their blocks are short: give them more repetitions */
    LEAST_REPETITIONS = 5,
    PACE = 1000,        /* ns from an answer to the next question */
    MOST_APART = 50000, /* ns, where each has a CPU: else one was not let begin */
    LONGEST_BLOCK = 60, /* s; then an item was lost that somebody waits for */
};

/* The part that is measured, and one side for each thread. */
struct block {
    const struct ring_run *run;
    struct ring_part *part;
    struct team *team;
    struct ring_side *side;
    CORDON_ATOMIC(uint32_t) * producing;
    uint64_t full; /* ns of a block that counts */
    const struct ring_calls *calls;
    uint64_t apart; /* ns from the first thread's beginning to the last one's */
};

static unsigned threads_of(const struct ring_part *part)
{
    return part->producers + part->consumers;
}

/* A queue that loses an item, or a wake-up, can leave a thread waiting for ever. The seconds counted are
 * those in which this process was not stopped.
 */
static volatile sig_atomic_t seconds;
static char hanging[128];

static void count_second(int signal)
{
    (void)signal;
    if (++seconds > LONGEST_BLOCK) {
        const ssize_t ignored = write(STDERR_FILENO, hanging, strlen(hanging));
        _exit(ignored < 0 ? CLI_UNFIT : CLI_FAILED);
    }
}

static void watch(const struct ring_candidate *candidate)
{
    snprintf(hanging, sizeof hanging,
             "cordon-bench: rings: %s does not come to an end: something was lost\n",
             candidate->name);
    seconds = 0;
}

/* On for the whole run; in the main thread alone, so that no other is disturbed. */
static void watch_begin(void)
{
    struct sigaction action = {.sa_handler = count_second, .sa_flags = SA_RESTART};
    const struct itimerval each = {{1, 0}, {1, 0}};
    sigemptyset(&action.sa_mask);
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &each, NULL);
}

static void watch_end(void)
{
    const struct itimerval never = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &never, NULL);
}

static struct team *start_team(const struct ring_run *run, unsigned threads)
{
    sigset_t alarms, before;
    sigemptyset(&alarms);
    sigaddset(&alarms, SIGALRM);
    pthread_sigmask(SIG_BLOCK, &alarms, &before);
    struct team *team = team_start(threads, run->cpu, run->cpu_count);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return team;
}

static void work(struct team_member *member)
{
    struct block *block = member->context;
    struct ring_side *side = &block->side[member->index];
    const bool first = member->index < block->part->producers;
    side->stop = member->stop;
    TEAM_LOOK_AWAY(Begin);
    if (block->part->latency) {
        (first ? block->calls->ping : block->calls->echo)(side);
    } else {
        (first ? block->calls->produce : block->calls->consume)(side);
    }
    TEAM_LOOK_AWAY(End);
}

static void set_sides(struct block *block, void *ring, void *back, struct histogram *histogram,
                      uint64_t limit)
{
    const struct ring_part *part = block->part;
    for (unsigned i = 0; i < threads_of(part); ++i) {
        struct ring_side *side = &block->side[i];
        memset(side, 0, sizeof *side);
        side->ring = ring;
        side->back = back;
        side->producing = block->producing;
        side->limit = limit;
        side->first = (uint64_t)i << RING_SHIFT;
        side->batch = part->batch;
        side->consumers = part->consumers;
        side->pace = (uint64_t)(PACE * block->run->clock.ticks_per_ns);
        side->histogram = histogram;
    }
    atomic_store_explicit(block->producing, part->producers, memory_order_relaxed);
}

/* What the numbers first, first + 1, ... add up to, and their squares; modulo 2^64. */
static void add_numbers(uint64_t first, uint64_t count, uint64_t *sum, uint64_t *squares)
{
    /* (count - 1) * count / 2, and times (2 * count - 1) / 3: divide before anything overflows. */
    uint64_t a = count - (count > 0), b = count, c = 2 * count - (count > 0);
    *(a % 2 == 0 ? &a : &b) /= 2;
    const uint64_t ones = a * b;
    *(a % 3 == 0 ? &a : b % 3 == 0 ? &b : &c) /= 3;
    *sum += count * first + ones;
    *squares += count * first * first + 2 * first * ones + a * b * c;
}

/* Everything that was pushed was popped, once, in its producer's order, and whole? */
static bool verify(const struct block *block, struct ring_score *score, uint64_t *items)
{
    const struct ring_part *part = block->part;
    uint64_t pushed = 0, popped = 0, sum = 0, squares = 0, wrong = 0;
    const bool sums = !part->latency && !block->side[part->producers].in_turn;
    for (unsigned i = 0; i < threads_of(part); ++i) {
        const struct ring_side *side = &block->side[i];
        if (i < part->producers) {
            pushed += side->count;
            add_numbers(side->first, side->count, &sum, &squares);
        } else {
            popped += side->count;
            sum -= side->sum;
            squares -= side->squares;
        }
        wrong |= side->wrong;
    }
    *items = popped;
    if (pushed != popped) {
        snprintf(score->broken, sizeof score->broken, "%llu items went in, %llu came out",
                 (unsigned long long)pushed, (unsigned long long)popped);
    } else if (wrong != 0) {
        snprintf(score->broken, sizeof score->broken, "items came out of turn, or damaged");
    } else if (sums && (sum != 0 || squares != 0)) {
        snprintf(score->broken, sizeof score->broken, "items came out that did not go in");
    }
    return score->broken[0] == '\0';
}

static void keep_fairness(const struct block *block, struct ring_score *score)
{
    const struct ring_part *part = block->part;
    double shares[2 * RING_MOST_PRODUCERS];
    for (unsigned i = 0; i < threads_of(part); ++i) {
        shares[i] = (double)block->side[i].count;
    }
    score->jain_producers += stats_jain(shares, part->producers);
    score->jain += stats_jain(shares + part->producers, part->consumers);
    ++score->blocks;
}

/* A pinned pair is told how many items, so that nobody need wake up on one of its CPUs to stop it. Returns
 * the time from the first thread's beginning to the last one's end: all that was done lies within, also
 * where threads wait for a CPU before they begin.
 */
static uint64_t measure_once(struct block *block, void *ring, void *back,
                             struct histogram *histogram, uint64_t ns, uint64_t limit)
{
    uint64_t began = UINT64_MAX, all = 0, ended = 0;
    set_sides(block, ring, back, histogram, limit);
    (void)team_run(block->team, work, block, limit < UINT64_MAX ? 0 : ns);
    for (unsigned i = 0; i < threads_of(block->part); ++i) {
        const struct team_member *member = team_member(block->team, i);
        began = member->began < began ? member->began : began;
        all = member->began > all ? member->began : all;
        ended = member->ended > ended ? member->ended : ended;
    }
    block->apart = all - began;
    return ended > began ? ended - began : 1;
}

/* Threads that have a CPU of their own were in nobody's way? One may have made room, in a crowd, for the
 * thread that stops it.
 */
static bool undisturbed(const struct block *block, bool counted)
{
    long preempted = 0;
    for (unsigned i = 0; i < threads_of(block->part); ++i) {
        preempted += team_member(block->team, i)->preempted;
    }
    return block->part->oversubscribed ||
           (preempted <= (counted ? 0 : 1) && block->apart < MOST_APART);
}

static bool measure_with(struct block *block, unsigned index, void *ring, void *back, uint64_t ns,
                         double *figure)
{
    struct ring_part *part = block->part;
    struct ring_score *score = &part->score[index];
    struct histogram histogram = {.count = 0};
    uint64_t limit = UINT64_MAX, items;
    /* On the same ring: its pages, the caches, the predictors. */
    const uint64_t before = measure_once(block, ring, back, &histogram, ns / 8 + 1, limit);
    if (!verify(block, score, &items)) {
        return false;
    }
    if (threads_of(part) == 2 && !part->oversubscribed) {
        if (items == 0) {
            return false; /* who knows how many make a block? */
        }
        limit = (uint64_t)((double)items / (double)before * (double)ns) + 1;
    }
    memset(&histogram, 0, sizeof histogram);
    const uint64_t took = measure_once(block, ring, back, &histogram, ns, limit);
    if (!verify(block, score, &items) || items == 0 || !undisturbed(block, limit < UINT64_MAX)) {
        return false;
    }
    *figure = part->latency
                  ? histogram_quantile(&histogram, 0.5) / block->run->clock.ticks_per_ns / 2
                  : (double)took / (double)items;
    if (ns == block->full) {
        score->items += (double)items;
        keep_fairness(block, score);
        if (part->latency) {
            histogram_merge(score->latency, &histogram);
        }
    }
    return *figure > 0;
}

static bool measure(void *context, unsigned index, uint64_t ns, double *figure)
{
    struct block *block = context;
    struct ring_part *part = block->part;
    const struct ring_candidate *candidate = part->entry[index];
    const unsigned size = ring_size[part->size];
    if (part->score[index].broken[0] != '\0') {
        return false;
    }
    void *ring = candidate->create(block->run->capacity, size);
    void *back = part->latency && ring ? candidate->create(block->run->capacity, size) : NULL;
    if (ring == NULL || (part->latency && back == NULL)) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    watch(candidate);
    block->calls = &candidate->calls[part->size];
    const bool good = measure_with(block, index, ring, back, ns, figure);
    candidate->destroy(ring, size);
    if (back != NULL) {
        candidate->destroy(back, size);
    }
    return good;
}

static uint64_t block_of(const struct ring_run *run, const struct ring_part *part)
{
    const bool little = run->time <= LITTLE_TIME * UINT64_C(1000000000);
    const uint64_t block = !part->oversubscribed ? PINNED_BLOCK
                           : little              ? QUICK_BLOCK
                                                 : CROWDED_BLOCK;
    return run->time < UINT64_C(1000000000) ? block / 3 : block; /* a trial, not a measurement */
}

/* What share of the time a part wants. */
static double weight_of(const struct ring_run *run, const struct ring_part *part)
{
    return (double)part->count * (double)block_of(run, part) *
           (part->oversubscribed ? 1 : PINNED_WEIGHT);
}

static void *allocate(size_t bytes)
{
    void *memory = ring_memory(bytes);
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return memory;
}

static int measure_part(struct ring_run *run, struct ring_part *part, uint64_t time)
{
    char what[RING_TITLE];
    struct block block = {.run = run, .part = part, .full = block_of(run, part)};
    block.team = start_team(run, threads_of(part));
    if (block.team == NULL) {
        return -1;
    }
    block.side = allocate(threads_of(part) * sizeof *block.side);
    block.producing = allocate(CORDON_LINE);
    for (unsigned i = 0; part->latency && i < part->count; ++i) {
        part->score[i].latency = allocate(sizeof *part->score[i].latency);
    }
    part->contest.candidates = part->count;
    part->contest.repetitions = run->repetitions;
    part->contest.least = LEAST_REPETITIONS;
    part->contest.time = time;
    contest_run(&part->contest, &run->plan, measure, &block, block.full, ring_title(part, what));
    for (unsigned i = 0; i < part->count; ++i) {
        run->broken += part->score[i].broken[0] != '\0';
    }
    team_end(block.team);
    free((void *)block.producing);
    free(block.side);
    return 0;
}

int rings_measure(struct ring_run *run)
{
    double weights = 0;
    int result = 0;
    for (unsigned i = 0; i < run->part_count; ++i) {
        run->part[i].oversubscribed = threads_of(&run->part[i]) > run->cpu_count;
        weights += weight_of(run, &run->part[i]);
    }
    run->plan.time = run->time;
    run->plan.parts = run->part_count;
    run->clock = bench_clock_calibrate();
    watch_begin();
    for (unsigned i = 0; i < run->part_count && result == 0 && !cli_interrupted; ++i) {
        const double share = weight_of(run, &run->part[i]) / weights;
        result = measure_part(run, &run->part[i], (uint64_t)(share * (double)run->time));
    }
    watch_end();
    cli_progress_clear();
    return result;
}

void rings_free(struct ring_run *run)
{
    for (unsigned i = 0; i < run->part_count; ++i) {
        for (unsigned k = 0; k < run->part[i].count; ++k) {
            free(run->part[i].score[k].latency);
        }
        contest_free(&run->part[i].contest);
    }
    free(run->cpu);
    json_decref(run->advice);
    json_decref(run->ratios);
}
