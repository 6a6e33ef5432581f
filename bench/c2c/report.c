/* report.c - what `cordon-bench c2c` found, for people and for programs. */
#define _GNU_SOURCE
#include "c2c.h"
#include "../gbench.h"
#include "../text.h"
#include "cli/cli.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum {
    CELL_WIDTH = 6,
    LISTED_PAIRS = 28, /* of eight CPUs; a list of more is nothing to read */
};

/* The nearest and the farthest pair that were measured. */
struct range {
    const struct c2c_pair *least, *most;
    unsigned pairs;
};

static struct range range_of(const struct c2c_run *run, int distance)
{
    struct range range = {NULL, NULL, 0};
    for (unsigned i = 0; i < run->pair_count; ++i) {
        const struct c2c_pair *pair = &run->pair[i];
        if (pair->count == 0 || (distance >= 0 && pair->distance != (unsigned)distance)) {
            continue;
        }
        if (range.pairs == 0 || pair->interval.middle < range.least->interval.middle) {
            range.least = pair;
        }
        if (range.pairs == 0 || pair->interval.middle > range.most->interval.middle) {
            range.most = pair;
        }
        ++range.pairs;
    }
    return range;
}

/* A background from green, nearest, to red, farthest, in equal factors; nothing without colour. */
static void heat(FILE *stream, const struct range *range, double ns)
{
    static const unsigned char colours[] = {28, 34, 70, 106, 142, 178, 172, 166, 160};
    enum { LAST = sizeof colours - 1 };
    const double least = range->least->interval.middle;
    /* What differs by less than a factor of two is not all the way from green to red. */
    const double span = log(fmax(range->most->interval.middle / least, 2));
    const double at = log(ns / least) / span * LAST;
    fprintf(stream, "\033[38;5;16;48;5;%um", colours[at < LAST ? (unsigned)(at + 0.5) : LAST]);
}

static unsigned columns_at_once(FILE *stream, unsigned all)
{
    struct winsize size;
    if (!isatty(fileno(stream)) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0 ||
        size.ws_col < 4 * CELL_WIDTH) {
        return all;
    }
    return (unsigned)size.ws_col / CELL_WIDTH - 1;
}

/* Columns [first, last) of the lower triangle: the two directions of a pair are one figure. */
static void print_panel(FILE *stream, const struct c2c_run *run, unsigned first, unsigned last)
{
    const struct cli_style style = cli_style(stream);
    const struct range range = range_of(run, -1);
    char text[BENCH_CELL];
    fprintf(stream, "%s%*s", style.bold, CELL_WIDTH, "CPU");
    for (unsigned k = first; k < last; ++k) {
        fprintf(stream, "%*u", CELL_WIDTH, run->cpu[k]->os);
    }
    fprintf(stream, "%s\n", style.reset);
    for (unsigned i = first + 1; i < run->cpu_count; ++i) {
        fprintf(stream, "%s%*u%s", style.bold, CELL_WIDTH, run->cpu[i]->os, style.reset);
        for (unsigned k = first; k < i && k < last; ++k) {
            const struct c2c_pair *pair = &run->pair[c2c_index(i, k)];
            if (pair->count == 0) {
                fprintf(stream, "%*s", CELL_WIDTH, "-");
                continue;
            }
            if (*style.reset != '\0') {
                heat(stream, &range, pair->interval.middle);
            }
            fprintf(stream, "%*s%s", CELL_WIDTH, bench_number(pair->interval.middle, text),
                    style.reset);
        }
        fputc('\n', stream);
    }
}

static void print_matrix(FILE *stream, const struct c2c_run *run)
{
    const unsigned columns = run->cpu_count - 1;
    const unsigned at_once = columns_at_once(stream, columns);
    for (unsigned first = 0; first < columns; first += at_once) {
        const unsigned last = columns - first > at_once ? first + at_once : columns;
        fputs(first > 0 ? "\n" : "", stream);
        print_panel(stream, run, first, last);
    }
}

static const char *pair_name(const struct c2c_pair *pair, char text[BENCH_CELL])
{
    snprintf(text, BENCH_CELL, "%u, %u", pair->a->os, pair->b->os);
    return text;
}

static void print_pairs(FILE *stream, const struct c2c_run *run)
{
    const struct cli_style style = cli_style(stream);
    char name[BENCH_CELL], interval[BENCH_CELL], half[BENCH_CELL], text[4][BENCH_CELL];
    fprintf(stream, "\n%s%-12s  %-18s  %-20s  %-16s  least ... most%s\n", style.bold, "CPUs",
            "distance", "median [95 %]", "half are in", style.reset);
    for (unsigned i = 0; i < run->pair_count; ++i) {
        const struct c2c_pair *pair = &run->pair[i];
        fprintf(stream, "%-12s  %-18s  ", pair_name(pair, name),
                machine_distance_text(pair->distance));
        if (pair->count == 0) {
            fputs("-\n", stream);
            continue;
        }
        snprintf(half, sizeof half, "%.18s ... %.18s", bench_number(pair->quarter, text[0]),
                 bench_number(pair->three_quarters, text[1]));
        fprintf(stream, "%-20s  %-16s  %s ... %s%s\n", bench_interval(pair->interval, 1, interval),
                half, bench_number(pair->least, text[2]), bench_number(pair->most, text[3]),
                c2c_scattered(pair) ? "  scattered" : "");
    }
}

static void print_distances(FILE *stream, const struct c2c_run *run)
{
    const struct cli_style style = cli_style(stream);
    char name[BENCH_CELL], number[BENCH_CELL], near[BENCH_CELL], far[BENCH_CELL];
    double *medians = calloc(run->pair_count, sizeof *medians);
    if (medians == NULL) {
        return;
    }
    fprintf(stream, "\n%s%-18s  %6s  %6s  %-20s  %s%s\n", style.bold, "distance", "pairs", "median",
            "nearest (CPUs)", "farthest", style.reset);
    for (int distance = 0; distance < MACHINE_DISTANCES; ++distance) {
        const struct range range = range_of(run, distance);
        unsigned count = 0;
        for (unsigned i = 0; i < run->pair_count; ++i) {
            if (run->pair[i].count > 0 && run->pair[i].distance == (unsigned)distance) {
                medians[count++] = run->pair[i].interval.middle;
            }
        }
        if (count == 0) {
            continue;
        }
        fprintf(stream, "%-18s  %6u  %6s", machine_distance_text((enum machine_distance)distance),
                count, bench_number(stats_median(medians, count), number));
        snprintf(near, sizeof near, "%.18s (%.30s)",
                 bench_number(range.least->interval.middle, number), pair_name(range.least, name));
        snprintf(far, sizeof far, "%.18s (%.30s)",
                 bench_number(range.most->interval.middle, number), pair_name(range.most, name));
        fprintf(stream, "  %-20s  %s\n", near, far);
    }
    free(medians);
}

/* What the place of the line does to it: all samples, by the node where the line lay. */
static void print_homes(FILE *stream, const struct c2c_run *run)
{
    char low[BENCH_CELL], middle[BENCH_CELL], high[BENCH_CELL];
    double *samples = calloc((size_t)run->pair_count * run->repetitions, sizeof *samples);
    if (samples == NULL) {
        return;
    }
    fputc('\n', stream);
    for (unsigned home = 0; home < run->home_count; ++home) {
        size_t count = 0;
        for (unsigned i = 0; i < run->pair_count; ++i) {
            for (unsigned k = 0; k < run->pair[i].count; ++k) {
                if (run->pair[i].sample[k].home == home) {
                    samples[count++] = run->pair[i].sample[k].ns;
                }
            }
        }
        if (count > 0) {
            qsort(samples, count, sizeof *samples, stats_ascending);
            fprintf(stream, "lines on NUMA node %u: median %s, half of all samples in %s to %s\n",
                    run->home[home], bench_number(samples[count / 2], middle),
                    bench_number(samples[count / 4], low),
                    bench_number(samples[count - 1 - count / 4], high));
        }
    }
    free(samples);
}

static void print_scatter(FILE *stream, const struct c2c_run *run)
{
    const struct cli_style style = cli_style(stream);
    unsigned count = 0;
    for (unsigned i = 0; i < run->pair_count; ++i) {
        count += c2c_scattered(&run->pair[i]);
    }
    if (count > 0) {
        fprintf(stream,
                "\n%sscattered%s  half of the samples of %u pair%s span a factor of 1.5 or more: %s"
                "\n           decided more than the pair did. Do not trust %s.\n",
                style.yellow, style.reset, count, count == 1 ? "" : "s",
                run->machine.virtual_machine
                    ? "the host,\n           moving a virtual CPU to another core,"
                    : "the line's\n           place, or another program,",
                count == 1 ? "that median" : "those medians");
    }
}

void c2c_print(FILE *stream, const struct c2c_run *run)
{
    const struct cli_style style = cli_style(stream);
    bench_print_machine(stream, &run->machine, &run->clock);
    fputs("one figure is half a round trip: CPU A stores to a line that CPU B is reading, and B\n"
          "           stores its answer to the same line; ns from the one store to the other\n",
          stream);
    bench_print_warnings(stream, &run->machine, NULL);
    fprintf(stream, "\n%sCore to core, ns one way: median%s\n\n", style.bold, style.reset);
    print_matrix(stream, run);
    if (run->pair_count <= LISTED_PAIRS) {
        print_pairs(stream, run);
    }
    if (run->pair_count > 1) {
        print_distances(stream, run);
    }
    if (run->home_count > 1) {
        print_homes(stream, run);
    }
    print_scatter(stream, run);
    bench_print_end(stream, run->done, run->repetitions, run->blocks, run->repeated, "blocks");
}

/* c2c/cpu:0/partner:1 */
static json_t *benchmark_of(const struct c2c_run *run, unsigned index)
{
    const struct c2c_pair *pair = &run->pair[index];
    char name[64];
    json_t *samples = json_array(), *lines = json_array(), *homes = json_array();
    for (unsigned i = 0; i < pair->count; ++i) {
        json_array_append_new(samples, json_real(pair->sample[i].ns));
        json_array_append_new(lines, json_integer(pair->sample[i].line));
        json_array_append_new(homes, json_integer(run->home[pair->sample[i].home]));
    }
    snprintf(name, sizeof name, "c2c/cpu:%u/partner:%u", pair->a->os, pair->b->os);
    return json_pack(
        "{s:s, s:s, s:s, s:i, s:i, s:i, s:i, s:I, s:f, s:f, s:s, s:s, s:s, s:s, s:s, s:i, s:i, "
        "s:s, "
        "s:[f,f], s:f, s:[f,f], s:b, s:f, s:f, s:f, s:o, s:o, s:o}",
        "name", name, "run_name", name, "run_type", "iteration", "family_index", (int)index,
        "repetitions", 1, "repetition_index", 0, "threads", 2, "iterations",
        (json_int_t)pair->rounds * pair->count, "real_time", pair->interval.middle, "cpu_time",
        pair->interval.middle, "time_unit", "ns", "bench", "c2c", "part", "pairs", "candidate",
        "line", "library", "reference", "cpu", (int)pair->a->os, "partner", (int)pair->b->os,
        "distance", machine_distance_text(pair->distance), "interval_95", pair->interval.low,
        pair->interval.high, "least", pair->least, "quartiles", pair->quarter, pair->three_quarters,
        "scattered", c2c_scattered(pair), "most", pair->most, "round_trip",
        2 * pair->interval.middle, "cycles", pair->interval.middle / run->clock.cycle_ns, "samples",
        samples, "sample_lines", lines, "sample_nodes", homes);
}

json_t *c2c_document(const struct c2c_run *run)
{
    json_t *context = gbench_context(&run->machine, &run->clock, NULL);
    json_t *benchmarks = json_array();
    if (context == NULL || benchmarks == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < run->pair_count; ++i) {
        if (run->pair[i].count > 0) {
            json_array_append_new(benchmarks, benchmark_of(run, i));
        }
    }
    return gbench_document(context, benchmarks);
}
