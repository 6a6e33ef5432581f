/* places.c - the part of the report about where and when: from core to core, and by hold and pause. */
#define _GNU_SOURCE
#include "report.h"
#include "cli/cli.h"

#include <string.h>

static void print_pair(FILE *stream, const struct lock_run *run, unsigned index)
{
    const struct cli_style style = cli_style(stream);
    const struct lock_pair *pair = &run->pair[index];
    char title[2 * CELL], text[CELL];
    struct stats_interval ratio;
    if (pair->over.entry == NULL || !contest_has(&pair->over, LOCK_OVER_LINE)) {
        return;
    }
    snprintf(title, sizeof title, "From CPU %u to CPU %u (%s): ns per hand-over, beside one line",
             pair->a->os, pair->b->os, machine_distance_text(machine_distance(pair->a, pair->b)));
    lock_head(stream, title);
    fprintf(stream, "%s%-*s  %-22s  times the line%s\n", style.bold, NAME, "lock", "ns [95 %]",
            style.reset);
    fprintf(stream, "  %-*s  %s\n", NAME - 2, "one line",
            bench_interval(pair->over.entry[LOCK_OVER_LINE].interval, 1, text));
    for (unsigned i = 0; i < run->handing_count; ++i) {
        const unsigned candidate = LOCK_OVER_LOCKS + i;
        if (!contest_has(&pair->over, candidate) || run->broken[run->handing[i]]) {
            continue;
        }
        lock_print_name(stream, run, run->handing[i]);
        const bool known = contest_ratio(&pair->over, candidate, LOCK_OVER_LINE, &ratio);
        fprintf(stream, "  %-*s", known ? 22 : 0,
                bench_interval(pair->over.entry[candidate].interval, 1, text));
        if (known) {
            fprintf(stream, "  %s", bench_interval(ratio, 1, text));
        }
        fputc('\n', stream);
    }
    const struct lock_columns columns = {1, {run->scenario_count + index}, {"hand-over"}};
    lock_print_ratios(stream, run, &columns);
}

/* A triangle for each lock, where there are too many pairs for a table each. */
static void print_matrix(FILE *stream, const struct lock_run *run, unsigned candidate,
                         const char *name)
{
    char text[CELL];
    fprintf(stream, "%s\n%6s", name, "CPU");
    for (unsigned k = 0; k + 1 < run->cpu_count; ++k) {
        fprintf(stream, "%6u", run->cpu[k]->os);
    }
    fputc('\n', stream);
    for (unsigned i = 1; i < run->cpu_count; ++i) {
        fprintf(stream, "%6u", run->cpu[i]->os);
        for (unsigned k = 0; k < i; ++k) {
            const struct contest *over = &run->pair[i * (i - 1) / 2 + k].over;
            fprintf(stream, "%6s",
                    over->entry != NULL && contest_has(over, candidate)
                        ? bench_number(over->entry[candidate].interval.middle, text)
                        : "-");
        }
        fputc('\n', stream);
    }
}

void lock_print_handover(FILE *stream, const struct lock_run *run)
{
    enum { TABLES = 3 };
    const unsigned all = run->cpu_count * (run->cpu_count - 1) / 2;
    for (unsigned p = 0;
         p < run->pair_count && (run->pair_count <= TABLES || all > run->pair_count); ++p) {
        print_pair(stream, run, p);
    }
    if (run->pair_count > TABLES && all == run->pair_count) {
        lock_head(stream, "From CPU to CPU: ns per hand-over, median");
        print_matrix(stream, run, LOCK_OVER_LINE, "one line");
        for (unsigned i = 0; i < run->handing_count; ++i) {
            if (run->broken[run->handing[i]]) {
                continue;
            }
            print_matrix(stream, run, LOCK_OVER_LOCKS + i, run->lock[run->handing[i]]->name);
        }
    }
}

/* ---- the map ---- */

/* "mcs +2": the fastest, and how many more share its lead. Unfair: "ck_fas_eb! mcs +2". */
static void map_cell(const struct lock_run *run, const struct lock_scenario *scenario,
                     char text[CELL])
{
    const unsigned none = run->lock_count;
    const unsigned fair = locks_fastest(scenario, run->broken, none, true);
    const unsigned fastest = locks_fastest(scenario, run->broken, none, false);
    unsigned more = 0;
    size_t used = 0;
    text[0] = '\0';
    if (fastest == none) {
        snprintf(text, CELL, "-");
        return;
    }
    if (fair == none || !locks_near(scenario, fair, fastest)) {
        used = (size_t)snprintf(text, CELL, "%.20s!%s", run->lock[fastest]->name,
                                fair == none ? "" : " ");
    }
    for (unsigned i = 0; fair != none && i < run->lock_count; ++i) {
        more += i != fair && !run->broken[i] && contest_has(&scenario->contest, i) &&
                scenario->result[i].fairness >= LOCK_FAIR && locks_near(scenario, i, fair);
    }
    if (fair != none) {
        used += (size_t)snprintf(text + used, CELL - used, "%.20s", run->lock[fair]->name);
    }
    if (more > 0) {
        snprintf(text + used, CELL - used, " +%u", more);
    }
}

void lock_print_map(FILE *stream, const struct lock_run *run, unsigned threads)
{
    const struct cli_style style = cli_style(stream);
    char text[CELL], title[2 * CELL];
    uint64_t thinks[MOST_COLUMNS], hold = UINT64_MAX;
    unsigned columns = 0;
    int width = 10;
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        const struct lock_scenario *scenario = &run->scenario[i];
        if (scenario->part != LOCK_MAP || scenario->threads != threads ||
            scenario->contest.done == 0) {
            continue;
        }
        hold = hold == UINT64_MAX ? scenario->hold : hold;
        if (scenario->hold == hold && columns < MOST_COLUMNS) {
            thinks[columns++] = scenario->think;
        }
        map_cell(run, scenario, text);
        width = (int)strlen(text) > width ? (int)strlen(text) : width;
    }
    if (columns == 0) {
        return;
    }
    snprintf(title, sizeof title,
             "Which lock is fastest, %u thread%s on %u CPU%s, by hold and pause", threads,
             threads == 1 ? "" : "s", run->cpu_count, run->cpu_count == 1 ? "" : "s");
    lock_head(stream, title);
    fprintf(stream, "%s%-10s", style.bold, "hold");
    for (unsigned c = 0; c < columns; ++c) {
        snprintf(title, sizeof title, "pause %s", lock_duration((double)thinks[c], text));
        fprintf(stream, "  %-*s", c + 1 < columns ? width : 0, title);
    }
    fputs(style.reset, stream);
    hold = UINT64_MAX;
    unsigned column = 0;
    for (unsigned i = 0; i < run->scenario_count; ++i) {
        const struct lock_scenario *scenario = &run->scenario[i];
        if (scenario->part != LOCK_MAP || scenario->threads != threads ||
            scenario->contest.done == 0) {
            continue;
        }
        if (scenario->hold != hold) {
            hold = scenario->hold;
            column = 0;
            fprintf(stream, "\n%-10s", lock_duration((double)hold, text));
        }
        map_cell(run, scenario, text);
        fprintf(stream, "  %-*s", ++column < columns ? width : 0, text);
    }
    fputs("\n\n+n: so many more are as fast and fair; name!: faster, but unfair (Jain below 0.9), "
          "then the\nfastest fair one\n",
          stream);
}
