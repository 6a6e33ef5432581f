/* Units of bench/locks: what is said of made-up data; a lock that does not exclude is found out. */
#define _GNU_SOURCE
#include "locks/report.h"
#include "team.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

enum { SAMPLES = 9, MOST = 8 };

/* Locks of a name, a library and a kind; nothing else of them matters here. */
static const struct lock_adapter mcs = {.name = "mcs", .library = "cordon", .kind = LOCK_QUEUE};
static const struct lock_adapter mutex = {.name = "mutex", .library = "cordon", .kind = LOCK_MUTEX};
static const struct lock_adapter ck_mcs = {.name = "ck_mcs", .library = "ck", .kind = LOCK_QUEUE};
static const struct lock_adapter ck_clh = {.name = "ck_clh", .library = "ck", .kind = LOCK_QUEUE};
static const struct lock_adapter greedy = {.name = "greedy", .library = "ck", .kind = LOCK_TAS};
static const struct lock_adapter *const locks[] = {&mcs, &mutex, &ck_mcs, &ck_clh, &greedy};
enum { MCS, MUTEX, CK_MCS, CK_CLH, GREEDY, LOCKS };

/* What a lock shows: ns per acquisition, by how much its samples scatter, its Jain index. */
struct shown {
    double ns, scatter, jain;
};

/* The samples of two locks scatter independently of each other. */
static void fill(struct contest *contest, const struct shown *shown, unsigned count)
{
    *contest = (struct contest){
        .candidates = count, .repetitions = SAMPLES, .least = SAMPLES, .done = SAMPLES};
    contest->entry = calloc(count, sizeof *contest->entry);
    for (unsigned i = 0; i < count; ++i) {
        contest->entry[i].sample = calloc(SAMPLES, sizeof(double));
        for (unsigned k = 0; k < SAMPLES; ++k) {
            const double off = ((k * (2 * i + 1) + i) % SAMPLES - 4.0) / 4;
            contest->entry[i].sample[k] = shown[i].ns * (1 + shown[i].scatter * off);
        }
    }
    contest_analyse(contest);
}

static struct lock_scenario *make(unsigned threads, const struct shown shown[LOCKS])
{
    struct lock_scenario *scenario = calloc(1, sizeof *scenario);
    scenario->part = LOCK_THREADS;
    scenario->threads = threads;
    scenario->hold = 200;
    scenario->think = 1500;
    scenario->crowded = threads > 2;
    scenario->result = calloc(LOCKS, sizeof *scenario->result);
    fill(&scenario->contest, shown, LOCKS);
    for (unsigned i = 0; i < LOCKS; ++i) {
        scenario->result[i].fairness = shown[i].jain;
        scenario->result[i].jains = SAMPLES;
        scenario->result[i].longest_run = 7;
        scenario->result[i].waits = calloc(1, sizeof(struct histogram));
    }
    return scenario;
}

/* All sentences, one after the other. */
static char *advise(const struct lock_scenario *const *scenarios, unsigned count, unsigned mix,
                    const bool broken[LOCKS])
{
    static const bool none[LOCKS] = {false};
    const struct lock_advice advice = {
        .lock = locks,
        .lock_count = LOCKS,
        .broken = broken != NULL ? broken : none,
        .scenario = scenarios,
        .scenario_count = count,
        .mix = mix,
        .cpus = 2,
    };
    char *sentence[LOCK_MOST_SENTENCES];
    const unsigned said = locks_advise(&advice, sentence, LOCK_MOST_SENTENCES);
    char *text = calloc(1, 8192);
    for (unsigned i = 0; i < said; ++i) {
        strcat(strcat(text, sentence[i]), "\n");
        free(sentence[i]);
    }
    return text;
}

static void has(const char *text, const char *part)
{
    cr_assert(strstr(text, part) != NULL, "no '%s' in:\n%s", part, text);
}

static void lacks(const char *text, const char *part)
{
    cr_assert(strstr(text, part) == NULL, "'%s' in:\n%s", part, text);
}

Test(advice, names_the_fastest_and_who_is_as_good)
{
    const struct lock_scenario *two = make(
        2, (struct shown[]){
               {200, 0.01, 1}, {205, 0.01, 0.99}, {300, 0.01, 1}, {400, 0.01, 1}, {900, 0, 1}});
    const char *text = advise(&two, 1, 0, NULL);
    has(text,
        "For 2 threads that hold the lock for 200 ns and do other things for 1.5 us: "
        "use mcs (5.00 M/s, Jain 1.00); mutex is as fast, within 3 % or the noise, and fair.");
    lacks(text, "ck_mcs");
    lacks(text, "unfair");
    lacks(text, "Avoid");
}

Test(advice, of_too_few_acquisitions_no_fairness_is_claimed)
{
    struct lock_scenario *two =
        make(2, (struct shown[]){
                    {200, 0.01, 1}, {205, 0.01, 1}, {300, 0.01, 1}, {400, 0.01, 1}, {900, 0, 1}});
    two->result[0].jains = two->result[1].jains = 0;
    const char *text = advise((const struct lock_scenario *const[]){two}, 1, 0, NULL);
    has(text, "use mcs (5.00 M/s; too few acquisitions to tell how fair); mutex is as fast, within "
              "3 % or the noise.");
    lacks(text, "Jain");
}

Test(advice, what_lies_within_the_noise_is_no_slower)
{
    /* A tenth slower, but it scatters by a third; and a tenth slower without scattering. */
    const struct lock_scenario *two =
        make(2, (struct shown[]){
                    {200, 0.01, 1}, {220, 0.33, 1}, {220, 0.01, 1}, {400, 0.01, 1}, {900, 0, 1}});
    const char *text = advise(&two, 1, 0, NULL);
    has(text, "use mcs");
    has(text, "mutex is as fast");
    lacks(text, "ck_mcs");
}

Test(advice, an_unfair_winner_is_never_recommended)
{
    const struct lock_scenario *two = make(
        2, (struct shown[]){
               {200, 0.01, 1}, {300, 0.01, 0.95}, {300, 0.01, 1}, {400, 0, 1}, {50, 0.01, 0.6}});
    const char *text = advise(&two, 1, 0, NULL);
    has(text, "use mcs (5.00 M/s, Jain 1.00).");
    has(text, "greedy is 4 times as fast, but unfair (Jain 0.60, up to 7 acquisitions in a row");
    /* Unfair and no faster: nothing is said of it. */
    two =
        make(2, (struct shown[]){
                    {200, 0.01, 1}, {300, 0.01, 1}, {300, 0.01, 1}, {400, 0, 1}, {199, 0.01, 0.6}});
    lacks(advise(&two, 1, 0, NULL), "greedy");
}

Test(advice, says_so_where_nothing_is_fair)
{
    const struct lock_scenario *two = make(
        2,
        (struct shown[]){{200, 0, 0.5}, {300, 0, 0.5}, {300, 0, 0.5}, {400, 0, 0.5}, {50, 0, 0.6}});
    const char *text = advise(&two, 1, 0, NULL);
    has(text, "no lock measured is fair here");
    lacks(text, "use ");
}

Test(advice, warns_of_what_collapses_and_above_what)
{
    const struct lock_scenario *scenarios[] = {
        make(1, (struct shown[]){{20, 0, 1}, {21, 0, 1}, {22, 0, 1}, {23, 0, 1}, {20, 0, 1}}),
        make(2, (struct shown[]){{200, 0, 1}, {260, 0, 1}, {300, 0, 1}, {400, 0, 1}, {900, 0, 1}}),
        make(4,
             (struct shown[]){{700, 0, 1}, {260, 0, 1}, {300000, 0, 1}, {1200, 0, 1}, {900, 0, 1}}),
        make(
            8,
            (struct shown[]){
                {900, 0.2, 1}, {260, 0, 1}, {5000000, 0, 1}, {400000, 0, 1}, {9, 0, 0.3}}),
    };
    const char *text = advise(scenarios, 4, 1, NULL);
    has(text, "use mcs (5.00 M/s");
    has(text, "If threads may outnumber CPUs, as 8 do the 2 here, use mutex (3.85 M/s, Jain 1.00): "
              "mcs then has 1.11 M/s");
    has(text, "Avoid ck_mcs (200 /s) above 2 threads: that is what is left with 8, where mutex "
              "serves 3.85 M/s.");
    has(text, "Avoid ck_clh (2.50 k/s) above 4 threads");
    /* 4.5 times slower by the median, but not beyond its interval. */
    lacks(text, "Avoid mcs");
    lacks(text, ", mcs (");
    /* Faster with more threads, and unfair: it neither collapses nor is it advised. */
    lacks(text, "greedy");
    /* For 8 threads themselves there is nothing to add about outnumbering. */
    lacks(advise(scenarios, 4, 3, NULL), "If threads may outnumber");
    has(advise(scenarios, 4, 3, NULL), "For 8 threads that hold the lock for 200 ns");
}

Test(advice, a_broken_lock_and_one_without_samples_are_passed_over)
{
    const bool broken[LOCKS] = {[MCS] = true};
    struct lock_scenario *two =
        make(2, (struct shown[]){{100, 0, 1}, {150, 0, 1}, {200, 0, 1}, {300, 0, 1}, {900, 0, 1}});
    two->contest.entry[MUTEX].good = 0;
    const struct lock_scenario *scenarios[] = {two};
    const char *text = advise(scenarios, 1, 0, broken);
    has(text, "use ck_mcs (5.00 M/s");
    lacks(text, " mcs");
    lacks(text, "mutex");
    for (unsigned i = 0; i < LOCKS; ++i) {
        two->contest.entry[i].good = 0;
    }
    cr_assert_str_eq(advise(scenarios, 1, 0, NULL), "", "nothing measured, nothing said");
}

static struct lock_run *make_run(struct lock_scenario *alone, struct lock_scenario *two)
{
    struct lock_run *run = calloc(1, sizeof *run);
    run->lock = (const struct lock_adapter **)calloc(LOCKS, sizeof *run->lock);
    memcpy((void *)run->lock, locks, sizeof locks);
    run->lock_count = LOCKS;
    run->broken = calloc(LOCKS, sizeof *run->broken);
    run->clock.cycle_ns = 0.3;
    run->scenario = calloc(2, sizeof *run->scenario);
    run->scenario[0] = *alone;
    run->scenario[0].part = LOCK_UNCONTENDED;
    run->scenario[1] = *two;
    run->scenario_count = 2;
    return run;
}

static const struct lock_ratio *find(const struct lock_ratio *ratios, unsigned count, unsigned ours,
                                     unsigned column, enum lock_rival rival)
{
    for (unsigned i = 0; i < count; ++i) {
        if (ratios[i].ours == ours && ratios[i].column == column && ratios[i].rival == rival) {
            return &ratios[i];
        }
    }
    return NULL;
}

Test(compare, ours_beside_the_best_of_its_kind)
{
    struct lock_scenario *alone = make(
        1, (struct shown[]){{10, 0.01, 1}, {9, 0.01, 1}, {15, 0.01, 1}, {9.9, 0.01, 1}, {1, 0, 1}});
    struct lock_scenario *two =
        make(2, (struct shown[]){
                    {200, 0.01, 1}, {260, 0.01, 1}, {300, 0.01, 1}, {100, 0.01, 0.5}, {1, 0, 1}});
    /* No lock at all is the last candidate of the uncontended ones; here, too few samples. */
    struct lock_run *run = make_run(alone, two);
    run->scenario[0].contest.entry =
        realloc(run->scenario[0].contest.entry, (LOCKS + 1) * sizeof(struct contest_entry));
    run->scenario[0].contest.entry[LOCKS] = (struct contest_entry){.good = 0};
    unsigned count;
    const struct lock_ratio *ratios = locks_compare(run, &count);
    const struct lock_ratio *ratio = find(ratios, count, MCS, 0, LOCK_BEST);
    cr_assert(ratio != NULL && ratio->peer == CK_CLH, "the best of its kind, not of another");
    cr_assert_not(ratio->differs, "less than a core cycle is nothing");
    ratio = find(ratios, count, MCS, 0, LOCK_NAMESAKE);
    cr_assert(ratio != NULL && ratio->peer == CK_MCS && ratio->differs);
    cr_assert_float_eq(ratio->ratio.middle, 1.5, 0.05);
    ratio = find(ratios, count, MCS, 1, LOCK_BEST);
    cr_assert(ratio != NULL && ratio->peer == CK_CLH && ratio->differs);
    cr_assert_float_eq(ratio->ratio.middle, 0.5, 0.02, "below 1 the peer is better");
    cr_assert_float_eq(ratio->peer_jain, 0.5, 1e-9, "and how fair it is stands beside it");
    ratio = find(ratios, count, MCS, 1, LOCK_BEST_FAIR);
    cr_assert(ratio != NULL && ratio->peer == CK_MCS && ratio->differs);
    cr_assert_null(find(ratios, count, MCS, 1, LOCK_NAMESAKE), "it is the best fair one");
    cr_assert_null(find(ratios, count, MUTEX, 1, LOCK_BEST), "it has no peer here");
    /* A broken peer is no rival. */
    run->broken[CK_CLH] = true;
    ratios = locks_compare(run, &count);
    ratio = find(ratios, count, MCS, 1, LOCK_BEST);
    cr_assert(ratio != NULL && ratio->peer == CK_MCS);
}

Test(report, many_pairs_are_a_triangle_for_each_lock)
{
    enum { CPUS = 4, PAIRS = 6 };
    static const unsigned mcs_only[] = {MCS};
    static struct machine_cpu cpu[CPUS];
    static struct lock_run run;
    char *text = NULL;
    size_t size;
    run.lock = (const struct lock_adapter **)locks;
    run.lock_count = LOCKS;
    run.handing = (unsigned *)mcs_only;
    run.handing_count = 1;
    run.broken = calloc(LOCKS, sizeof *run.broken);
    run.cpu = calloc(CPUS, sizeof *run.cpu);
    run.cpu_count = CPUS;
    run.pair = calloc(PAIRS, sizeof *run.pair);
    run.pair_count = PAIRS;
    for (unsigned i = 0; i < CPUS; ++i) {
        cpu[i].os = 10 + i;
        run.cpu[i] = &cpu[i];
        for (unsigned k = 0; k < i; ++k) {
            const double ns = 10.0 * i + k;
            fill(&run.pair[i * (i - 1) / 2 + k].over, (struct shown[]){{ns, 0, 1}, {3 * ns, 0, 1}},
                 2);
        }
    }
    run.pair[4].over.entry[LOCK_OVER_LOCKS].good = 0;
    FILE *stream = open_memstream(&text, &size);
    lock_print_handover(stream, &run);
    fclose(stream);
    has(text, "one line\n   CPU    10    11    12\n"
              "    11  10.0\n"
              "    12  20.0  21.0\n"
              "    13  30.0  31.0  32.0\n");
    has(text, "mcs\n   CPU    10    11    12\n"
              "    11  30.0\n"
              "    12  60.0  63.0\n"
              "    13  90.0     -  96.0\n");
    run.broken[MCS] = true;
    stream = open_memstream(&text, &size);
    lock_print_handover(stream, &run);
    fclose(stream);
    lacks(text, "mcs"); /* what does not exclude hands nothing over */
}

/* Threads that increment without a lock lose increments, and the check sees it; with one it sees none. */
static bool excludes(const struct lock_adapter *lock)
{
    enum { THREADS = 2, BLOCKS = 20 };
    struct machine machine;
    struct lock_run run = {.lock = &lock, .lock_count = 1};
    struct lock_site site;
    struct stats_random random = {1};
    bool excluded = true;
    cr_assert_eq(machine_read(&machine), 0);
    if (machine.cpu_count < THREADS) {
        cr_skip_test("two CPUs are needed");
    }
    const unsigned cpus[THREADS] = {machine.cpu[0].os, machine.cpu[1].os};
    struct team *team = team_start(THREADS, cpus, THREADS);
    cr_assert_not_null(team);
    lock_site_make(&site, &run, THREADS);
    for (unsigned i = 0; i < BLOCKS && excluded; ++i) {
        struct lock_block block = {.site = &site, .loop = i % 2 ? lock->watch : lock->run};
        lock_site_start(&site, lock, THREADS, 0, 0, 0, &random);
        team_run(team, lock_site_work, &block, 10000000);
        excluded = lock_site_excluded(&site, THREADS);
    }
    team_end(team);
    lock_site_free(&site);
    machine_free(&machine);
    return excluded;
}

Test(site, what_does_not_exclude_is_found_out)
{
    cr_assert_not(excludes(&lock_none));
    for (const struct lock_adapter *const *lock = locks_cordon; *lock != NULL; ++lock) {
        cr_assert(excludes(*lock), "%s", (*lock)->name);
    }
}
