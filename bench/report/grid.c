/* grid.c - pictures that are tables with coloured cells. */
#define _GNU_SOURCE
#include "grid.h"
#include "data.h"
#include "html.h"
#include "../text.h"
#include "cli/cli.h"
#include "page/gnuplot.h"
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The different numbers at a key, ascending: an array of numbers. */
static json_t *values_at(json_t *benchmarks, const char *key)
{
    double *values = calloc(json_array_size(benchmarks) + 1, sizeof *values);
    size_t i, count = 0;
    json_t *benchmark, *array = json_array();
    if (values == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        count += data_number(benchmark, key, &values[count]);
    }
    qsort(values, count, sizeof *values, stats_ascending);
    for (i = 0; i < count; ++i) {
        if (i == 0 || values[i] > values[i - 1]) {
            json_array_append_new(array, json_real(values[i]));
        }
    }
    free(values);
    return array;
}

/* The benchmarks that have these numbers there. */
static json_t *at(json_t *benchmarks, const char *row, double y, const char *column, double x)
{
    size_t i;
    json_t *benchmark, *found = json_array();
    double number;
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (data_number(benchmark, row, &number) && number == y &&
            data_number(benchmark, column, &number) && number == x) {
            json_array_append(found, benchmark);
        }
    }
    return found;
}

/* A background from light to dark blue, in equal factors; what differs by less than two is not all the
 * way. With ink that can be read on it.
 */
static void shade(FILE *stream, double value, double least, double most)
{
    static const unsigned char light[] = {255, 247, 214}, middle[] = {86, 170, 170},
                               dark[] = {20, 40, 110};
    const double span = log(fmax(most / least, 2));
    const double share = value > 0 && least > 0 ? fmin(fmax(log(value / least) / span, 0), 1) : 0;
    const unsigned char *from = share < 0.5 ? light : middle, *to = share < 0.5 ? middle : dark;
    const double part = share < 0.5 ? share * 2 : share * 2 - 1;
    int colour[3];
    for (unsigned i = 0; i < 3; ++i) {
        colour[i] = (int)(from[i] + part * (to[i] - from[i]));
    }
    fprintf(stream, " style=\"background:#%02x%02x%02x;color:%s\"", (unsigned)colour[0],
            (unsigned)colour[1], (unsigned)colour[2], share < 0.6 ? "#111" : "#fff");
}

static json_t *pair_of(json_t *benchmarks, double a, double b)
{
    json_t *found = at(benchmarks, "cpu", a, "partner", b);
    if (json_array_size(found) == 0) {
        json_decref(found);
        found = at(benchmarks, "cpu", b, "partner", a);
    }
    json_t *benchmark = json_incref(json_array_get(found, 0));
    json_decref(found);
    return benchmark;
}

/* All CPUs that are one of a pair, ascending. */
static json_t *cpus_of(json_t *benchmarks)
{
    size_t i;
    json_t *cpu, *partners = values_at(benchmarks, "partner"), *both = values_at(benchmarks, "cpu");
    json_t *boxed = json_array();
    json_array_extend(both, partners);
    json_array_foreach(both, i, cpu)
    {
        json_array_append_new(boxed, json_pack("{s:O}", "cpu", cpu));
    }
    json_t *cpus = values_at(boxed, "cpu");
    json_decref(boxed);
    json_decref(both);
    json_decref(partners);
    return cpus;
}

bool grid_is_one(json_t *benchmarks)
{
    json_t *cpus = cpus_of(benchmarks);
    json_t *names = data_names(benchmarks);
    const bool one = json_array_size(cpus) <= 2 && json_object_size(names) > 1;
    json_decref(names);
    json_decref(cpus);
    return one;
}

static void matrix_cell(FILE *stream, json_t *benchmark, double least, double most)
{
    char text[BENCH_CELL], cell[HTML_CELL];
    double number;
    if (benchmark == NULL || !data_number(benchmark, "real_time", &number)) {
        fputs("<td></td>", stream);
        return;
    }
    fputs("<td", stream);
    shade(stream, number, least, most);
    fputs(" title=\"", stream);
    page_text(stream, html_cell(benchmark, "real_time", cell));
    fprintf(stream, " ns\">%s</td>", bench_number(number, text));
}

static void write_matrix(FILE *stream, json_t *benchmarks, double least, double most)
{
    size_t i, k;
    json_t *row, *column, *cpus = cpus_of(benchmarks);
    fputs("<table class=\"grid\">\n<thead><tr><th scope=\"col\">CPU</th>", stream);
    json_array_foreach(cpus, k, column)
    {
        fprintf(stream, "<th scope=\"col\">%.0f</th>", json_number_value(column));
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
    json_array_foreach(cpus, i, row)
    {
        fprintf(stream, "<tr><th scope=\"row\">%.0f</th>", json_number_value(row));
        json_array_foreach(cpus, k, column)
        {
            json_t *pair = NULL;
            if (i != k) {
                pair = pair_of(benchmarks, json_number_value(row), json_number_value(column));
            }
            matrix_cell(stream, pair, least, most);
            json_decref(pair);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table>\n", stream);
    json_decref(cpus);
}

void grid_matrices(FILE *stream, json_t *benchmarks)
{
    double least = 0, most = 0, number;
    size_t i;
    const char *name;
    json_t *benchmark, *group;
    static const char *const by_candidate[] = {"candidate", NULL};
    json_t *groups = data_group(benchmarks, by_candidate);
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (data_number(benchmark, "real_time", &number) && number > 0) {
            least = least == 0 || number < least ? number : least;
            most = fmax(most, number);
        }
    }
    fputs("<div class=\"wide grids\">\n", stream);
    json_object_foreach(groups, name, group)
    {
        fputs("<div>", stream);
        if (json_object_size(groups) > 1) {
            fputs("<p>", stream);
            page_text(stream, name);
            fputs("</p>\n", stream);
        }
        write_matrix(stream, group, least, most);
        fputs("</div>\n", stream);
    }
    fputs("</div>\n", stream);
    json_decref(groups);
}

/* How many times as long the second takes as the best, repetition by repetition where they were measured
 * together. False: nobody can say.
 */
static bool lead(json_t *best, json_t *second, struct stats_interval *ratio)
{
    json_t *a = json_object_get(best, "samples"), *b = json_object_get(second, "samples");
    const size_t count = json_array_size(a);
    double *ratios = calloc(2 * count + 1, sizeof *ratios);
    size_t good = 0;
    if (ratios == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < count && count == json_array_size(b); ++i) {
        const double x = json_number_value(json_array_get(a, i));
        const double y = json_number_value(json_array_get(b, i));
        if (x > 0 && y > 0) {
            ratios[good++] = y / x;
        }
    }
    if (good >= 3) {
        *ratio = stats_bootstrap(ratios, good, ratios + good);
    }
    free(ratios);
    return good >= 3;
}

/* Fair enough to be spoken of as the best? One thread that keeps the lock is fast, too. */
static bool is_fair(json_t *benchmark)
{
    double jain;
    return !data_number(benchmark, "jain", &jain) || jain >= 0.9;
}

/* The two that take the least time among the fair ones, or among all if none is; second may be NULL. */
static json_t *two_best(json_t *benchmarks, json_t **second)
{
    size_t i;
    json_t *benchmark, *best = NULL;
    double time, least = 0, next = 0;
    bool any_fair = false;
    *second = NULL;
    json_array_foreach(benchmarks, i, benchmark)
    {
        any_fair = any_fair || is_fair(benchmark);
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (!data_number(benchmark, "real_time", &time) || time <= 0 ||
            (any_fair && !is_fair(benchmark))) {
            continue;
        }
        if (best == NULL || time < least) {
            *second = best;
            next = least;
            best = benchmark;
            least = time;
        } else if (*second == NULL || time < next) {
            *second = benchmark;
            next = time;
        }
    }
    return best;
}

/* A colour for each winner of the map: its colour in other pictures, or one that no other winner has. */
static json_t *winners_of(json_t *cells, json_t *colours)
{
    bool taken[PLOT_COLOURS] = {false};
    size_t i;
    const char *name;
    json_t *cell, *second, *value, *winners = json_object();
    json_array_foreach(cells, i, cell)
    {
        json_t *best = two_best(cell, &second);
        value = best != NULL ? json_object_get(colours, data_candidate(best)) : NULL;
        if (value != NULL && json_integer_value(value) < PLOT_COLOURS) {
            taken[json_integer_value(value)] = true;
        }
        if (best != NULL) {
            json_object_set_new(winners, data_candidate(best),
                                value != NULL ? json_incref(value) : json_integer(-1));
        }
    }
    json_object_foreach(winners, name, value)
    {
        json_int_t colour = 0;
        if (json_integer_value(value) >= 0) {
            continue;
        }
        while (colour < PLOT_COLOURS && taken[colour]) {
            ++colour;
        }
        json_integer_set(value, colour);
        if (colour < PLOT_COLOURS) {
            taken[colour] = true;
        }
    }
    return winners;
}

/* Who is faster still, and not fair. */
static void unfair_cell(FILE *stream, json_t *benchmarks, json_t *best)
{
    char number[BENCH_CELL];
    size_t i;
    json_t *benchmark, *fastest = best;
    double time, jain;
    struct stats_interval rate, ratio;
    json_array_foreach(benchmarks, i, benchmark)
    {
        if (data_number(benchmark, "real_time", &time) && time > 0 &&
            time < json_number_value(json_object_get(fastest, "real_time"))) {
            fastest = benchmark;
        }
    }
    if (fastest != best && lead(fastest, best, &ratio) && ratio.low > 1 &&
        data_interval(fastest, "rate", &rate) && data_number(fastest, "jain", &jain)) {
        fputs("<br/><small>unfair: ", stream);
        page_text(stream, data_candidate(fastest));
        fprintf(stream, ", %s M/s, Jain %.2f</small>", bench_number(rate.middle, number), jain);
    }
}

static void map_cell(FILE *stream, json_t *benchmarks, json_t *winners)
{
    char number[BENCH_CELL];
    struct stats_interval rate, ratio = {1, 1, 1};
    json_t *second, *best = two_best(benchmarks, &second);
    if (best == NULL) {
        fputs("<td></td>", stream);
        return;
    }
    const char *name = data_candidate(best);
    const bool clear = second != NULL && lead(best, second, &ratio) && ratio.low > 1;
    const json_int_t colour = json_integer_value(json_object_get(winners, name));
    fprintf(stream, "<td class=\"m%d%s\">", colour < PLOT_COLOURS ? (int)colour : PLOT_COLOURS,
            clear || second == NULL ? "" : " noise");
    page_text(stream, name);
    if (data_interval(best, "rate", &rate)) {
        fprintf(stream, "<br/><small>%s M/s", bench_number(rate.middle, number));
        if (clear) {
            fprintf(stream, ", +%.*f %% before ", ratio.middle < 1.1 ? 1 : 0,
                    100 * (ratio.middle - 1));
            page_text(stream, data_candidate(second));
        } else if (second != NULL) {
            fputs(", as fast as ", stream);
            page_text(stream, data_candidate(second));
        }
        fputs("</small>", stream);
    }
    unfair_cell(stream, benchmarks, best);
    fputs("</td>", stream);
}

void grid_map(FILE *stream, json_t *benchmarks, const char *row, const char *column,
              json_t *colours)
{
    size_t i, k;
    json_t *y, *x, *rows = values_at(benchmarks, row), *columns = values_at(benchmarks, column);
    json_t *cells = json_array();
    json_array_foreach(rows, i, y)
    {
        json_array_foreach(columns, k, x)
        {
            json_array_append_new(
                cells, at(benchmarks, row, json_number_value(y), column, json_number_value(x)));
        }
    }
    json_t *winners = winners_of(cells, colours);
    fputs("<div class=\"wide\"><table class=\"grid map\">\n<thead><tr><th scope=\"col\">", stream);
    page_text(stream, data_label(row));
    fputs(" \xe2\x86\x93 \xc2\xa0 ", stream);
    page_text(stream, data_label(column));
    fputs(" \xe2\x86\x92</th>", stream);
    json_array_foreach(columns, k, x)
    {
        fprintf(stream, "<th scope=\"col\">%g</th>", json_number_value(x));
    }
    fputs("</tr></thead>\n<tbody>\n", stream);
    json_array_foreach(rows, i, y)
    {
        fprintf(stream, "<tr><th scope=\"row\">%g</th>", json_number_value(y));
        json_array_foreach(columns, k, x)
        {
            map_cell(stream, json_array_get(cells, i * json_array_size(columns) + k), winners);
        }
        fputs("</tr>\n", stream);
    }
    fputs("</tbody></table></div>\n", stream);
    json_decref(winners);
    json_decref(cells);
    json_decref(rows);
    json_decref(columns);
}
