/* analyse.c - medians, what is noise, how the full fence stands, the ladder's lines. */
#define _GNU_SOURCE
#include "fences.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { LEAST_SAMPLES = 5 };

/* Are the two loops the same instructions? */
static bool is_nothing(const struct fence *fence)
{
    const size_t size = (size_t)(fence->code.end - fence->code.begin);
    return size == (size_t)(fence->reference_code.end - fence->reference_code.begin) &&
           memcmp(fence->code.begin, fence->reference_code.begin, size) == 0;
}

/* What costs nothing reads as the error of the method; and so does the nop, unless it reads so much that
 * something else is wrong, which must show.
 */
static void measure_error(struct fence_context *context, double cycle_ns)
{
    for (unsigned i = 0; i < fence_count; ++i) {
        const struct fence_result *result = &context->result[i];
        const double size = fabs(result->interval.middle);
        if (result->count > 0 &&
            (is_nothing(&fences[i]) || (fences[i].kind == FENCE_CONTROL && size < 2 * cycle_ns))) {
            context->resolution = size > context->resolution ? size : context->resolution;
        }
    }
}

static void summarise(struct fence_context *context, double *scratch)
{
    for (unsigned i = 0; i < fence_count; ++i) {
        struct fence_result *result = &context->result[i];
        if (result->count < LEAST_SAMPLES) {
            result->count = 0;
            continue;
        }
        result->interval = stats_bootstrap(result->marginal, result->count, scratch);
        memcpy(scratch, result->with, result->count * sizeof *scratch);
        result->median_with = stats_median(scratch, result->count);
        memcpy(scratch, result->without, result->count * sizeof *scratch);
        result->median_without = stats_median(scratch, result->count);
        context->done = true;
    }
}

/* A rung without a control of its own is as good as the others of its place. */
static double error_beside(const struct fence_run *run, const struct fence_context *context)
{
    double resolution = context->resolution;
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *other = &run->context[c];
        if (other->place == context->place && other->partner == context->partner && other->column &&
            other->resolution > resolution) {
            resolution = other->resolution;
        }
    }
    return resolution;
}

static void fit(const struct fence_run *run, struct fence_curve *curve)
{
    struct fit_rung rung[FIT_MOST_RUNGS];
    unsigned rungs = 0;
    double resolution = 0;
    for (unsigned i = 0; i < curve->rungs; ++i) {
        const struct fence_context *context = &run->context[curve->rung[i]];
        const struct fence_result *result = &context->result[curve->fence];
        if (result->count > 0) {
            rung[rungs++] = (struct fit_rung){context->count, result->count, result->with,
                                              result->without, result->marginal};
            resolution = context->resolution > resolution ? context->resolution : resolution;
        }
        if (context->place == FENCE_LOADS) {
            return; /* loads wait for no store */
        }
    }
    fit_ladder(rung, rungs, resolution, &curve->fit);
}

void fences_analyse(struct fence_run *run)
{
    double *scratch = calloc(run->repetitions, sizeof *scratch);
    if (scratch == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned c = 0; c < run->context_count; ++c) {
        /* Where instructions come to lie decides over a fraction of a cycle, whatever they do. */
        run->context[c].resolution = run->clock.cycle_ns / 2;
        summarise(&run->context[c], scratch);
        measure_error(&run->context[c], run->clock.cycle_ns);
    }
    free(scratch);
    for (unsigned c = 0; c < run->context_count; ++c) {
        struct fence_context *context = &run->context[c];
        if (!context->rows[fence_find("compiler")]) {
            context->resolution = error_beside(run, context);
        }
        for (unsigned i = 0; i < fence_count; ++i) {
            struct fence_result *result = &context->result[i];
            result->noise = stats_is_noise(result->interval, context->resolution);
        }
    }
    for (unsigned i = 0; i < run->curve_count; ++i) {
        fit(run, &run->curve[i]);
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
