/* handover.c - a lock that goes from core to core, beside the line it travels in; and the floor under
 * locks that sleep.
 *
 * Two threads on two CPUs take the lock in turn. The hold is so long that the other one waits by then,
 * and the pause after it is shorter than the hold, so every acquisition is a hand-over. Its price is the
 * time per acquisition less the hold, which is measured in the same repetition, by the same loop without a
 * lock; the line is a ping-pong of the same two threads (c2c/kernel.c). The guarded counter would be a
 * second line that travels, so it is touched once in 64 acquisitions only.
 */
#define _GNU_SOURCE
#include "locks.h"
#include "../c2c/c2c.h"
#include "../team.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOLD = 400,  /* ns */
    PAUSE = 100, /* ns, between 50 and 150 */
    TOUCH_MASK = 63,
    BLOCK = 2000000, /* ns */
    LINES = 64,
    MOST_PAIRS = 28,
    MOST_ATTEMPTS = 3,
};

struct pair_bench {
    struct lock_run *run;
    struct lock_pair *pair;
    struct team *team;
    struct lock_site site;
    struct c2c_line *line; /* LINES of them, each on a page of its own */
    unsigned attempts;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return memory;
}

enum { LINES_IN_PAGE = 4096 / CORDON_LINE };

struct ping_pong {
    struct c2c_line *line;
    uint32_t rounds;
    uint64_t took;
};

static void work_line(struct team_member *member)
{
    struct ping_pong *ping_pong = member->context;
    const uint32_t warm = ping_pong->rounds / 8 + 1;
    if (member->index == 1) {
        const uint32_t at = c2c_answer(ping_pong->line, 0, warm);
        (void)c2c_answer(ping_pong->line, at, ping_pong->rounds);
        return;
    }
    const uint32_t at = c2c_ask(ping_pong->line, 0, warm);
    const uint64_t started = cordon_now();
    (void)c2c_ask(ping_pong->line, at, ping_pong->rounds);
    ping_pong->took = cordon_now() - started;
}

static double time_line(struct pair_bench *bench, uint64_t ns)
{
    struct stats_random *random = &bench->run->plan.random;
    const unsigned page = stats_random_below(random, LINES);
    struct ping_pong ping_pong = {
        .line = &bench->line[page * LINES_IN_PAGE + stats_random_below(random, LINES_IN_PAGE)],
        .rounds = (uint32_t)(ns / 300 + 64),
    };
    atomic_store_explicit(&ping_pong.line->word, 0, memory_order_relaxed);
    team_run(bench->team, work_line, &ping_pong, 0);
    return (double)ping_pong.took / ping_pong.rounds / 2;
}

/* ns per acquisition; without a lock both threads hold at the same time, all the time. */
static double time_lock(struct pair_bench *bench, const struct lock_adapter *lock,
                        unsigned candidate, uint64_t ns)
{
    struct lock_run *run = bench->run;
    const bool alone = lock == &lock_none;
    struct lock_block block = {.site = &bench->site, .loop = lock->run};
    lock_site_start(&bench->site, lock, 2, (uint64_t)(HOLD / run->unit + 0.5),
                    alone ? 0 : (uint64_t)(PAUSE / run->unit + 0.5),
                    alone ? UINT64_MAX : TOUCH_MASK, &run->plan.random);
    const uint64_t took = team_run(bench->team, lock_site_work, &block, ns);
    const double operations =
        (double)(lock_operations(&bench->site.job[0]) + lock_operations(&bench->site.job[1]));
    if (!alone) {
        run->broken[candidate] |= !lock_site_excluded(&bench->site, 2);
    }
    return (double)took / (alone ? operations / 2 : operations);
}

static bool measure(void *context, unsigned candidate, uint64_t ns, double *figure)
{
    struct pair_bench *bench = context;
    const struct lock_run *run = bench->run;
    if (candidate == LOCK_RAW_LINE) {
        *figure = time_line(bench, ns);
    } else if (candidate == LOCK_RAW_HOLD) {
        *figure = time_lock(bench, &lock_none, 0, ns);
    } else {
        const unsigned lock = run->handing[candidate - LOCK_RAW_LOCKS];
        *figure = time_lock(bench, run->lock[lock], lock, ns);
    }
    const long preempted =
        team_member(bench->team, 0)->preempted + team_member(bench->team, 1)->preempted;
    if (preempted > (candidate != LOCK_RAW_LINE ? 2 : 0) && ++bench->attempts < MOST_ATTEMPTS) {
        return false;
    }
    bench->attempts = 0;
    bench->pair->operations[candidate] += (double)ns / *figure;
    return isfinite(*figure);
}

/* The price of a hand-over, within each repetition. */
static void subtract_hold(struct lock_pair *pair)
{
    const struct contest *raw = &pair->raw;
    const double *hold = raw->entry[LOCK_RAW_HOLD].sample;
    struct contest *over = &pair->over;
    *over = (struct contest){
        .candidates = raw->candidates - LOCK_RAW_LOCKS + LOCK_OVER_LOCKS,
        .repetitions = raw->repetitions,
        .done = raw->done,
    };
    over->entry = allocate(over->candidates, sizeof *over->entry);
    for (unsigned i = 0; i < over->candidates; ++i) {
        const bool line = i == LOCK_OVER_LINE;
        const double *from =
            raw->entry[line ? LOCK_RAW_LINE : i - LOCK_OVER_LOCKS + LOCK_RAW_LOCKS].sample;
        over->entry[i].sample = allocate(over->repetitions, sizeof(double));
        for (unsigned k = 0; k < over->done; ++k) {
            const double ns = line ? from[k] : from[k] - hold[k];
            over->entry[i].sample[k] = ns > 0 ? ns : NAN; /* the hold alone was disturbed */
        }
    }
    contest_analyse(over);
}

int locks_measure_pair(struct lock_run *run, struct lock_pair *pair, uint64_t time)
{
    const unsigned cpus[] = {pair->a->os, pair->b->os};
    struct pair_bench bench = {.run = run, .pair = pair};
    char what[64];
    bench.team = team_start(2, cpus, 2);
    if (bench.team == NULL) {
        return -1;
    }
    lock_site_make(&bench.site, run, 2);
    bench.line = cordon_aligned_alloc(4096, (size_t)LINES * 4096);
    if (bench.line == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset((void *)bench.line, 0, (size_t)LINES * 4096);
    pair->raw = (struct contest){
        .candidates = LOCK_RAW_LOCKS + run->handing_count,
        .repetitions = run->repetitions,
        .least = CONTEST_LEAST,
        .time = time,
    };
    pair->operations = allocate(pair->raw.candidates, sizeof *pair->operations);
    snprintf(what, sizeof what, "CPUs %u and %u", cpus[0], cpus[1]);
    contest_run(&pair->raw, &run->plan, measure, &bench, BLOCK, what);
    subtract_hold(pair);
    team_end(bench.team);
    lock_site_free(&bench.site);
    free(bench.line);
    return 0;
}

static void add_pair(struct lock_run *run, unsigned a, unsigned b)
{
    run->pair[run->pair_count].a = run->cpu[a];
    run->pair[run->pair_count].b = run->cpu[b];
    ++run->pair_count;
}

/* All pairs, or of a larger machine one for each distance. */
void locks_plan_pairs(struct lock_run *run)
{
    const unsigned all = run->cpu_count * (run->cpu_count - 1) / 2;
    run->pair = allocate(MOST_PAIRS, sizeof *run->pair);
    run->handing = allocate(run->lock_count, sizeof *run->handing);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        if (run->lock[i]->order == LOCK_FIFO || run->lock[i]->order == LOCK_CLUSTERED) {
            run->handing[run->handing_count++] = i;
        }
    }
    bool known[MACHINE_DISTANCES] = {false};
    for (unsigned i = 1; i < run->cpu_count && run->handing_count > 0; ++i) {
        for (unsigned k = 0; k < i; ++k) {
            const enum machine_distance distance = machine_distance(run->cpu[k], run->cpu[i]);
            if (all <= MOST_PAIRS || !known[distance]) {
                known[distance] = true;
                add_pair(run, k, i);
            }
        }
    }
}

/* ---- the floor ---- */

/* The bit that says: this is the last round. */
#define LAST_ROUND (UINT32_C(1) << 31)

/* The round that its thread is told to begin. */
struct ring_word {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) round;
};

struct lock_ring {
    struct ring_word *word;
    unsigned threads;
};

static void tell(struct ring_word *word, uint32_t round)
{
    atomic_store_explicit(&word->round, round, memory_order_release); /* R0 -> A0 */
    cordon_wake_one_u32(&word->round);
}

/* Sleep until told, tell the next: a context switch for each, and nothing else. */
static void work_ring(struct team_member *member)
{
    struct lock_ring *ring = member->context;
    struct ring_word *mine = &ring->word[member->index];
    struct ring_word *next = &ring->word[(member->index + 1) % ring->threads];
    uint32_t told, seen = 0;
    if (member->index == 0) {
        tell(next, 1);
    }
    for (;;) {
        while ((told = atomic_load_explicit(&mine->round, memory_order_acquire)) == /* A0 <- R0 */
               seen) {
            (void)cordon_park_u32(&mine->round, seen, CORDON_NEVER);
        }
        seen = told;
        ++member->operations;
        if ((told & LAST_ROUND) != 0) {
            tell(next, told);
            return;
        }
        if (atomic_load_explicit(member->stop, memory_order_relaxed) != 0) {
            told |= LAST_ROUND;
        } else if (member->index == 0) {
            ++told;
        }
        tell(next, told);
    }
}

double lock_floor_block(struct team *team, uint64_t ns)
{
    const unsigned threads = team_threads(team);
    struct ring_word *word = cordon_aligned_alloc(CORDON_LINE, threads * sizeof *word);
    struct lock_ring ring = {word, threads};
    double operations = 0;
    if (word == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset((void *)word, 0, threads * sizeof *word);
    const uint64_t took = team_run(team, work_ring, &ring, ns);
    for (unsigned i = 0; i < threads; ++i) {
        operations += (double)team_member(team, i)->operations;
    }
    free(word);
    return (double)took / operations;
}
