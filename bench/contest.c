/* contest.c - several candidates measured against each other. */
#define _GNU_SOURCE
#include "contest.h"
#include "cli/cli.h"

#include <cordon/wait.h>

#include <math.h>
#include <stdlib.h>

enum { MOST_RETRIES = 3 };

static void *allocate(size_t count, size_t size)
{
    void *memory = calloc(count, size);
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return memory;
}

static void show_progress(const struct contest *contest, const struct contest_plan *plan,
                          const char *what)
{
    const double left = (double)plan->time - (double)(cordon_now() - plan->started);
    cli_progress("%s: part %u of %u, repetition %u of %u, about %.0f s left", what, plan->part,
                 plan->parts, contest->done + 1, contest->repetitions, left > 0 ? left / 1e9 : 0);
}

static double take_sample(struct contest_plan *plan, contest_block *measure, void *context,
                          unsigned candidate, uint64_t block)
{
    double figure;
    for (unsigned attempt = 0; attempt <= MOST_RETRIES && !cli_interrupted; ++attempt) {
        ++plan->blocks;
        if (measure(context, candidate, block, &figure) && !cli_interrupted) {
            return figure;
        }
        plan->repeated += attempt < MOST_RETRIES;
    }
    return NAN;
}

/* The samples that are numbers, into `to`; how many. */
static unsigned good_ones(const double *samples, unsigned count, double *to)
{
    unsigned good = 0;
    for (unsigned i = 0; i < count; ++i) {
        if (!isnan(samples[i])) {
            to[good++] = samples[i];
        }
    }
    return good;
}

void contest_analyse(struct contest *contest)
{
    double *good = allocate(contest->repetitions, sizeof *good);
    double *scratch = allocate(contest->repetitions, sizeof *scratch);
    for (unsigned i = 0; i < contest->candidates; ++i) {
        struct contest_entry *entry = &contest->entry[i];
        entry->good = good_ones(entry->sample, contest->done, good);
        if (entry->good >= CONTEST_LEAST) {
            entry->interval = stats_bootstrap(good, entry->good, scratch);
        }
    }
    free(good);
    free(scratch);
}

void contest_run(struct contest *contest, struct contest_plan *plan, contest_block *measure,
                 void *context, uint64_t block, const char *what)
{
    const uint64_t started = cordon_now();
    unsigned *order = allocate(contest->candidates, sizeof *order);
    contest->entry = allocate(contest->candidates, sizeof *contest->entry);
    for (unsigned i = 0; i < contest->candidates; ++i) {
        contest->entry[i].sample = allocate(contest->repetitions, sizeof(double));
        order[i] = i;
    }
    plan->started = plan->part == 0 ? started : plan->started;
    ++plan->part;
    /* Caches, predictors, and whoever moves threads about. */
    for (unsigned i = 0; i < contest->candidates && !cli_interrupted; ++i) {
        double unused;
        show_progress(contest, plan, what);
        (void)measure(context, i, block / 4 + 1, &unused);
    }
    while (contest->done < contest->repetitions && !cli_interrupted) {
        stats_shuffle(&plan->random, order, contest->candidates);
        for (unsigned i = 0; i < contest->candidates && !cli_interrupted; ++i) {
            show_progress(contest, plan, what);
            contest->entry[order[i]].sample[contest->done] =
                take_sample(plan, measure, context, order[i], block);
        }
        contest->done += !cli_interrupted;
        if (contest->done >= contest->least && cordon_now() - started >= contest->time) {
            break;
        }
    }
    contest_analyse(contest);
    free(order);
}

bool contest_has(const struct contest *contest, unsigned candidate)
{
    return contest->entry != NULL && contest->entry[candidate].good >= CONTEST_LEAST;
}

bool contest_ratio(const struct contest *contest, unsigned a, unsigned b,
                   struct stats_interval *ratio)
{
    double *ratios = allocate(contest->repetitions, sizeof *ratios);
    double *scratch = allocate(contest->repetitions, sizeof *scratch);
    unsigned good = 0;
    for (unsigned i = 0; contest->entry != NULL && i < contest->done; ++i) {
        const double each = contest->entry[a].sample[i] / contest->entry[b].sample[i];
        if (!isnan(each)) {
            ratios[good++] = each;
        }
    }
    if (good >= CONTEST_LEAST) {
        *ratio = stats_bootstrap(ratios, good, scratch);
    }
    free(ratios);
    free(scratch);
    return good >= CONTEST_LEAST;
}

bool contest_differ(struct stats_interval ratio)
{
    return ratio.low > 1 || ratio.high < 1;
}

void contest_free(struct contest *contest)
{
    for (unsigned i = 0; contest->entry != NULL && i < contest->candidates; ++i) {
        free(contest->entry[i].sample);
    }
    free(contest->entry);
    contest->entry = NULL;
}
