/* draw.c - what goes into each picture that gnuplot draws. */
#define _GNU_SOURCE
#include "draw.h"
#include "data.h"
#include "html.h"
#include "sections.h"
#include "../text.h"
#include "cli/cli.h"
#include "page/gnuplot.h"
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    MOST_SERIES = 8,  /* in colour */
    MOST_TICKS = 12,  /* if a value has one each */
    MOST_RATIOS = 50, /* in one picture */
    WIDTH = 860,
    HEIGHT = 400
};

static bool more_is_better(const char *key)
{
    return strcmp(key, "rate") == 0 || strcmp(key, "jain") == 0;
}

static struct plot_series *new_series(struct plot *plot, const char *title)
{
    plot->series = realloc(plot->series, (plot->count + 1) * sizeof *plot->series);
    if (plot->series == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    struct plot_series *series = &plot->series[plot->count++];
    memset(series, 0, sizeof *series);
    snprintf(series->title, sizeof series->title, "%s", title);
    return series;
}

static void add_tick(struct plot_axis *axis, double at, const char *label)
{
    axis->tick = realloc(axis->tick, (axis->ticks + 1) * sizeof *axis->tick);
    if (axis->tick == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    axis->tick[axis->ticks].at = at;
    snprintf(axis->tick[axis->ticks++].label, sizeof axis->tick->label, "%s", label);
}

static void free_plot(struct plot *plot)
{
    for (unsigned i = 0; i < plot->count; ++i) {
        free(plot->series[i].point);
    }
    free(plot->series);
    free(plot->x.tick);
    free(plot->y.tick);
    free(plot->headings.tick);
}

static int by_x(const void *left, const void *right)
{
    const double a = ((const struct plot_point *)left)->x,
                 b = ((const struct plot_point *)right)->x;
    return (a > b) - (a < b);
}

/* The extent of what is drawn along one axis; false: there is nothing. Intervals count too, but for
 * no more than a third beyond the medians: they may reach anywhere.
 */
static bool extent(const struct plot *plot, bool of_x, double *least, double *most)
{
    bool any = false;
    double highest = 0;
    for (unsigned i = 0; i < plot->count; ++i) {
        for (unsigned k = 0; k < plot->series[i].count; ++k) {
            const struct plot_point *point = &plot->series[i].point[k];
            const double value = of_x ? point->x : point->y;
            *least = !any || value < *least ? value : *least;
            *most = !any || value > *most ? value : *most;
            highest = fmax(highest, point->high);
            any = true;
        }
    }
    if (any && of_x == (plot->kind == PLOT_DOTS)) {
        *most = fmax(*most, fmin(highest, *most * 1.3));
    }
    return any;
}

/* A scale for figures: from zero, or logarithmic where they differ too much to be seen beside each other. */
static void choose_scale(const struct plot *plot, struct plot_axis *axis, bool of_x, bool linear)
{
    double least = 0, most = 1;
    if (!extent(plot, of_x, &least, &most)) {
        return;
    }
    axis->log = !linear && least > 0 && most > 25 * least;
    axis->least = axis->log ? least / 1.3 : fmin(0, least * 1.1);
    axis->most = axis->log ? most * 1.3 : most * 1.08;
    if (axis->most <= axis->least) {
        axis->most = axis->least + 1;
    }
}

/* Each value on the axis has its mark, if there are not too many. */
static void mark_values(const struct plot *plot, struct plot_axis *axis)
{
    double values[MOST_TICKS + 1];
    unsigned count = 0;
    char label[32];
    for (unsigned i = 0; i < plot->count; ++i) {
        for (unsigned k = 0; k < plot->series[i].count && count <= MOST_TICKS; ++k) {
            unsigned known = 0;
            while (known < count && values[known] != plot->series[i].point[k].x) {
                ++known;
            }
            if (known == count) {
                values[count++] = plot->series[i].point[k].x;
            }
        }
    }
    for (unsigned i = 0; i < count && count <= MOST_TICKS; ++i) {
        snprintf(label, sizeof label, "%g", values[i]);
        add_tick(axis, values[i], label);
    }
}

/* Where some are lines, single points say nothing. */
static void drop_points(struct plot *plot)
{
    unsigned longest = 0;
    for (unsigned i = 0; i < plot->count; ++i) {
        longest = plot->series[i].count > longest ? plot->series[i].count : longest;
    }
    for (unsigned i = 0; i < plot->count; ++i) {
        if (longest > 2 && plot->series[i].count < 3) {
            free(plot->series[i].point);
            plot->series[i--] = plot->series[--plot->count];
        }
    }
}

/* A logarithmic axis has no place for what is not above zero. */
static void clip(struct plot *plot, double least)
{
    for (unsigned i = 0; i < plot->count; ++i) {
        for (unsigned k = 0; k < plot->series[i].count; ++k) {
            struct plot_point *point = &plot->series[i].point[k];
            point->low = fmax(point->low, least);
            point->high = fmax(point->high, least);
        }
    }
}

/* How good it is, on average over the points; greater is better. */
static double score_of(const struct plot_series *series, bool more)
{
    double score = 0;
    for (unsigned k = 0; k < series->count; ++k) {
        score += log(fmax(series->point[k].y, 1e-9)) / series->count;
    }
    return more ? score : -score;
}

/* Leave the colours to as many as can be told apart: those that had one before, then the best; as many of
 * ours as of the others, if there are so many.
 */
static void fade(struct plot *plot, const json_t *colours, bool more)
{
    unsigned of[2] = {0, 0};
    for (unsigned i = 0; i < plot->count; ++i) {
        ++of[plot->series[i].solid];
    }
    for (; of[0] + of[1] > MOST_SERIES; --of[of[1] > of[0]]) {
        double worst = 0;
        struct plot_series *which = NULL;
        for (unsigned i = 0; i < plot->count; ++i) {
            struct plot_series *series = &plot->series[i];
            if (series->faint || series->solid != (of[1] > of[0])) {
                continue;
            }
            const double score = score_of(series, more) +
                                 (json_object_get(colours, series->title) != NULL ? 1000 : 0);
            if (which == NULL || score < worst) {
                worst = score;
                which = series;
            }
        }
        which->faint = true;
    }
}

/* Each its colour: that of the pictures before, or one that is free in this one. */
static void colour(struct plot *plot, json_t *colours)
{
    bool taken[PLOT_COLOURS] = {false};
    unsigned next = 0;
    for (unsigned i = 0; i < plot->count; ++i) {
        struct plot_series *series = &plot->series[i];
        json_t *known = json_object_get(colours, series->title);
        series->colour = PLOT_COLOURS;
        if (!series->faint && known != NULL && !taken[json_integer_value(known)]) {
            series->colour = (unsigned)json_integer_value(known);
            taken[series->colour] = true;
        }
    }
    for (unsigned i = 0; i < plot->count; ++i) {
        struct plot_series *series = &plot->series[i];
        if (series->faint || series->colour < PLOT_COLOURS) {
            continue;
        }
        while (next < PLOT_COLOURS - 1 && taken[next]) {
            ++next;
        }
        series->colour = next;
        taken[next] = true;
        if (json_object_get(colours, series->title) == NULL) {
            json_object_set_new(colours, series->title, json_integer(next));
        }
    }
}

static void draw_plot(FILE *stream, struct report_state *state, const struct plot *plot,
                      const char *title)
{
    cli_progress("drawing, picture %u", state->figures);
    if (state->gnuplot && !plot_svg(stream, plot, state->figures, title)) {
        fputs("<p class=\"bad\">gnuplot did not draw this; the table has the figures.</p>\n",
              stream);
        ++state->failed;
    }
}

void draw_lines(FILE *stream, struct report_state *state, const struct picture *picture,
                json_t *benchmarks, const char *title)
{
    struct plot plot = {.kind = PLOT_LINES, .width = WIDTH, .height = HEIGHT};
    const char *name;
    json_t *group, *benchmark, *names = data_names(benchmarks);
    size_t i;
    json_object_foreach(names, name, group)
    {
        struct plot_series *series = new_series(&plot, name);
        series->solid = data_is_ours(json_array_get(group, 0));
        json_array_foreach(group, i, benchmark)
        {
            struct stats_interval y;
            double x;
            if (data_number(benchmark, picture->x, &x) &&
                data_interval(benchmark, picture->y, &y)) {
                if (json_is_true(json_object_get(benchmark, "within_noise"))) {
                    y = (struct stats_interval){0, 0, 0};
                }
                plot_add(series, (struct plot_point){x, y.middle, y.low, y.high});
            }
        }
        if (series->count > 0) {
            qsort(series->point, series->count, sizeof *series->point, by_x);
        }
    }
    drop_points(&plot);
    fade(&plot, state->colours, more_is_better(picture->y));
    colour(&plot, state->colours);
    plot.x.label = picture->x_label;
    plot.y.label = picture->y_label;
    choose_scale(&plot, &plot.y, false, picture->linear);
    plot.y.time = picture->time && plot.y.log;
    if (plot.y.log) {
        clip(&plot, plot.y.least);
    }
    mark_values(&plot, &plot.x);
    double least = 0, most = 0;
    if (extent(&plot, true, &least, &most) && most > least) {
        plot.x.log = picture->log_x && least > 0;
        const double margin = plot.x.log ? pow(most / least, 0.03) : (most - least) * 0.03;
        plot.x.least = plot.x.log ? least / margin : least - margin;
        plot.x.most = plot.x.log ? most * margin : most + margin;
        if (strcmp(picture->y, "jain") == 0) {
            plot.y.log = false;
            plot.y.least = 0;
            plot.y.most = 1.05;
        }
        draw_plot(stream, state, &plot, title);
    } else if (plot.count > 0) {
        draw_dots(stream, state, picture, benchmarks, title); /* all at one x */
    }
    free_plot(&plot);
    json_decref(names);
}

void draw_tails(FILE *stream, struct report_state *state, const struct picture *picture,
                json_t *benchmarks, const char *title)
{
    struct plot plot = {.kind = PLOT_STEPS, .width = WIDTH, .height = HEIGHT};
    double first = 0, last = 0, rarest = 0.1;
    char total[64];
    size_t i, k;
    json_t *benchmark, *pair;
    json_array_foreach(benchmarks, i, benchmark)
    {
        json_t *cdf = data_member(benchmark, picture->x);
        double count = 0, before = 1;
        struct plot_series *series = new_series(&plot, data_candidate(benchmark));
        series->solid = data_is_ours(benchmark);
        snprintf(total, sizeof total, "%.*scount", (int)(strcspn(picture->x, ".") + 1), picture->x);
        (void)data_number(benchmark, total, &count);
        json_array_foreach(cdf, k, pair)
        {
            /* Nothing is taken from shares of less than ten of all. */
            const double ns = json_number_value(json_array_get(pair, 0));
            const double beyond = 1 - json_number_value(json_array_get(pair, 1));
            const double floor = count > 100 ? 10 / count : 0.1;
            if (ns <= 0 || before <= floor) {
                continue;
            }
            if (series->count == 0) {
                plot_add(series, (struct plot_point){ns, 1, 1, 1});
            }
            before = fmax(beyond, floor);
            plot_add(series, (struct plot_point){ns, before, before, before});
            rarest = fmin(rarest, before);
            first = first == 0 || ns < first ? ns : first;
            last = fmax(last, ns);
        }
    }
    fade(&plot, state->colours, false);
    colour(&plot, state->colours);
    plot.x = (struct plot_axis){.label = picture->x_label,
                                .log = true,
                                .time = true,
                                .least = first / 1.2,
                                .most = last * 1.2};
    plot.y = (struct plot_axis){
        .label = "took no longer", .log = true, .least = 1, .most = rarest / 1.1};
    static const char *const shares[] = {"0 %",     "90 %",     "99 %",     "99.9 %",
                                         "99.99 %", "99.999 %", "99.9999 %"};
    add_tick(&plot.y, 0.5, "50 %");
    for (unsigned n = 0; n < sizeof shares / sizeof *shares; ++n) {
        add_tick(&plot.y, pow(10, -(double)n), shares[n]);
    }
    if (first > 0 && last > first) {
        draw_plot(stream, state, &plot, title);
    }
    free_plot(&plot);
}

static double figure_of(json_t *benchmark, const char *key)
{
    struct stats_interval interval;
    return data_interval(benchmark, key, &interval) ? interval.middle : 0;
}

static int worst_first(const void *left, const void *right)
{
    const double a = ((const struct plot_tick *)left)->at,
                 b = ((const struct plot_tick *)right)->at;
    return (a < b) - (a > b);
}

/* Rows from the bottom to the top: the worst first, so the best stands on top; a row is as good as the worst
 * of its marks. Afterwards the ticks stand at their rows.
 */
static void order_rows(struct plot_axis *axis, json_t *names, const char *key)
{
    const char *name;
    json_t *group, *benchmark;
    size_t i;
    const double sign = more_is_better(key) ? -1 : 1;
    json_object_foreach(names, name, group)
    {
        double most = -1e300;
        json_array_foreach(group, i, benchmark)
        {
            most = fmax(most, sign * figure_of(benchmark, key));
        }
        add_tick(axis, most, name);
    }
    qsort(axis->tick, axis->ticks, sizeof *axis->tick, worst_first);
    for (unsigned row = 0; row < axis->ticks; ++row) {
        axis->tick[row].at = row;
    }
}

static double row_of(const struct plot_axis *axis, const char *name)
{
    struct plot_tick wanted;
    snprintf(wanted.label, sizeof wanted.label, "%s", name);
    for (unsigned i = 0; i < axis->ticks; ++i) {
        if (strcmp(axis->tick[i].label, wanted.label) == 0) {
            return axis->tick[i].at;
        }
    }
    return 0;
}

/* Leave those that have at this key what most have. */
static void keep_common(json_t *benchmarks, const char *key)
{
    const char *const keys[] = {key, NULL};
    const char *value;
    json_t *group, *most = NULL, *groups = data_group(benchmarks, keys);
    json_object_foreach(groups, value, group)
    {
        most = json_array_size(group) > json_array_size(most) ? group : most;
    }
    json_array_clear(benchmarks);
    json_array_extend(benchmarks, most);
    json_decref(groups);
}

/* Those that a mark can be drawn for; who has none is named instead. */
static json_t *marked(FILE *stream, json_t *kinds, json_t *benchmarks, const char *key)
{
    const char *kind, *name, *before = "<p class=\"same\">Within the noise: ";
    json_t *group, *benchmark, *rows = json_array();
    struct stats_interval figure;
    size_t i;
    json_object_foreach(kinds, kind, group)
    {
        json_array_foreach(group, i, benchmark)
        {
            if (data_interval(benchmark, key, &figure) &&
                !json_is_true(json_object_get(benchmark, "within_noise"))) {
                json_array_append(rows, benchmark);
            }
        }
    }
    json_t *all = data_names(benchmarks), *drawn = data_names(rows);
    json_object_foreach(all, name, group)
    {
        if (json_object_get(drawn, name) == NULL) {
            fputs(before, stream);
            page_text(stream, name);
            before = ", ";
        }
    }
    fputs(*before == ',' ? ".</p>\n" : "", stream);
    json_decref(all);
    json_decref(drawn);
    return rows;
}

void draw_dots(FILE *stream, struct report_state *state, const struct picture *picture,
               json_t *benchmarks, const char *title)
{
    const char *const keys[] = {picture->kind == PICTURE_DOTS ? picture->x : "library", NULL};
    struct plot plot = {.kind = PLOT_DOTS, .width = WIDTH};
    const char *kind;
    json_t *group, *benchmark, *kinds = data_group(benchmarks, keys);
    size_t i;
    unsigned next = 1; /* the first colour is for ours, where libraries are told apart */
    if (picture->common != NULL) {
        json_object_foreach(kinds, kind, group)
        {
            keep_common(group, picture->common);
        }
    }
    json_t *rows = marked(stream, kinds, benchmarks, picture->y), *names = data_names(rows);
    order_rows(&plot.y, names, picture->y);
    json_decref(kinds);
    kinds = data_group(rows, keys);
    json_object_foreach(kinds, kind, group)
    {
        struct plot_series *series = new_series(&plot, kind);
        series->colour = strcmp(kind, "cordon") == 0 ? 0 : next++ % PLOT_COLOURS;
        json_array_foreach(group, i, benchmark)
        {
            struct stats_interval x;
            (void)data_interval(benchmark, picture->y, &x);
            const double row = row_of(&plot.y, data_candidate(benchmark));
            plot_add(series, (struct plot_point){x.middle, row, x.low, x.high});
        }
    }
    choose_scale(&plot, &plot.x, true, picture->linear);
    plot.x.time = plot.x.log && picture->time;
    if (plot.x.log) {
        clip(&plot, plot.x.least);
    }
    plot.x.label = plot.x.time ? NULL : picture->y_label;
    plot.y.least = -0.7;
    plot.y.most = plot.y.ticks - 0.3;
    plot.height = 110 + 24 * plot.y.ticks;
    if (plot.y.ticks > 0) {
        draw_plot(stream, state, &plot, title);
    }
    free_plot(&plot);
    json_decref(names);
    json_decref(kinds);
    json_decref(rows);
}

static const char *member_text(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "?";
}

static void add_ratio(struct plot *plot, json_t *ratio, double row)
{
    char label[64];
    json_t *bounds = json_object_get(ratio, "interval_95");
    const double middle = json_number_value(json_object_get(ratio, "ratio"));
    const double low = json_number_value(json_array_get(bounds, 0));
    const double high = json_number_value(json_array_get(bounds, 1));
    enum report_verdict verdict = middle > 1 ? REPORT_BETTER : REPORT_WORSE;
    if (!json_is_true(json_object_get(ratio, "differs"))) {
        verdict = REPORT_NOISE;
    }
    plot_add(&plot->series[verdict],
             (struct plot_point){middle, row, low > 0 ? low : middle, high > 0 ? high : middle});
    snprintf(label, sizeof label, "%.20s / %.24s", member_text(ratio, "ours"),
             member_text(ratio, "peer"));
    add_tick(&plot->y, row, label);
}

/* As many as one picture takes, from `first` on; returns where the next one begins. */
static size_t draw_some_ratios(FILE *stream, struct report_state *state, json_t *ratios,
                               size_t first)
{
    static const unsigned colours[] = {0, 1, 7};
    struct plot plot = {.kind = PLOT_DOTS, .width = WIDTH, .line_at = 1};
    const char *before = "";
    double row = 0, least = 1, most = 1;
    size_t i = first;
    for (unsigned verdict = 0; verdict < 3; ++verdict) {
        new_series(&plot, report_verdicts[verdict])->colour = colours[verdict];
    }
    for (; i < json_array_size(ratios) && plot.y.ticks < MOST_RATIOS; ++i) {
        json_t *ratio = json_array_get(ratios, i);
        const char *what = member_text(ratio, "what");
        if (!(json_number_value(json_object_get(ratio, "ratio")) > 0)) {
            continue;
        }
        if (strcmp(what, before) != 0) {
            add_tick(&plot.headings, row--, what);
            before = what;
        }
        add_ratio(&plot, ratio, row--);
    }
    if (extent(&plot, true, &least, &most)) {
        plot.x = (struct plot_axis){.label = "ours against the peer: times as good",
                                    .log = true,
                                    .least = fmin(least, 1) / 1.25,
                                    .most = fmax(most, 1) * 1.25};
        plot.y.least = row + 0.3;
        plot.y.most = 0.7;
        plot.height = (unsigned)(110 - 22 * row);
        ++state->figures;
        draw_plot(stream, state, &plot, "Ours against the peers: ratios with their 95 % intervals");
    }
    free_plot(&plot);
    return i;
}

void draw_ratios(FILE *stream, struct report_state *state, json_t *ratios)
{
    const size_t count = json_array_size(ratios);
    size_t next = draw_some_ratios(stream, state, ratios, 0);
    if (next < count && state->gnuplot) {
        fprintf(stream, "<details><summary>%zu more of them</summary>\n", count - next);
        while (next < count) {
            next = draw_some_ratios(stream, state, ratios, next);
        }
        fputs("</details>\n", stream);
    }
}
