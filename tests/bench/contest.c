/* Units of bench/histogram.c, team.c and contest.c. */
#include "contest.h"
#include "histogram.h"
#include "team.h"

#include <criterion/criterion.h>

#include <math.h>
#include <sched.h>
#include <stdlib.h>

Test(histogram, buckets_are_narrow_and_leave_nothing_out)
{
    uint64_t next = 0;
    for (unsigned i = 0; i + 1 < HISTOGRAM_BUCKETS; ++i) {
        const uint64_t least = histogram_least(i), greatest = histogram_greatest(i);
        cr_assert_eq(least, next, "bucket %u", i);
        cr_assert(greatest >= least && greatest - least <= least / 32, "bucket %u", i);
        cr_assert_eq(histogram_index(least), i);
        cr_assert_eq(histogram_index(greatest), i);
        next = greatest + 1;
    }
    cr_assert_eq(histogram_index(UINT64_MAX), HISTOGRAM_BUCKETS - 1);
    cr_assert(histogram_least(HISTOGRAM_BUCKETS - 1) < UINT64_C(1) << HISTOGRAM_BITS);
}

Test(histogram, quantiles)
{
    struct histogram *histogram = calloc(2, sizeof *histogram);
    cr_assert_eq(histogram_quantile(histogram, 0.5), 0);
    for (uint64_t i = 1; i <= 10000; ++i) {
        histogram_add(&histogram[i % 2], i);
    }
    histogram_merge(histogram, histogram + 1);
    cr_assert_eq(histogram->count, 10000);
    cr_assert_eq(histogram->most, 10000);
    static const double shares[] = {0.01, 0.1, 0.5, 0.9, 0.99, 0.999};
    for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
        const double expected = shares[i] * 10000;
        cr_assert(fabs(histogram_quantile(histogram, shares[i]) / expected - 1) < 0.032);
    }
    cr_assert_eq(histogram_quantile(histogram, 1), 10000, "the greatest, not its bucket's middle");
    free(histogram);
}

Test(stats, jain)
{
    cr_assert_float_eq(stats_jain((double[]){5, 5, 5, 5}, 4), 1, 1e-12);
    cr_assert_float_eq(stats_jain((double[]){8, 0, 0, 0}, 4), 0.25, 1e-12);
    cr_assert_float_eq(stats_jain((double[]){3, 1}, 2), 0.8, 1e-12);
    cr_assert_eq(stats_jain((double[]){0, 0}, 2), 1);
}

static void count_until_stopped(struct team_member *member)
{
    CORDON_ATOMIC(uint32_t) *working = member->context;
    atomic_fetch_add_explicit(working, 1, memory_order_relaxed);
    while (atomic_load_explicit(member->stop, memory_order_relaxed) == 0) {
        ++member->operations;
        sched_yield();
    }
}

/* More threads than CPUs, too; and the same threads serve block after block. */
Test(team, all_work_in_every_block)
{
    struct machine machine;
    cr_assert_eq(machine_read(&machine), 0);
    const unsigned cpu = machine.cpu[0].os;
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        CORDON_ATOMIC(uint32_t) working = 0;
        struct team *team = team_start(threads, &cpu, 1);
        cr_assert(team != NULL && team_threads(team) == threads);
        for (uint32_t block = 1; block <= 3; ++block) {
            const uint64_t took = team_run(team, count_until_stopped, &working, 5000000);
            cr_assert_gt(took, 0);
            cr_assert_eq(atomic_load_explicit(&working, memory_order_relaxed), block * threads);
            for (unsigned i = 0; i < threads; ++i) {
                cr_assert_eq(team_member(team, i)->index, i);
                cr_assert_eq(team_member(team, i)->cpu, threads == 1 ? cpu : MACHINE_UNKNOWN);
                cr_assert_geq(team_member(team, i)->ended, team_member(team, i)->began);
            }
        }
        team_end(team);
    }
    machine_free(&machine);
}

Test(team, a_cpu_that_is_not_there)
{
    const unsigned absent = 100000;
    cr_assert_null(team_start(1, &absent, 1));
}

/* Candidate k takes (k + 1) times as long as candidate 0, whatever the machine does meanwhile; of the
 * third every second block is disturbed, of the fourth each.
 */
struct made_up {
    struct stats_random random;
    unsigned calls[4];
    double drift;
};

static bool make_up(void *context, unsigned candidate, uint64_t ns, double *figure)
{
    struct made_up *made = context;
    const unsigned call = made->calls[candidate]++;
    made->drift *= 1.01; /* the machine grows slower all the time */
    *figure = (candidate + 1) * made->drift * (1 + stats_random_below(&made->random, 100) / 1e4);
    return ns > 0 && candidate != 3 && (candidate != 2 || call % 2 == 0);
}

Test(contest, compares_within_repetitions)
{
    struct made_up made = {.drift = 100};
    struct contest_plan plan = {.time = 1, .parts = 1};
    struct contest contest = {.candidates = 4, .repetitions = 25, .least = 25, .time = 1};
    struct stats_interval ratio;
    contest_run(&contest, &plan, make_up, &made, 1000, "test");
    cr_assert_eq(contest.done, 25);
    cr_assert(contest_has(&contest, 0) && contest_has(&contest, 2));
    cr_assert_not(contest_has(&contest, 3), "it has not one good block");
    cr_assert_gt(plan.repeated, 0);
    cr_assert(contest_ratio(&contest, 1, 0, &ratio));
    cr_assert(contest_differ(ratio) && ratio.low > 1.8 && ratio.high < 2.2, "%f", ratio.middle);
    cr_assert(contest_ratio(&contest, 0, 0, &ratio));
    cr_assert_not(contest_differ(ratio));
    cr_assert_not(contest_ratio(&contest, 0, 3, &ratio));
    contest_free(&contest);
    /* The time is up at once: the least that was promised is made all the same. */
    struct contest brief = {.candidates = 2, .repetitions = 25, .least = 4, .time = 0};
    contest_run(&brief, &plan, make_up, &made, 1000, "test");
    cr_assert_eq(brief.done, 4);
    contest_free(&brief);
}
