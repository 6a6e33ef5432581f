/* Units of bench/fences/fit.c, with made-up measurements of which the truth is known. */
#include "fences/fit.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>

enum { RUNGS = 23, SAMPLES = 40 };

static const double stores[RUNGS] = {0,  1,  2,  4,  8,  12,  16,  24,  32,  40,  48, 56,
                                     64, 72, 80, 88, 96, 104, 112, 120, 128, 144, 160};

/* A processor as the fit believes it to be: a store is issued in `issue` ns and drains in `drain`, the
 * fence costs `fence`, and the buffer holds `depth` stores.
 */
struct made_up {
    double issue, drain, fence, depth;
    double noise; /* ns, of most samples */
    bool bursts;  /* now and then a sample is far too slow */
    double with[RUNGS][SAMPLES], without[RUNGS][SAMPLES], marginal[RUNGS][SAMPLES];
    struct fit_rung rung[RUNGS];
};

static double uniform(struct stats_random *random)
{
    return stats_random_below(random, 1000000) / 1e6;
}

static double disturbed(const struct made_up *model, struct stats_random *random, double ns)
{
    ns += model->noise * (uniform(random) + uniform(random) + uniform(random) - 1.5);
    return model->bursts && stats_random_below(random, 10) == 0 ? 3 * ns + 100 : ns;
}

static void make_up(struct made_up *model, struct stats_random *random)
{
    for (unsigned i = 0; i < RUNGS; ++i) {
        const double k = stores[i];
        for (unsigned s = 0; s < SAMPLES; ++s) {
            const double waiting = k > model->depth ? (k - model->depth) * model->drain : 0;
            const double issued = k < model->depth ? k : model->depth;
            model->with[i][s] = disturbed(model, random, 5 + model->fence + k * model->drain);
            model->without[i][s] = disturbed(model, random, 5 + issued * model->issue + waiting);
            model->marginal[i][s] = model->with[i][s] - model->without[i][s];
        }
        model->rung[i] =
            (struct fit_rung){k, SAMPLES, model->with[i], model->without[i], model->marginal[i]};
    }
}

static bool holds(struct stats_interval interval, double value, double tolerance)
{
    return interval.low <= interval.middle && interval.middle <= interval.high &&
           fabs(interval.middle - value) <= tolerance;
}

Test(fit, slope_of_a_line)
{
    double y[RUNGS];
    for (unsigned i = 0; i < RUNGS; ++i) {
        y[i] = 7 - 0.5 * stores[i];
    }
    cr_assert_float_eq(fit_slope(stores, y, RUNGS), -0.5, 1e-12);
    cr_assert_float_eq(fit_slope(stores, y, 2), -0.5, 1e-12);
}

Test(fit, slope_in_spite_of_outliers)
{
    double y[RUNGS];
    for (unsigned i = 0; i < RUNGS; ++i) {
        y[i] = 3 + 2 * stores[i] + (i % 5 == 4 ? 1000 : 0);
    }
    cr_assert_float_eq(fit_slope(stores, y, RUNGS), 2, 0.1);
}

Test(fit, knee_of_two_lines)
{
    for (double depth = 12; depth <= 110; depth += 7) {
        double y[RUNGS], at, before, after;
        for (unsigned i = 0; i < RUNGS; ++i) {
            y[i] = stores[i] < depth ? 5 + 0.3 * stores[i]
                                     : 5 + 0.3 * depth + 12 * (stores[i] - depth);
        }
        cr_assert(fit_knee(stores, y, RUNGS, &at, &before, &after), "at %g", depth);
        cr_assert_float_eq(at, depth, 1.5, "%g, not %g", at, depth);
        cr_assert_float_eq(before, 0.3, 0.2, "%g", before);
        cr_assert_float_eq(after, 12, 0.5, "%g", after);
    }
}

/* One rung that was disturbed all the time. */
Test(fit, knee_in_spite_of_an_outlier)
{
    double y[RUNGS], at, before, after;
    for (unsigned wrong = 0; wrong < RUNGS; ++wrong) {
        for (unsigned i = 0; i < RUNGS; ++i) {
            y[i] = stores[i] < 80 ? 5 + 0.3 * stores[i] : 5 + 0.3 * 80 + 12 * (stores[i] - 80);
        }
        y[wrong] += 300;
        cr_assert(fit_knee(stores, y, RUNGS, &at, &before, &after), "rung %u", wrong);
        cr_assert_float_eq(at, 80, 2, "%g, with rung %u off", at, wrong);
    }
}

Test(fit, no_knee_in_what_has_none)
{
    double straight[RUNGS], levels_off[RUNGS], flat[RUNGS], bends_a_little[RUNGS];
    double at, before, after;
    for (unsigned i = 0; i < RUNGS; ++i) {
        const double x = stores[i];
        straight[i] = 5 + 0.25 * x;
        levels_off[i] = x < 60 ? 5 + 3 * x : 5 + 3 * 60;
        flat[i] = 5;
        bends_a_little[i] = x < 80 ? 5 + 2 * x : 5 + 2 * 80 + 4 * (x - 80);
    }
    cr_assert_not(fit_knee(stores, straight, RUNGS, &at, &before, &after));
    cr_assert_not(fit_knee(stores, levels_off, RUNGS, &at, &before, &after));
    cr_assert_not(fit_knee(stores, flat, RUNGS, &at, &before, &after));
    cr_assert_not(fit_knee(stores, bends_a_little, RUNGS, &at, &before, &after));
    cr_assert_not(fit_knee(stores, straight, 7, &at, &before, &after), "too few rungs");
}

Test(fit, no_knee_in_a_line_that_wavers)
{
    struct stats_random random = {3};
    unsigned found = 0;
    for (unsigned trial = 0; trial < 50; ++trial) {
        double y[RUNGS], at, before, after;
        for (unsigned i = 0; i < RUNGS; ++i) {
            y[i] = 20 + 0.25 * stores[i] + 8 * uniform(&random);
        }
        found += fit_knee(stores, y, RUNGS, &at, &before, &after);
    }
    cr_assert(found <= 1, "%u of 50", found);
}

Test(fit, ladder_of_lines_that_another_core_owns)
{
    struct stats_random random = {4};
    for (double depth = 40; depth <= 112; depth += 24) {
        struct made_up model = {
            .issue = 0.3, .drain = 12, .fence = 90, .depth = depth, .noise = 20, .bursts = true};
        struct fit_ladder ladder;
        make_up(&model, &random);
        fit_ladder(model.rung, RUNGS, 3, &ladder);
        cr_assert(ladder.fitted && !ladder.drain_noise && !ladder.cost_noise);
        cr_assert(holds(ladder.drain, 12, 0.5), "drains in %g", ladder.drain.middle);
        cr_assert(holds(ladder.cost, 11.7, 1), "adds %g", ladder.cost.middle);
        cr_assert(ladder.knee, "no knee at %g", depth);
        cr_assert(holds(ladder.full, depth, 4), "full at %g, not %g", ladder.full.middle, depth);
        cr_assert(ladder.full.high - ladder.full.low < 12);
        cr_assert(ladder.drain.low < ladder.drain.high, "as if there were no noise");
    }
}

/* Stores that drain as fast as they are issued never fill the buffer, and a fence after many of them costs
 * what it costs after one.
 */
Test(fit, ladder_of_own_lines)
{
    struct stats_random random = {5};
    for (unsigned trial = 0; trial < 8; ++trial) {
        struct made_up model = {.issue = 0.25,
                                .drain = 0.25,
                                .fence = 4,
                                .depth = 112,
                                .noise = 0.3,
                                .bursts = trial % 2 != 0};
        struct fit_ladder ladder;
        make_up(&model, &random);
        fit_ladder(model.rung, RUNGS, 0.2, &ladder);
        cr_assert(ladder.fitted && !ladder.drain_noise);
        cr_assert(holds(ladder.drain, 0.25, 0.02), "drains in %g", ladder.drain.middle);
        cr_assert(ladder.cost_noise, "adds %g", ladder.cost.middle);
        cr_assert_not(ladder.knee, "a knee at %g", ladder.full.middle);
    }
}

/* The line without the fence may bend for other reasons. If it is the buffer that is full, a store costs
 * from there on what it takes to drain, and before that much less.
 */
Test(fit, another_bend_is_no_full_buffer)
{
    struct stats_random random = {9};
    static const struct {
        double before, after, drain;
        bool full;
    } bends[] = {{0.2, 2, 12, false}, {3, 12, 4, false}, {1, 12, 12, true}};
    for (unsigned b = 0; b < 3; ++b) {
        struct made_up model = {.drain = bends[b].drain, .fence = 5, .noise = 1};
        struct fit_ladder ladder;
        make_up(&model, &random);
        for (unsigned i = 0; i < RUNGS; ++i) {
            for (unsigned k = 0; k < SAMPLES; ++k) {
                const double beyond = stores[i] > 72 ? stores[i] - 72 : 0;
                model.without[i][k] = 5 + bends[b].before * (stores[i] - beyond) +
                                      bends[b].after * beyond + uniform(&random);
            }
        }
        fit_ladder(model.rung, RUNGS, 1, &ladder);
        cr_assert_eq(ladder.knee, bends[b].full, "case %u", b);
    }
}

/* A slope that is there, and that comes to less than can be told from nothing. */
Test(fit, ladder_below_the_resolution)
{
    struct stats_random random = {10};
    struct made_up model = {
        .issue = 0.25, .drain = 0.251, .fence = 4, .depth = 1000, .noise = 0.01};
    struct fit_ladder ladder;
    make_up(&model, &random);
    fit_ladder(model.rung, RUNGS, 0.01, &ladder);
    cr_assert_not(ladder.cost_noise, "that much can be told");
    fit_ladder(model.rung, RUNGS, 0.5, &ladder);
    cr_assert(ladder.cost_noise && !ladder.drain_noise);
}

/* Hardly more than half of the samples bend: the medians do, and another set of samples would not. */
Test(fit, a_knee_that_few_resamples_have_is_none)
{
    struct stats_random random = {11};
    struct made_up model = {.issue = 0.3, .drain = 12, .depth = 72, .noise = 1};
    struct fit_ladder ladder;
    make_up(&model, &random);
    fit_ladder(model.rung, RUNGS, 1, &ladder);
    cr_assert(ladder.knee, "all of them bend");
    for (unsigned i = 0; i < RUNGS; ++i) {
        for (unsigned k = 0; k < SAMPLES / 2 - 1; ++k) {
            model.without[i][k] = 5 + 0.3 * stores[i];
        }
    }
    fit_ladder(model.rung, RUNGS, 1, &ladder);
    cr_assert_not(ladder.knee);
}

Test(fit, ladder_of_nothing_but_noise)
{
    struct stats_random random = {6};
    unsigned slopes = 0;
    for (unsigned trial = 0; trial < 8; ++trial) {
        struct made_up model = {.depth = 112, .noise = 30, .bursts = true};
        struct fit_ladder ladder;
        make_up(&model, &random);
        fit_ladder(model.rung, RUNGS, 1, &ladder);
        cr_assert(ladder.fitted);
        cr_assert_not(ladder.knee, "a knee at %g", ladder.full.middle);
        slopes += !ladder.drain_noise;
    }
    /* Nineteen intervals of twenty hold the truth. */
    cr_assert(slopes <= 2, "%u of 8 have a slope", slopes);
}

Test(fit, a_ladder_of_few_rungs_is_not_fitted)
{
    struct stats_random random = {7};
    struct made_up model = {.issue = 0.3, .drain = 12, .depth = 112, .noise = 1};
    struct fit_ladder ladder;
    make_up(&model, &random);
    fit_ladder(model.rung, 7, 1, &ladder);
    cr_assert_not(ladder.fitted);
    fit_ladder(model.rung, 0, 1, &ladder);
    cr_assert_not(ladder.fitted);
    /* A knee beyond the last rungs cannot be seen. */
    fit_ladder(model.rung, 16, 1, &ladder);
    cr_assert(ladder.fitted && !ladder.knee);
}

Test(fit, the_same_samples_give_the_same_figures)
{
    struct stats_random random = {8};
    struct made_up model = {.issue = 0.3, .drain = 12, .fence = 90, .depth = 72, .noise = 20};
    struct fit_ladder first, second;
    make_up(&model, &random);
    fit_ladder(model.rung, RUNGS, 1, &first);
    fit_ladder(model.rung, RUNGS, 1, &second);
    cr_assert_eq(first.full.low, second.full.low);
    cr_assert_eq(first.full.high, second.full.high);
    cr_assert_eq(first.cost.middle, second.cost.middle);
}
