/* sections.c - the ladder, membarrier, and what a fence buys, for people. */
#define _GNU_SOURCE
#include "fences.h"
#include "grid.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { CELL = BENCH_CELL };

static void title(FILE *stream, const char *text)
{
    const struct cli_style style = cli_style(stream);
    fprintf(stream, "\n%s%s%s\n\n", style.bold, text, style.reset);
}

static const struct fence_context *rung_of(const struct fence_run *run,
                                           const struct fence_curve *curve, unsigned stores)
{
    for (unsigned i = 0; i < curve->rungs; ++i) {
        if (run->context[curve->rung[i]].count == stores) {
            return &run->context[curve->rung[i]];
        }
    }
    return NULL;
}

static void head_curve(const struct fence_run *run, const struct fence_curve *curve,
                       struct grid *grid, unsigned column)
{
    const struct fence_context *last = &run->context[curve->rung[curve->rungs - 1]];
    char *line1 = grid_at(grid, 0, column)->text, *line2 = grid_at(grid, 1, column)->text;
    snprintf(line1, CELL, "%.30s, after %s", fences[curve->fence].name,
             last->place == FENCE_LOADS ? "loads" : "stores to");
    if (last->place == FENCE_TAKEN) {
        snprintf(line2, CELL, "lines CPU %u owns", last->partner);
    } else {
        snprintf(line2, CELL, last->place == FENCE_OWN ? "own lines" : "that miss");
    }
}

static void fit_cell(const struct fit_ladder *fit, bool noise, struct stats_interval interval,
                     double scale, struct grid_cell *cell)
{
    if (!fit->fitted) {
        snprintf(cell->text, CELL, "-");
    } else if (noise) {
        snprintf(cell->text, CELL, "~0");
        cell->dim = true;
    } else {
        bench_interval(interval, scale, cell->text);
    }
}

static int ascending(const void *left, const void *right)
{
    const unsigned a = *(const unsigned *)left, b = *(const unsigned *)right;
    return (a > b) - (a < b);
}

/* The numbers of stores or loads of all rungs, each once. */
static unsigned counts_of(const struct fence_run *run, unsigned counts[FIT_MOST_RUNGS])
{
    unsigned count = 0;
    for (unsigned c = 0; c < run->context_count; ++c) {
        bool known = !run->context[c].rung;
        for (unsigned i = 0; i < count; ++i) {
            known |= counts[i] == run->context[c].count;
        }
        if (!known && count < FIT_MOST_RUNGS) {
            counts[count++] = run->context[c].count;
        }
    }
    qsort(counts, count, sizeof *counts, ascending);
    return count;
}

void fences_print_ladder(FILE *stream, const struct fence_run *run)
{
    const double scale = run->cycles ? 1 / run->clock.cycle_ns : 1;
    unsigned counts[FIT_MOST_RUNGS];
    const unsigned count = counts_of(run, counts);
    struct grid grid;
    title(stream, run->cycles ? "The ladder: marginal cost, core cycles, after so many"
                              : "The ladder: marginal cost, ns, after so many");
    if (run->curve_count == 0) {
        fputs("No fence was chosen for it.\n", stream);
        return;
    }
    grid_init(&grid, 2, count + 5, run->curve_count + 1);
    for (unsigned i = 0; i < count; ++i) {
        snprintf(grid_at(&grid, i + 2, 0)->text, CELL, "%u", counts[i]);
    }
    snprintf(grid_at(&grid, count + 2, 0)->text, CELL, "one more adds");
    snprintf(grid_at(&grid, count + 3, 0)->text, CELL, "and drains in");
    snprintf(grid_at(&grid, count + 4, 0)->text, CELL, "buffer full at");
    grid.gap[count + 2] = true;
    for (unsigned k = 0; k < run->curve_count; ++k) {
        const struct fence_curve *curve = &run->curve[k];
        head_curve(run, curve, &grid, k + 1);
        for (unsigned i = 0; i < count; ++i) {
            const struct fence_context *context = rung_of(run, curve, counts[i]);
            struct grid_cell *cell = grid_at(&grid, i + 2, k + 1);
            if (context != NULL) {
                fences_cell(&context->result[curve->fence], scale, cell->text);
                cell->dim = context->result[curve->fence].noise;
            }
        }
        const struct fit_ladder *fit = &curve->fit;
        if (run->context[curve->rung[curve->rungs - 1]].place == FENCE_LOADS) {
            continue;
        }
        fit_cell(fit, fit->cost_noise, fit->cost, scale, grid_at(&grid, count + 2, k + 1));
        fit_cell(fit, fit->drain_noise, fit->drain, scale, grid_at(&grid, count + 3, k + 1));
        char *full = grid_at(&grid, count + 4, k + 1)->text;
        if (fit->knee) {
            snprintf(full, CELL, "%.0f [%.0f, %.0f] stores", fit->full.middle, fit->full.low,
                     fit->full.high);
        } else {
            snprintf(full, CELL, fit->fitted ? "no knee found" : "-");
        }
    }
    grid_print(stream, &grid);
    grid_free(&grid);
}

void fences_print_membarrier(FILE *stream, const struct fence_run *run)
{
    const struct fence_membarrier *found = &run->membarrier;
    const double scale = run->cycles ? 1 / run->clock.cycle_ns : 1;
    const char *unit = run->cycles ? "core cycles" : "ns";
    char cell[CELL];
    title(stream, "The heavy fence: what it costs, and whom");
    if (!found->measured || found->refused) {
        fputs(found->refused ? "Not measured: membarrier is refused here, so it is a full fence.\n"
                             : "Not measured.\n",
              stream);
        return;
    }
    for (unsigned i = 0; i < found->callers; ++i) {
        const struct fence_caller *caller = &found->caller[i];
        snprintf(cell, sizeof cell, "-");
        if (caller->count > 0) {
            bench_interval(caller->interval, scale, cell);
        }
        fprintf(stream, "the caller, with %u other thread%s running: %s %s\n", caller->others,
                caller->others == 1 ? "" : "s", cell, unit);
    }
    if (found->count == 0) {
        if (run->machine.cpu_count > 1) {
            fputs("what each takes from others: too few samples, since threads were preempted\n",
                  stream);
        }
        return;
    }
    if (found->noise) {
        fprintf(stream, "each takes from a thread that works on CPU %u: ~0\n", found->victim);
        return;
    }
    fprintf(stream, "each takes from a thread that works on CPU %u: %s %s\n", found->victim,
            bench_interval(found->interval, scale, cell), unit);
    for (unsigned i = 1; i < FENCE_PACES; ++i) {
        char rate[32];
        fprintf(stream, "%s%.1f %% at %s%s", i == 1 ? "of its time " : ", ", 100 * found->lost[i],
                cli_number(found->rate[i], rate, sizeof rate), i == 1 ? " per s" : "");
    }
    fputc('\n', stream);
}

/* "31.2 %", "4.10 per M", "0 (< 0.25 per M)". */
static void rate_cell(const struct fence_tally *tally, char text[CELL])
{
    char number[CELL];
    if (tally->frames == 0) {
        snprintf(text, CELL, "-");
        return;
    }
    const double per_million = 1e6 * (double)tally->weak / (double)tally->frames;
    if (tally->weak == 0) { /* the rule of three */
        snprintf(text, CELL, "0 (< %.20s per M)",
                 bench_number(3e6 / (double)tally->frames, number));
    } else if (per_million >= 1000) {
        snprintf(text, CELL, "%.3g %%", per_million / 1e4);
    } else {
        snprintf(text, CELL, "%.20s per M", bench_number(per_million, number));
    }
}

static const struct fence_context *column_of(const struct fence_run *run, enum fence_place place,
                                             unsigned partner)
{
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *context = &run->context[c];
        if (context->column && context->place == place &&
            (place != FENCE_TAKEN || context->partner == partner)) {
            return context;
        }
    }
    return NULL;
}

/* "4.40", "~0", and of two fences "0.20 + 9443". */
static void cost_cell(const struct fence_context *context, const struct fence_remedy *remedy,
                      double scale, char text[CELL])
{
    const char *const names[2] = {remedy->fence, remedy->partner};
    char part[2][CELL] = {"", ""};
    for (unsigned i = 0; i < 2 && names[i] != NULL; ++i) {
        const struct fence_result *result =
            context != NULL ? &context->result[fence_find(names[i])] : NULL;
        if (result == NULL || result->count == 0) {
            snprintf(part[i], CELL, "-");
        } else if (result->noise) {
            snprintf(part[i], CELL, "~0");
        } else {
            bench_number(result->interval.middle * scale, part[i]);
        }
    }
    snprintf(text, CELL, names[1] != NULL ? "%.20s + %.20s" : "%.20s%.20s", part[0], part[1]);
}

static void print_sentences(FILE *stream, const struct fence_effect *effect)
{
    const struct cli_style style = cli_style(stream);
    char cell[2][CELL], frames[32];
    fputc('\n', stream);
    for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
        const struct fence_tally *without = &effect->tally[0][s];
        for (unsigned r = 1; r < FENCE_REMEDIES; ++r) {
            const struct fence_tally *with = &effect->tally[r][s];
            if (with->weak > 0 && fences_forbids(&fence_remedies[r], s)) {
                fprintf(stream, "%sFORBIDDEN%s, and seen %ju times: %s with %s\n", style.red,
                        style.reset, (uintmax_t)with->weak, fence_shape_names[s],
                        fence_remedies[r].name);
            }
        }
        const struct fence_tally *full = &effect->tally[2][s];
        if (without->frames == 0 || full->frames == 0 || full->weak > 0) {
            continue;
        }
        rate_cell(without, cell[0]);
        bench_number(3e6 / (double)full->frames, cell[1]);
        fprintf(stream, "%s: without %s weak; with full 0 of %s (< %s per M at 95 %%)%s\n",
                fence_shape_names[s], cell[0],
                cli_number((double)full->frames, frames, sizeof frames), cell[1],
                without->weak == 0 ? ": buys nothing seen here" : "");
    }
}

static void print_effect(FILE *stream, const struct fence_run *run,
                         const struct fence_effect *effect)
{
    const double scale = run->cycles ? 1 / run->clock.cycle_ns : 1;
    const struct fence_context *const contexts[2] = {column_of(run, FENCE_OWN, 0),
                                                     column_of(run, FENCE_TAKEN, effect->partner)};
    unsigned rows = 2;
    struct grid grid;
    for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
        rows += fences_shown(run, &fence_remedies[r]);
    }
    grid_init(&grid, 2, rows, 3 + FENCE_SHAPES);
    snprintf(grid_at(&grid, 0, 0)->text, CELL, "fence");
    snprintf(grid_at(&grid, 0, 1)->text, CELL, run->cycles ? "costs, cycles:" : "costs, ns:");
    snprintf(grid_at(&grid, 1, 1)->text, CELL, "own lines");
    snprintf(grid_at(&grid, 0, 2)->text, CELL, "lines that");
    snprintf(grid_at(&grid, 1, 2)->text, CELL, "CPU %u owns", effect->partner);
    snprintf(grid_at(&grid, 0, 3)->text, CELL, "weak outcomes of");
    for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
        snprintf(grid_at(&grid, 1, 3 + s)->text, CELL, "%s", fence_shape_names[s]);
    }
    unsigned row = 2;
    for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
        const struct fence_remedy *remedy = &fence_remedies[r];
        if (!fences_shown(run, remedy)) {
            continue;
        }
        snprintf(grid_at(&grid, row, 0)->text, CELL, "%s", remedy->name);
        for (unsigned c = 0; c < 2 && r > 0; ++c) {
            cost_cell(contexts[c], remedy, scale, grid_at(&grid, row, 1 + c)->text);
        }
        for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
            struct grid_cell *cell = grid_at(&grid, row, 3 + s);
            rate_cell(&effect->tally[r][s], cell->text);
            cell->dim = effect->tally[r][s].weak == 0;
        }
        ++row;
    }
    grid_print(stream, &grid);
    grid_free(&grid);
    print_sentences(stream, effect);
}

void fences_print_effect(FILE *stream, const struct fence_run *run)
{
    char text[128];
    for (unsigned e = 0; e < run->effect_count; ++e) {
        const struct fence_effect *effect = &run->effect[e];
        snprintf(text, sizeof text, "What it buys: weak outcomes on CPU %u with CPU %u (%s)",
                 effect->cpu, effect->partner, machine_distance_text(effect->distance));
        title(stream, text);
        print_effect(stream, run, effect);
    }
}
