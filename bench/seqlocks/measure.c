/* measure.c - the designs against each other.
 *
 * A block is one design for some milliseconds in one scenario: so many readers, and a writer or none. Its
 * state lies at another place each time, for where a line lies is part of what it costs. The figure is
 * taken from the threads' own clocks, each around its loop. Latencies are taken in the blocks with a
 * writer alone: a single read is as short as the reading of a clock.
 */
#define _GNU_SOURCE
#include "record.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum {
    LEAST_SAMPLES = 5,
    MOST_DISTURBED = 2,        /* blocks in a row that are done again */
    ROUNDS = 12,               /* repetitions to aim at */
    SHORTEST_BLOCK = 4000000,  /* ns */
    SHORTEST_CROWD = 10000000, /* a few time slices */
    LONGEST_BLOCK = 50000000,
    PAGES = 256,
    PAGE = 4096,
    STILL = 500000, /* ns */
    NAP = 200000,   /* ns: sleep if there is more left, */
    WAKE = 100000   /* until so little is */
};

struct bench {
    struct seq_run *run;
    struct seq_scenario *scenario;
    struct team *team;
    struct seq_work work;
    unsigned char *arena;
    struct stats_random random;
    unsigned disturbed; /* in a row */
};

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count > 0 ? count : 1, size);
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return memory;
}

static void work(struct team_member *member)
{
    const struct seq_work *seq = member->context;
    const struct seq_design *design = seq->design;
    const bool reads = member->index < seq->readers;
    TEAM_LOOK_AWAY(Begin);
    (reads ? design->read : design->write)[seq->size_index](member);
    TEAM_LOOK_AWAY(End);
}

/* Another page each time, and another place in it; zero, and the design begun. */
static void begin(struct bench *bench, const struct seq_design *design)
{
    const unsigned places = (PAGE - SEQ_ROOM) / CORDON_LINE;
    unsigned char *page = bench->arena + (size_t)stats_random_below(&bench->random, PAGES) * PAGE;
    bench->work.state = page + (size_t)stats_random_below(&bench->random, places) * CORDON_LINE;
    bench->work.design = design;
    /* Anywhere in a period, which may be longer than the block: over all blocks the rate is right. */
    bench->work.phase = (uint64_t)((double)bench->work.period *
                                   stats_random_below(&bench->random, 1U << 16) / (1U << 16));
    memset(bench->work.state, 0, SEQ_ROOM);
    memset(bench->work.thread, 0, team_threads(bench->team) * sizeof *bench->work.thread);
    design->begin(bench->work.state, seq_sizes[bench->run->size_index]);
}

/* Is the last record there, and whole? */
static bool end(struct bench *bench)
{
    uintptr_t record[256 / sizeof(uintptr_t)];
    const unsigned readers = bench->scenario->readers;
    const bool writer = team_threads(bench->team) > readers;
    const uint64_t writes = writer ? bench->work.thread[readers].operations : 0;
    const unsigned size = seq_sizes[bench->run->size_index];
    bench->work.design->end(bench->work.state, size, record);
    return record[0] == (uintptr_t)writes && !seq_is_torn(record, size);
}

static void count_checks(const struct bench *bench, struct seq_result *result, bool kept)
{
    for (unsigned i = 0; i < bench->scenario->readers; ++i) {
        result->checked += bench->work.thread[i].operations;
        result->torn += bench->work.thread[i].torn;
        result->backwards += bench->work.thread[i].backwards;
    }
    result->lost += !kept;
}

static void count_block(const struct bench *bench, struct seq_result *result)
{
    const unsigned threads = team_threads(bench->team), readers = bench->scenario->readers;
    double *share = allocate(threads, sizeof *share);
    uint64_t longest = 0;
    for (unsigned i = 0; i < threads; ++i) {
        const struct seq_thread *thread = &bench->work.thread[i];
        if (i < readers) {
            share[i] = (double)thread->operations / (double)(thread->ns + 1);
            result->reads += (double)thread->operations;
            result->retries += (double)thread->retries;
            result->read_ns += (double)thread->ns;
            longest = thread->ns > longest ? thread->ns : longest;
            histogram_merge(&result->read, &thread->latency);
            result->longest_read =
                thread->longest > result->longest_read ? thread->longest : result->longest_read;
        } else {
            result->writes += (double)thread->operations;
            /* It may have been asleep when the block ended. */
            result->write_ns +=
                (double)(longest > 0 && longest < thread->ns ? longest : thread->ns);
            histogram_merge(&result->write, &thread->latency);
            result->longest_write =
                thread->longest > result->longest_write ? thread->longest : result->longest_write;
        }
    }
    result->jain += readers > 0 ? stats_jain(share, readers) : 1;
    ++result->blocks;
    free(share);
}

/* Was a core taken from somebody? Once is for the thread that ends the block, and does no harm, unless
 * somebody stood still.
 */
static bool was_disturbed(const struct bench *bench)
{
    const unsigned threads = team_threads(bench->team);
    const double still = STILL * bench->run->clock.ticks_per_ns;
    long preempted = 0;
    bool stood = false;
    for (unsigned i = 0; i < threads; ++i) {
        preempted += team_member(bench->team, i)->preempted;
        stood |= (double)bench->work.thread[i].longest > still;
    }
    /* Where threads outnumber CPUs it is part of the scenario. */
    return threads <= bench->run->cpu_count && preempted > (stood ? 0 : 1);
}

/* ns from read to read of all readers together; of writes if nobody reads. */
static double figure_of(const struct bench *bench)
{
    const unsigned readers = bench->scenario->readers;
    double rate = 0;
    for (unsigned i = 0; i < (readers > 0 ? readers : 1); ++i) {
        rate += (double)bench->work.thread[i].operations / (double)(bench->work.thread[i].ns + 1);
    }
    return rate > 0 ? 1 / rate : 0;
}

static bool measure(void *context, unsigned candidate, uint64_t ns, double *figure)
{
    struct bench *bench = context;
    struct seq_scenario *scenario = bench->scenario;
    struct seq_result *result = &scenario->result[candidate];
    begin(bench, bench->run->design[scenario->design[candidate]]);
    team_run(bench->team, work, &bench->work, ns);
    count_checks(bench, result, end(bench));
    *figure = figure_of(bench);
    if (*figure <= 0 || (was_disturbed(bench) && bench->disturbed++ < MOST_DISTURBED)) {
        return false;
    }
    bench->disturbed = 0;
    if (ns == scenario->block && !cli_interrupted) {
        count_block(bench, result);
    }
    return true;
}

static unsigned choose_candidates(const struct seq_run *run, struct seq_scenario *scenario)
{
    unsigned count = 0;
    scenario->design = allocate(run->design_count, sizeof *scenario->design);
    for (unsigned i = 0; i < run->design_count; ++i) {
        if (!run->design[i]->of_writers || scenario->part != SEQ_SCALING) {
            scenario->design[count++] = i;
        }
    }
    scenario->result = allocate(count, sizeof *scenario->result);
    return count;
}

static uint64_t block_of(const struct seq_run *run, const struct seq_scenario *scenario,
                         unsigned threads)
{
    const uint64_t least = threads > run->cpu_count ? SHORTEST_CROWD : SHORTEST_BLOCK;
    const uint64_t block = scenario->contest.time / scenario->contest.candidates / ROUNDS;
    return block < least ? least : block > LONGEST_BLOCK ? LONGEST_BLOCK : block;
}

static int measure_scenario(struct bench *bench, struct seq_scenario *scenario)
{
    struct seq_run *run = bench->run;
    const unsigned threads = scenario->readers + (scenario->part == SEQ_SCALING ? 0 : 1);
    const double ticks = run->clock.ticks_per_ns;
    char what[64], rate[64];
    bench->scenario = scenario;
    scenario->contest.candidates = choose_candidates(run, scenario);
    if (scenario->contest.candidates == 0) {
        --run->plan.parts; /* those chosen differ in their writes alone */
        return 0;
    }
    bench->team = team_start(threads, run->cpu, run->cpu_count);
    if (bench->team == NULL) {
        return -1;
    }
    bench->work = (struct seq_work){
        .thread = cordon_aligned_alloc(CORDON_LINE, threads * sizeof *bench->work.thread),
        .readers = scenario->readers,
        .size_index = run->size_index,
        .timed = scenario->part == SEQ_WRITER,
        .tick = 1 / ticks,
        .nap = (uint64_t)(NAP * ticks),
        .wake = (uint64_t)(WAKE * ticks),
    };
    if (bench->work.thread == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    if (scenario->part == SEQ_WRITER && scenario->writes != SEQ_MOST_WRITES) {
        bench->work.period = (uint64_t)(1e9 * ticks / (double)scenario->writes);
    }
    scenario->contest.repetitions = run->repetitions;
    scenario->contest.least = LEAST_SAMPLES;
    scenario->contest.time = run->plan.time / run->scenario_count;
    scenario->block = block_of(run, scenario, threads);
    if (scenario->part == SEQ_SCALING) {
        snprintf(what, sizeof what, "%u reading", scenario->readers);
    } else if (scenario->part == SEQ_WRITE) {
        snprintf(what, sizeof what, "one writing");
    } else {
        snprintf(what, sizeof what, "%u reading, writes %.30s", scenario->readers,
                 seq_rate_text(scenario->writes, rate));
    }
    contest_run(&scenario->contest, &run->plan, measure, bench, scenario->block, what);
    team_end(bench->team);
    free(bench->work.thread);
    return 0;
}

static bool anything(const struct seq_run *run)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        for (unsigned i = 0; i < run->scenario[s].contest.candidates; ++i) {
            if (contest_has(&run->scenario[s].contest, i)) {
                return true;
            }
        }
    }
    return false;
}

static void find_broken(struct seq_run *run)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        for (unsigned i = 0; scenario->result != NULL && i < scenario->contest.candidates; ++i) {
            run->broken |= seq_is_broken(&scenario->result[i]) &&
                           run->design[scenario->design[i]]->kind != SEQ_NOTHING;
        }
    }
}

int seq_measure(struct seq_run *run)
{
    struct bench bench = {.run = run};
    int status = 0;
    run->clock = bench_clock_calibrate();
    run->plan.parts = run->scenario_count;
    bench.arena = cordon_aligned_alloc(PAGE, (size_t)PAGES * PAGE);
    if (bench.arena == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(bench.arena, 0, (size_t)PAGES * PAGE);
    for (unsigned s = 0; s < run->scenario_count && status == 0 && !cli_interrupted; ++s) {
        status = measure_scenario(&bench, &run->scenario[s]);
    }
    cli_progress_clear();
    free(bench.arena);
    find_broken(run);
    return status != 0 || !anything(run) ? -1 : 0;
}

void seq_free(struct seq_run *run)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        contest_free(&run->scenario[s].contest);
        free(run->scenario[s].design);
        free(run->scenario[s].result);
    }
    json_decref(run->advice);
    json_decref(run->ratios);
}

int seq_find(const struct seq_scenario *scenario, unsigned design)
{
    for (unsigned i = 0; scenario->design != NULL && i < scenario->contest.candidates; ++i) {
        if (scenario->design[i] == design && contest_has(&scenario->contest, i)) {
            return (int)i;
        }
    }
    return -1;
}

const struct seq_scenario *seq_scenario(const struct seq_run *run, enum seq_part part,
                                        unsigned readers, uint64_t writes)
{
    for (unsigned s = 0; s < run->scenario_count; ++s) {
        const struct seq_scenario *scenario = &run->scenario[s];
        if (scenario->part == part && scenario->readers == readers && scenario->writes == writes) {
            return scenario;
        }
    }
    return NULL;
}
