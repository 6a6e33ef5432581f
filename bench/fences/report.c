/* report.c - what `cordon-bench fences` found, for people: the costs and the code. */
#define _GNU_SOURCE
#include "fences.h"
#include "grid.h"
#include "cli/cli.h"

#include <cordon/fence.h>

#include <stdlib.h>
#include <string.h>

enum { CELL = BENCH_CELL };

void fences_cell(const struct fence_result *result, double scale, char *text)
{
    char high[CELL];
    const struct stats_interval interval = result->interval;
    if (result->count == 0) {
        snprintf(text, CELL, "-");
    } else if (result->noise && interval.high * scale > 1) {
        snprintf(text, CELL, "~0 (< %.20s)", bench_number(interval.high * scale, high));
    } else if (result->noise) {
        snprintf(text, CELL, "~0");
    } else {
        bench_interval(interval, scale, text);
    }
}

static void describe(const struct fence_context *context, char *line1, char *line2)
{
    const char *plural = context->count == 1 ? "" : "s";
    switch (context->place) {
    case FENCE_EMPTY:
        snprintf(line1, CELL, "store buffer");
        snprintf(line2, CELL, "empty");
        break;
    case FENCE_OWN:
        snprintf(line1, CELL, "after %u store%s", context->count, plural);
        snprintf(line2, CELL, "to own lines");
        break;
    case FENCE_TAKEN:
        snprintf(line1, CELL, "after %u store%s to", context->count, plural);
        snprintf(line2, CELL, "lines CPU %u owns", context->partner);
        break;
    case FENCE_LOADS:
        snprintf(line1, CELL, "after %u load%s", context->count, plural);
        snprintf(line2, CELL, "that miss%s", context->count == 1 ? "es" : "");
        break;
    case FENCE_ALL:
        snprintf(line1, CELL, "after %u own store%s,", context->count, plural);
        snprintf(line2, CELL, "all CPUs at once");
        break;
    case FENCE_PLACES:
        break;
    }
}

/* Rows of one table that were asked for. */
static bool in_table(const struct fence_run *run, unsigned fence, bool accesses)
{
    return run->selected[fence] && (fences[fence].kind == FENCE_ACCESS) == accesses;
}

static bool in_columns(const struct fence_run *run, unsigned context, bool accesses)
{
    const enum fence_place place = run->context[context].place;
    return run->context[context].column &&
           (!accesses || (place != FENCE_LOADS && place != FENCE_ALL));
}

/* Does an empty line part this row from the one above? */
static bool begins_group(unsigned above, unsigned fence)
{
    const enum fence_kind before = fences[above].kind, kind = fences[fence].kind;
    if (kind == FENCE_ACCESS) { /* each operation is a group */
        const size_t length = strcspn(fences[fence].name, "_");
        return strncmp(fences[above].name, fences[fence].name, length) != 0;
    }
    return before != kind && before != FENCE_REFERENCE && before != FENCE_FULL_REFERENCE;
}

static void print_table(FILE *stream, const struct fence_run *run, double scale, bool accesses)
{
    unsigned rows = 3, columns = accesses ? 2 : 1, last = fence_count;
    struct grid grid;
    for (unsigned i = 0; i < fence_count; ++i) {
        rows += in_table(run, i, accesses);
    }
    for (unsigned c = 0; c < run->context_count; ++c) {
        columns += in_columns(run, c, accesses);
    }
    grid_init(&grid, 2, rows, columns);
    snprintf(grid_at(&grid, 0, 0)->text, CELL, accesses ? "access" : "fence");
    unsigned column = 1;
    if (accesses) {
        snprintf(grid_at(&grid, 0, column)->text, CELL, "beyond");
        ++column;
    }
    for (unsigned c = 0; c < run->context_count; ++c) {
        if (in_columns(run, c, accesses)) {
            describe(&run->context[c], grid_at(&grid, 0, column)->text,
                     grid_at(&grid, 1, column)->text);
            const struct fence_context *context = &run->context[c];
            char *error = grid_at(&grid, rows - 1, column)->text;
            snprintf(error, CELL, "-");
            if (context->done) {
                bench_number(context->resolution * scale, error);
            }
            ++column;
        }
    }
    unsigned row = 2;
    for (unsigned i = 0; i < fence_count; ++i) {
        if (!in_table(run, i, accesses)) {
            continue;
        }
        snprintf(grid_at(&grid, row, 0)->text, CELL, "%s", fences[i].name);
        grid.gap[row] = last < fence_count && begins_group(last, i);
        last = i;
        column = 1;
        if (accesses) {
            snprintf(grid_at(&grid, row, column++)->text, CELL, "%s",
                     fences[i].against[0] != '\0' ? fences[i].against : "nothing");
        }
        for (unsigned c = 0; c < run->context_count; ++c) {
            if (in_columns(run, c, accesses)) {
                const struct fence_result *result = &run->context[c].result[i];
                struct grid_cell *cell = grid_at(&grid, row, column++);
                fences_cell(result, scale, cell->text);
                cell->dim = result->noise;
            }
        }
        ++row;
    }
    snprintf(grid_at(&grid, row, 0)->text, CELL, "~0 is below");
    grid.gap[row] = true;
    grid_print(stream, &grid);
    grid_free(&grid);
}

static bool same_code(unsigned fence)
{
    const struct code_span a = fences[fence].code, b = fences[fence].reference_code;
    return a.begin < a.end && a.end - a.begin == b.end - b.begin &&
           memcmp(a.begin, b.begin, (size_t)(a.end - a.begin)) == 0;
}

static void print_code(FILE *stream, const struct fence_run *run)
{
    const struct cli_style style = cli_style(stream);
    struct code_span *spans = calloc(fence_count, sizeof *spans);
    char text[64];
    if (spans == NULL) {
        return;
    }
    for (unsigned i = 0; i < fence_count; ++i) {
        spans[i] = fences[i].code;
    }
    char **instructions = code_disassemble(spans, fence_count);
    fprintf(stream, "\n%sThe code measured, read from the loop itself%s\n", style.bold,
            style.reset);
    for (unsigned i = 0; i < fence_count; ++i) {
        const bool access = fences[i].kind == FENCE_ACCESS;
        if (!run->selected[i] || !run->part[access ? FENCE_ACCESSES : FENCE_COSTS]) {
            continue;
        }
        if (same_code(i)) {
            fprintf(stream, "%-17s  as %s\n", fences[i].name, fences[i].against);
            continue;
        }
        const char *meaning = instructions != NULL && instructions[i] ? instructions[i] : "";
        code_bytes(spans[i], text, *meaning ? 40 : sizeof text);
        fprintf(stream, *meaning ? "%-17s  %-38s  %s\n" : "%-17s  %s\n", fences[i].name, text,
                meaning);
    }
    code_free(instructions, fence_count);
    free(spans);
}

static void print_sentence(FILE *stream, const struct fence_run *run, double scale,
                           const char *unit)
{
    const struct cli_style style = cli_style(stream);
    bool any = false;
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *context = &run->context[c];
        struct fence_comparison comparison;
        if (!context->column || !fences_compare(context, &comparison)) {
            continue;
        }
        char head[2][CELL], low[CELL], middle[CELL], high[CELL];
        if (!any) {
            fprintf(stream, "\n%sThe full fence against the cheapest alternative%s\n", style.bold,
                    style.reset);
            any = true;
        }
        describe(context, head[0], head[1]);
        const struct stats_interval difference = comparison.difference;
        bench_number(difference.middle * scale, middle);
        bench_number(difference.low * scale, low);
        bench_number(difference.high * scale, high);
        fprintf(stream, "%s %s: cordon_fence_full is %s %s (difference %s %s [%s, %s])\n", head[0],
                head[1],
                comparison.dearer    ? "DEARER than"
                : comparison.cheaper ? "cheaper than"
                                     : "no dearer than",
                comparison.cheapest->name, middle, unit, low, high);
    }
}

static void print_conditions(FILE *stream, const struct fence_run *run)
{
    unsigned told = MACHINE_UNKNOWN;
    bench_print_machine(stream, &run->machine, &run->clock);
    bench_print_membarrier(stream);
    fprintf(stream, "measured   on CPU %u", run->cpu->os);
    for (unsigned c = 0; c < run->context_count; ++c) {
        const struct fence_context *context = &run->context[c];
        if (context->place == FENCE_TAKEN && context->partner != told) {
            told = context->partner;
            fprintf(stream, "; CPU %u (%s) takes the lines", told,
                    machine_distance_text(context->distance));
        }
    }
    fputc('\n', stream);
    if (run->far_bytes > 0) {
        fprintf(stream, "           loads that miss go to random places in %zu MiB\n",
                run->far_bytes >> 20);
    }
    bench_print_warnings(stream, &run->machine, NULL);
}

void fences_print(FILE *stream, const struct fence_run *run)
{
    const struct cli_style style = cli_style(stream);
    const double scale = run->cycles ? 1 / run->clock.cycle_ns : 1;
    const char *unit = run->cycles ? "core cycles" : "ns";
    unsigned fewest = run->repetitions;
    print_conditions(stream, run);
    if (run->part[FENCE_COSTS]) {
        fprintf(stream, "\n%sFences: marginal cost, %s: median [95 %% interval]%s\n\n", style.bold,
                unit, style.reset);
        print_table(stream, run, scale, false);
    }
    if (run->part[FENCE_ACCESSES]) {
        fprintf(stream, "\n%sC11 accesses: marginal cost, %s: median [95 %% interval]%s\n\n",
                style.bold, unit, style.reset);
        print_table(stream, run, scale, true);
    }
    if (run->part[FENCE_LADDER]) {
        fences_print_ladder(stream, run);
    }
    if (run->part[FENCE_MEMBARRIER]) {
        fences_print_membarrier(stream, run);
    }
    if (run->part[FENCE_EFFECT]) {
        fences_print_effect(stream, run);
    }
    if (run->machine.cpu_count < 2) {
        fprintf(stream,
                "\nNot measured, since it needs two allowed CPUs: the cost after stores to lines "
                "another core\nowns, with all CPUs fencing, and to others of a heavy fence; and "
                "what a fence buys.\n");
    }
    if (run->part[FENCE_COSTS] || run->part[FENCE_ACCESSES]) {
        print_code(stream, run);
    }
    if (run->part[FENCE_COSTS]) {
        print_sentence(stream, run, scale, unit);
    }
    for (unsigned c = 0; c < run->context_count; ++c) {
        fewest = run->context[c].repetitions < fewest ? run->context[c].repetitions : fewest;
    }
    bench_print_end(stream, fewest, run->repetitions, run->blocks, run->repeated,
                    "pairs of blocks");
}

void fences_print_list(FILE *stream)
{
    char text[40];
    for (unsigned i = 0; i < fence_count; ++i) {
        code_bytes(fences[i].code, text, sizeof text);
        fprintf(stream, "%-17s  %-59s  %s\n", fences[i].name, fences[i].what, text);
    }
}
