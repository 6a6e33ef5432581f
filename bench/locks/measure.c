/* measure.c - locks alone, with more and more threads, and for many mixes of hold and think.
 *
 * A sample is one block of one lock in one scenario: a team of threads takes it over and over, for
 * so long, and the time is divided by all acquisitions. Within a repetition the locks come in random
 * order (contest.h). How long each wait is comes from a second block right after, in which each
 * acquisition is timed: two readings of the clock are too much for a block that is to tell throughput.
 *
 * Where threads outnumber CPUs, the first holder takes its time, as one that was preempted, until all
 * others wait. In a program that runs for minutes this happens sooner or later; whether the lock
 * recovers decides what it does from then on. Without it a block would tell how long the accident takes to
 * happen.
 */
#define _GNU_SOURCE
#include "locks.h"
#include "../team.h"
#include "cli/cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_ATTEMPTS = 3,
    ALONE_BLOCK = 300000,     /* ns, for each of the two loops */
    SHORT_BLOCK = 4000000,    /* ns, where each thread has a CPU */
    MAP_BLOCK = 3000000,      /* ns, likewise */
    CROWDED_BLOCK = 75000000, /* ns: some time slices, before it counts and while it does */
    BRIEF_BLOCK = 50000000,   /* ns, the same in a hurry */
    STALL_SHARE = 8,          /* of a block, the first holder takes */
    WATCH_EVERY = 3,
    MOST_PREEMPTED = 3,
    ENOUGH = 20,               /* acquisitions of each thread, to speak of fairness */
    ROOM = 40,                 /* turns of all threads that a block should have room for */
    LONGEST_BLOCK = 500000000, /* ns, all the same */
};

/* ns for one candidate of a pair, and that it is worth the same as ten of the crowded ones. */
#define PAIR_COST (10 * 3e6)

struct bench {
    struct lock_run *run;
    struct lock_scenario *scenario;
    struct team *team, *pair;
    struct lock_site site;
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return memory;
}

static uint64_t units(const struct lock_run *run, uint64_t ns)
{
    return (uint64_t)((double)ns / run->unit + 0.5);
}

static long preempted(const struct team *team)
{
    long times = 0;
    for (unsigned i = 0; i < team_threads(team); ++i) {
        times += team_member(team, i)->preempted;
    }
    return times;
}

/* What was disturbed is done again; on a machine that is never quiet the last attempt counts. */
static bool settled(struct lock_result *result, bool disturbed)
{
    if (disturbed && ++result->attempts < MOST_ATTEMPTS) {
        return false;
    }
    result->attempts = 0;
    return true;
}

/* ---- alone ---- */

struct alone {
    const struct lock_adapter *lock;
    struct lock_job *job;
    bool lock_first;
    uint64_t with, without; /* ns */
};

static uint64_t time_pairs(const struct lock_adapter *lock, struct lock_job *job)
{
    const uint64_t started = cordon_now();
    lock->pairs(job);
    return cordon_now() - started;
}

static void work_alone(struct team_member *member)
{
    struct alone *alone = member->context;
    const uint64_t rounds = alone->job->rounds;
    alone->job->rounds = rounds / 8 + 1; /* predictors, caches */
    alone->lock->pairs(alone->job);
    lock_none.pairs(alone->job);
    alone->job->rounds = rounds;
    alone->with = alone->lock_first ? time_pairs(alone->lock, alone->job) : 0;
    alone->without = time_pairs(&lock_none, alone->job);
    alone->with = alone->lock_first ? alone->with : time_pairs(alone->lock, alone->job);
    member->operations = rounds;
}

static bool measure_alone(void *context, unsigned candidate, uint64_t ns, double *figure)
{
    struct bench *bench = context;
    struct lock_run *run = bench->run;
    struct lock_result *result = &bench->scenario->result[candidate];
    struct alone alone = {
        .lock = candidate < run->lock_count ? run->lock[candidate] : &lock_none,
        .job = &bench->site.job[0],
        .lock_first = stats_random_below(&run->plan.random, 2) != 0,
    };
    lock_site_start(&bench->site, alone.lock, 1, 0, 0, 0, &run->plan.random);
    alone.job->rounds = ns / 20 + 100; /* most take 5 to 20 ns */
    team_run(bench->team, work_alone, &alone, 0);
    *figure = ((double)alone.with - (double)alone.without) / (double)alone.job->rounds;
    if (!settled(result, preempted(bench->team) > 0)) {
        return false;
    }
    result->operations += (double)alone.job->rounds;
    return true;
}

/* ---- many threads ---- */

/* What each thread did from when all were under way; returns how long that was, in ns. */
static uint64_t run_block(struct bench *bench, unsigned candidate, lock_loop *loop, uint64_t ns,
                          double *operations)
{
    struct lock_run *run = bench->run;
    const struct lock_scenario *scenario = bench->scenario;
    const struct lock_adapter *lock = run->lock[candidate];
    struct lock_block block = {
        .site = &bench->site,
        .loop = loop,
        .stall = scenario->crowded ? lock->stall : NULL,
    };
    lock_site_start(&bench->site, lock, scenario->threads, units(run, scenario->hold),
                    units(run, scenario->think), 0, &run->plan.random);
    bench->site.job[0].stall = ns / STALL_SHARE;
    team_go(bench->team, lock_site_work, &block);
    team_sleep(ns * 4 / 10);
    atomic_store_explicit(&block.settled, 1, memory_order_relaxed);
    const uint64_t from = cordon_now();
    for (unsigned i = 0; i < scenario->threads; ++i) {
        operations[i] = -(double)lock_operations(&bench->site.job[i]);
    }
    team_sleep(ns - ns * 4 / 10);
    const uint64_t to = cordon_now();
    for (unsigned i = 0; i < scenario->threads; ++i) {
        operations[i] += (double)lock_operations(&bench->site.job[i]);
    }
    team_halt(bench->team);
    run->broken[candidate] |= !lock_site_excluded(&bench->site, scenario->threads);
    return to - from;
}

static void watch_block(struct bench *bench, unsigned candidate, uint64_t ns)
{
    const struct lock_scenario *scenario = bench->scenario;
    struct lock_result *result = &scenario->result[candidate];
    double unused[LOCKS_MOST_THREADS];
    memset(bench->site.waits, 0, scenario->threads * sizeof *bench->site.waits);
    run_block(bench, candidate, bench->run->lock[candidate]->watch, ns, unused);
    for (unsigned i = 0; i < scenario->threads; ++i) {
        const uint64_t longest = bench->site.job[i].longest_run;
        histogram_merge(result->waits, &bench->site.waits[i]);
        result->longest_run = longest > result->longest_run ? longest : result->longest_run;
    }
}

static bool measure_floor(struct bench *bench, enum lock_floor floor, uint64_t ns, double *figure)
{
    *figure = lock_floor_block(floor == LOCK_FLOOR_SWITCH ? bench->pair : bench->team, ns);
    return true;
}

static bool measure_threads(void *context, unsigned candidate, uint64_t ns, double *figure)
{
    struct bench *bench = context;
    struct lock_run *run = bench->run;
    const struct lock_scenario *scenario = bench->scenario;
    struct lock_result *result = &scenario->result[candidate];
    if (candidate >= run->lock_count) {
        return measure_floor(bench, (enum lock_floor)(candidate - run->lock_count), ns, figure);
    }
    double shares[LOCKS_MOST_THREADS], operations = 0;
    const uint64_t took = run_block(bench, candidate, run->lock[candidate]->run, ns, shares);
    for (unsigned i = 0; i < scenario->threads; ++i) {
        operations += shares[i];
    }
    *figure = (double)took / (operations > 0 ? operations : 1);
    /* Whoever ends the block takes a CPU for a moment, from one of the team, and again when it ends. */
    const long most = MOST_PREEMPTED * (long)(ns > SHORT_BLOCK ? ns / SHORT_BLOCK : 1);
    const bool disturbed = !scenario->crowded && preempted(bench->team) > most;
    if (operations == 0 && !scenario->crowded) {
        return false; /* somebody else had the CPUs all the time */
    }
    /* The first is a warm-up. */
    if (result->calls++ == 0 || !settled(result, disturbed) || cli_interrupted) {
        return false;
    }
    /* Crowded blocks are long: not after each comes one that is watched. */
    if (scenario->part == LOCK_THREADS &&
        (!scenario->crowded || result->blocks % WATCH_EVERY == 0)) {
        watch_block(bench, candidate, ns);
    }
    result->operations += operations;
    /* Of a few acquisitions each it would tell where the block began and ended. */
    if (operations >= ENOUGH * scenario->threads) {
        result->jain[result->jains++] = stats_jain(shares, scenario->threads);
    }
    ++result->blocks;
    return true;
}

/* ---- all of it ---- */

static struct team *start_team(const struct lock_run *run, unsigned threads, unsigned cpus)
{
    static unsigned os[2][LOCKS_MOST_THREADS]; /* the team keeps the address */
    unsigned *numbers = os[cpus == 1 && threads > 1];
    for (unsigned i = 0; i < cpus; ++i) {
        numbers[i] = run->cpu[i]->os;
    }
    return team_start(threads, numbers, cpus);
}

static int measure_scenario(struct bench *bench, struct lock_scenario *scenario, uint64_t time)
{
    struct lock_run *run = bench->run;
    char what[64];
    bench->scenario = scenario;
    bench->team = start_team(run, scenario->threads, run->cpu_count);
    bench->pair = scenario->floor && bench->team != NULL ? start_team(run, 2, 1) : NULL;
    if (bench->team == NULL || (scenario->floor && bench->pair == NULL)) {
        team_end(bench->team);
        return -1;
    }
    scenario->contest.time = time;
    if (scenario->part == LOCK_UNCONTENDED) {
        contest_run(&scenario->contest, &run->plan, measure_alone, bench, scenario->block, "alone");
    } else {
        snprintf(what, sizeof what, "%u threads", scenario->threads);
        contest_run(&scenario->contest, &run->plan, measure_threads, bench, scenario->block, what);
    }
    team_end(bench->pair);
    team_end(bench->team);
    for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
        struct lock_result *result = &scenario->result[i];
        result->fairness = result->jains > 0 ? stats_median(result->jain, result->jains) : 1;
    }
    return 0;
}

/* A block in which nobody can be through with the lock would tell how long the block is. */
static uint64_t block_of(const struct lock_run *run, const struct lock_scenario *scenario)
{
    const uint64_t shared = (scenario->threads + run->cpu_count - 1) / run->cpu_count;
    const uint64_t turn = scenario->threads * scenario->hold + shared * scenario->think;
    const uint64_t least = scenario->part == LOCK_UNCONTENDED ? ALONE_BLOCK
                           : scenario->crowded          ? (run->brief ? BRIEF_BLOCK : CROWDED_BLOCK)
                           : scenario->part == LOCK_MAP ? MAP_BLOCK
                                                        : SHORT_BLOCK;
    const uint64_t wanted = ROOM * turn < LONGEST_BLOCK ? ROOM * turn : LONGEST_BLOCK;
    return wanted > least ? wanted : least;
}

static struct lock_scenario *add(struct lock_run *run, enum lock_part part, unsigned threads,
                                 uint64_t hold, uint64_t think)
{
    struct lock_scenario *scenario = &run->scenario[run->scenario_count];
    if (locks_find(run, part, threads, hold, think) != NULL) {
        return NULL;
    }
    ++run->scenario_count;
    scenario->part = part;
    scenario->threads = threads;
    scenario->hold = hold;
    scenario->think = think;
    scenario->crowded = threads > run->cpu_count;
    const unsigned extra = part == LOCK_UNCONTENDED ? 1 : LOCK_FLOORS;
    scenario->floor = part == LOCK_THREADS && scenario->crowded && hold == 0 && think == 0 &&
                      threads == run->threads[run->thread_count - 1];
    scenario->contest = (struct contest){
        .candidates = run->lock_count + (part == LOCK_UNCONTENDED || scenario->floor ? extra : 0),
        .repetitions = run->repetitions,
        .least = CONTEST_LEAST,
    };
    scenario->block = block_of(run, scenario);
    /* Beside the blocks, threads are woken and leave. More repetitions of what is cheap. */
    scenario->cost = scenario->contest.candidates *
                     ((double)scenario->block * (part == LOCK_MAP ? 1 : 2) + 300000) *
                     (part == LOCK_UNCONTENDED ? 10
                      : scenario->crowded      ? 1
                      : part == LOCK_MAP       ? 2
                                               : 4);
    return scenario;
}

void locks_plan(struct lock_run *run)
{
    static const uint64_t holds[] = {0, 100, 500, 2000}, thinks[] = {0, 100, 500, 2000, 10000};
    static const uint64_t few_holds[] = {0, 500}, few_thinks[] = {0, 500, 5000};
    const unsigned all = 2 * run->thread_count + 2 * 20 + 1;
    run->scenario = allocate(all, sizeof *run->scenario);
    run->broken = allocate(run->lock_count, sizeof *run->broken);
    add(run, LOCK_UNCONTENDED, 1, 0, 0);
    for (unsigned i = 0; i < run->thread_count; ++i) {
        add(run, LOCK_THREADS, run->threads[i], 0, 0);
    }
    for (unsigned i = 0; i < run->thread_count; ++i) {
        add(run, LOCK_THREADS, run->threads[i], run->hold, run->think);
    }
    /* Crowded blocks are long: for those a coarser map, and in a hurry none. */
    const unsigned fitting = run->mix_threads < run->cpu_count ? run->mix_threads : run->cpu_count;
    for (unsigned h = 0; h < (run->brief ? 2 : 4); ++h) {
        for (unsigned t = 0; t < (run->brief ? 3 : 5); ++t) {
            add(run, LOCK_MAP, fitting, run->brief ? few_holds[h] : holds[h],
                run->brief ? few_thinks[t] : thinks[t]);
        }
    }
    for (unsigned h = 0; h < 2 && run->mix_threads > run->cpu_count && !run->brief; ++h) {
        for (unsigned t = 0; t < 3; ++t) {
            add(run, LOCK_MAP, run->mix_threads, few_holds[h], few_thinks[t]);
        }
    }
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        struct lock_scenario *scenario = &run->scenario[s];
        scenario->result = allocate(scenario->contest.candidates, sizeof *scenario->result);
        for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
            struct lock_result *result = &scenario->result[i];
            result->fairness = 1;
            result->jain = allocate(run->repetitions, sizeof *result->jain);
            result->waits = allocate(1, sizeof *result->waits);
        }
    }
    locks_plan_pairs(run);
}

static uint64_t share(const struct lock_run *run, double cost)
{
    double all = 0;
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        all += run->scenario[i].cost;
    }
    const double pairs = PAIR_COST * (run->handing_count + 2) * run->pair_count;
    return (uint64_t)((double)run->time * cost / (all + pairs));
}

int locks_measure(struct lock_run *run)
{
    struct bench bench = {.run = run};
    const unsigned most = run->threads[run->thread_count - 1];
    int status = 0;
    if (machine_pin(run->cpu[0]->os) != 0) {
        cli_error("cannot pin a thread to CPU %u: %s", run->cpu[0]->os, strerror(errno));
        return -1;
    }
    run->clock = bench_clock_calibrate();
    run->unit = lock_work_ns();
    lock_site_make(&bench.site, run, most > 2 ? most : 2);
    run->plan.time = run->time;
    run->plan.parts = run->scenario_count + run->pair_count;
    for (unsigned i = 0; i < run->scenario_count && status == 0 && !cli_interrupted; ++i) {
        status = measure_scenario(&bench, &run->scenario[i], share(run, run->scenario[i].cost));
        for (unsigned p = 0; i == 0 && p < run->pair_count && status == 0; ++p) {
            status = locks_measure_pair(run, &run->pair[p],
                                        share(run, PAIR_COST * (run->handing_count + 2)));
        }
    }
    cli_progress_clear();
    lock_site_free(&bench.site);
    return status;
}

void locks_free(struct lock_run *run)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        struct lock_scenario *scenario = &run->scenario[s];
        for (unsigned i = 0; i < scenario->contest.candidates; ++i) {
            free(scenario->result[i].jain);
            free(scenario->result[i].waits);
        }
        free(scenario->result);
        contest_free(&scenario->contest);
    }
    for (unsigned p = 0; p < run->pair_count; ++p) {
        free(run->pair[p].operations);
        contest_free(&run->pair[p].raw);
        contest_free(&run->pair[p].over);
    }
    free(run->scenario);
    free(run->pair);
    free(run->handing);
    free(run->broken);
    free(run->lock);
    free(run->cpu);
    free(run->threads);
}
