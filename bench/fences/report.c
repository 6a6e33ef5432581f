/* report.c - what `cordon-bench fences` found, for people and for programs. */
#define _GNU_SOURCE
#include "fences.h"
#include "../code.h"
#include "../gbench.h"
#include "../text.h"
#include "cli/cli.h"

#include <cordon/fence.h>

#include <stdlib.h>
#include <string.h>

enum { CELL = BENCH_CELL };

/* "5.31 [5.28, 5.35]"; a difference within the noise is no number. Where the noise could hide a
 * cost worth knowing of, its bound is told.
 */
static void cell(const struct fence_result *result, double scale, char text[CELL])
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

static void describe(const struct fence_run *run, const struct fence_context *context, char *line1,
                     char *line2)
{
    switch (context->place) {
    case FENCE_EMPTY:
        snprintf(line1, CELL, "store buffer");
        snprintf(line2, CELL, "empty");
        break;
    case FENCE_OWN:
        snprintf(line1, CELL, "after %u store%s", run->stores, run->stores == 1 ? "" : "s");
        snprintf(line2, CELL, "to own lines");
        break;
    case FENCE_TAKEN:
        snprintf(line1, CELL, "after %u store%s to", run->stores, run->stores == 1 ? "" : "s");
        snprintf(line2, CELL, "lines CPU %u owns", context->partner);
        break;
    }
}

static void print_costs(FILE *stream, const struct fence_run *run, double scale)
{
    const struct cli_style style = cli_style(stream);
    char cells[FENCE_MOST_CONTEXTS][CELL], heads[FENCE_MOST_CONTEXTS][2][CELL];
    int widths[FENCE_MOST_CONTEXTS];
    for (unsigned c = 0; c < run->context_count; ++c) {
        describe(run, &run->context[c], heads[c][0], heads[c][1]);
        const size_t a = strlen(heads[c][0]), b = strlen(heads[c][1]);
        widths[c] = (int)(a > b ? a : b);
        for (unsigned i = 0; i < fence_count; ++i) {
            cell(&run->context[c].result[i], scale, cells[c]);
            const int width = (int)strlen(cells[c]);
            widths[c] = width > widths[c] ? width : widths[c];
        }
    }
    for (unsigned line = 0; line < 2; ++line) {
        fprintf(stream, "%s%-12s", style.bold, line ? "fence" : "");
        for (unsigned c = 0; c < run->context_count; ++c) {
            fprintf(stream, "  %-*s", c + 1 < run->context_count ? widths[c] : 0, heads[c][line]);
        }
        fprintf(stream, "%s\n", style.reset);
    }
    enum fence_kind kind = FENCE_CONTROL;
    for (unsigned i = 0; i < fence_count; ++i) {
        if (!run->selected[i]) {
            continue;
        }
        const enum fence_kind group =
            fences[i].kind == FENCE_FULL_REFERENCE ? FENCE_REFERENCE : fences[i].kind;
        if (group != kind) {
            fputc('\n', stream);
            kind = group;
        }
        fprintf(stream, "%-12s", fences[i].name);
        for (unsigned c = 0; c < run->context_count; ++c) {
            const struct fence_result *result = &run->context[c].result[i];
            cell(result, scale, cells[c]);
            fprintf(stream, "  %s%-*s%s", result->noise ? style.dim : "",
                    c + 1 < run->context_count ? widths[c] : 0, cells[c],
                    result->noise ? style.reset : "");
        }
        fputc('\n', stream);
    }
    char text[CELL];
    fprintf(stream, "\n%-12s", "~0 is below");
    for (unsigned c = 0; c < run->context_count; ++c) {
        const bool last = c + 1 == run->context_count;
        fprintf(stream, "  %-*s", last ? 0 : widths[c],
                run->context[c].done ? bench_number(run->context[c].resolution * scale, text)
                                     : "-");
    }
    fputc('\n', stream);
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
        spans[i].begin = fences[i].begin;
        spans[i].end = fences[i].end;
    }
    char **instructions = code_disassemble(spans, fence_count);
    fprintf(stream, "\n%sThe code measured, read from the loop itself%s\n", style.bold,
            style.reset);
    for (unsigned i = 0; i < fence_count; ++i) {
        if (!run->selected[i]) {
            continue;
        }
        const char *meaning = instructions != NULL && instructions[i] ? instructions[i] : "";
        code_bytes(spans[i], text, *meaning ? 40 : sizeof text);
        fprintf(stream, *meaning ? "%-12s  %-38s  %s\n" : "%-12s  %s\n", fences[i].name, text,
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
        if (!fences_compare(context, &comparison)) {
            continue;
        }
        char head[2][CELL], low[CELL], middle[CELL], high[CELL];
        if (!any) {
            fprintf(stream, "\n%sThe full fence against the cheapest alternative%s\n", style.bold,
                    style.reset);
            any = true;
        }
        describe(run, context, head[0], head[1]);
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
    bench_print_machine(stream, &run->machine, &run->clock);
    bench_print_membarrier(stream);
    fprintf(stream, "measured   on CPU %u", run->context[0].cpu);
    for (unsigned c = 0; c < run->context_count; ++c) {
        if (run->context[c].place == FENCE_TAKEN) {
            fprintf(stream, "; CPU %u (%s) takes the lines", run->context[c].partner,
                    machine_distance_text(run->context[c].distance));
        }
    }
    fputc('\n', stream);
    bench_print_warnings(stream, &run->machine, NULL);
}

void fences_print(FILE *stream, const struct fence_run *run)
{
    const struct cli_style style = cli_style(stream);
    const double scale = run->cycles ? 1 / run->clock.cycle_ns : 1;
    const char *unit = run->cycles ? "core cycles" : "ns";
    unsigned fewest = run->repetitions;
    print_conditions(stream, run);
    fprintf(stream, "\n%sMarginal cost, %s: median [95 %% interval]%s\n\n", style.bold, unit,
            style.reset);
    print_costs(stream, run, scale);
    if (run->context[run->context_count - 1].place != FENCE_TAKEN) {
        fprintf(stream, "\nNot measured: the cost after stores to lines another core owns. That "
                        "needs two allowed CPUs.\n");
    }
    print_code(stream, run);
    print_sentence(stream, run, scale, unit);
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
        const struct code_span span = {fences[i].begin, fences[i].end};
        code_bytes(span, text, sizeof text);
        fprintf(stream, "%-12s  %-52s  %s\n", fences[i].name, fences[i].what, text);
    }
}

/* fences/full/empty, fences/full/own:8, fences/full/taken:8/cpu:0/partner:1 */
static json_t *benchmark_of(const struct fence_run *run, const struct fence_context *context,
                            unsigned index)
{
    static const char *const places[] = {"empty", "own", "taken"};
    const struct fence_result *result = &context->result[index];
    char name[128], bytes[256];
    const struct code_span span = {fences[index].begin, fences[index].end};
    int used =
        snprintf(name, sizeof name, "fences/%s/%s", fences[index].name, places[context->place]);
    if (context->place != FENCE_EMPTY) {
        used += snprintf(name + used, sizeof name - (size_t)used, ":%u", run->stores);
    }
    if (context->place == FENCE_TAKEN) {
        snprintf(name + used, sizeof name - (size_t)used, "/cpu:%u/partner:%u", context->cpu,
                 context->partner);
    }
    code_bytes(span, bytes, sizeof bytes);
    json_t *benchmark = json_pack(
        "{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:I, s:f, s:f, s:s, s:s, s:s, s:b, s:[f,f], s:f, "
        "s:f, s:s, s:o, s:o, s:o}",
        "name", name, "run_name", name, "run_type", "iteration", "family_index", (int)index,
        "repetitions", 1, "repetition_index", 0, "threads", context->place == FENCE_TAKEN ? 2 : 1,
        "iterations", (json_int_t)(result->rounds * result->count), "real_time",
        result->interval.middle, "cpu_time", result->interval.middle, "time_unit", "ns", "fence",
        fences[index].name, "context", places[context->place], "within_noise", result->noise,
        "interval_95", result->interval.low, result->interval.high, "resolution",
        context->resolution, "cycles", result->interval.middle / run->clock.cycle_ns, "bytes",
        bytes, "samples", gbench_samples(result->marginal, result->count), "samples_with",
        gbench_samples(result->with, result->count), "samples_without",
        gbench_samples(result->without, result->count));
    return benchmark;
}

static json_t *comparisons_of(const struct fence_run *run)
{
    static const char *const places[] = {"empty", "own", "taken"};
    json_t *array = json_array();
    for (unsigned c = 0; c < run->context_count; ++c) {
        struct fence_comparison comparison;
        if (fences_compare(&run->context[c], &comparison)) {
            json_array_append_new(
                array,
                json_pack("{s:s, s:s, s:f, s:[f,f], s:b}", "context", places[run->context[c].place],
                          "cheapest", comparison.cheapest->name, "difference",
                          comparison.difference.middle, "interval_95", comparison.difference.low,
                          comparison.difference.high, "full_is_dearer", comparison.dearer));
        }
    }
    return array;
}

json_t *fences_document(const struct fence_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    json_object_set_new(context, "membarrier",
                        json_boolean(cordon_fence_asymmetric_probe() == CORDON_FENCE_MEMBARRIER));
    json_object_set_new(context, "full_fence", comparisons_of(run));
    for (unsigned c = 0; c < run->context_count; ++c) {
        for (unsigned i = 0; i < fence_count; ++i) {
            if (run->context[c].result[i].count > 0) {
                json_array_append_new(benchmarks, benchmark_of(run, &run->context[c], i));
            }
        }
    }
    return gbench_document(context, benchmarks);
}
