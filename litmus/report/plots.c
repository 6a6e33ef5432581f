/* plots.c - pictures of rates: of a family's tests, and of those that tell what was reordered. */
#define _GNU_SOURCE
#include "report/pieces.h"

#include "cli/cli.h"
#include "gen/cycle.h"
#include "outcome/relaxation.h"
#include "page/gnuplot.h"
#include "page/page.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROW = 21, FRAME = 165, WIDTH = 900, TICKS = 20, MOST_SHOWN = 6 /* of one relaxation */ };

/* What a mark stands for, in the colours and shapes of gnuplot.c. */
static const struct {
    const char *title;
    unsigned colour;
    bool bar;
} marks[RESULTS_NOT_RUN] = {
    [RESULTS_VIOLATION] = {"VIOLATION: forbidden, and seen", 1, true},
    [RESULTS_SEEN] = {"allowed, seen", 0, true},
    [RESULTS_NOT_SEEN] = {"allowed, not seen: at most", 5, false},
    [RESULTS_FORBIDDEN] = {"forbidden, not seen: at most", 7, false},
    [RESULTS_NO_VERDICT] = {"no verdict", 2, true},
};

/* A row for each test; NULL is an empty row, whose heading is the text. */
struct chart {
    const struct results_test **test;
    const char **text;
    size_t count;
};

static void row(struct chart *chart, const struct results_test *test, const char *text)
{
    chart->test[chart->count] = test;
    chart->text[chart->count++] = text;
}

static struct chart chart_for(size_t rows)
{
    struct chart chart = {calloc(rows + 1, sizeof *chart.test),
                          calloc(rows + 1, sizeof *chart.text), 0};
    if (chart.test == NULL || chart.text == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    return chart;
}

/* Where the mark of a test is; 0: nothing is known. */
static double place_of(const struct results_test *test)
{
    return test->weak > 0 ? test->rate : test->limit;
}

static void fill(struct plot *plot, const struct chart *chart, double least)
{
    char line[RESULTS_LINE];
    for (size_t i = 0; i < chart->count; ++i) {
        const struct results_test *test = chart->test[i];
        const double y = (double)(chart->count - i);
        struct plot_axis *axis = test == NULL ? &plot->headings : &plot->y;
        snprintf(axis->tick[axis->ticks].label, sizeof axis->tick->label, "%s", chart->text[i]);
        axis->tick[axis->ticks++].at = y;
        if (test == NULL || place_of(test) <= 0) {
            continue;
        }
        struct plot_series *series = &plot->series[test->kind];
        const double x = place_of(test);
        series->tip = reallocarray(series->tip, series->count + 1, sizeof *series->tip);
        char *tip = strdup(results_tell(test, line));
        if (series->tip == NULL || tip == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
        series->tip[series->count] = tip;
        plot_add(series, (struct plot_point){x, y, marks[test->kind].bar ? least : x, x});
    }
}

/* Marks at powers of ten, in the words that tables have for them; every other one if there are many. */
static void mark_powers(struct plot_axis *axis)
{
    const double step = axis->most / axis->least > 1e8 ? 100 : 10;
    axis->tick = calloc(TICKS, sizeof *axis->tick);
    if (axis->tick == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (double at = axis->least; at <= axis->most && axis->ticks < TICKS; at *= step) {
        struct plot_tick *tick = &axis->tick[axis->ticks++];
        tick->at = at;
        const bool kilo = at >= 999, mega = at >= 999e3, giga = at >= 999e6;
        snprintf(tick->label, sizeof tick->label, "%g%s",
                 at / (giga   ? 1e9
                       : mega ? 1e6
                       : kilo ? 1e3
                              : 1),
                 giga   ? " G"
                 : mega ? " M"
                 : kilo ? " k"
                        : "");
    }
}

/* `title` is HTML. */
static void draw(struct pieces *page, const struct chart *chart, const char *title)
{
    double least = 0, most = 1;
    struct plot_series series[RESULTS_NOT_RUN], shown[RESULTS_NOT_RUN];
    memset(series, 0, sizeof series);
    for (size_t i = 0; i < chart->count; ++i) {
        const double x = chart->test[i] != NULL ? place_of(chart->test[i]) : 0;
        least = x > 0 && (least == 0 || x < least) ? x : least;
        most = fmax(most, x);
    }
    least = least > 0 ? pow(10, floor(log10(least / 1.3))) : 1;
    struct plot plot = {.kind = PLOT_DOTS,
                        .x = {.label = "weak outcomes in a second",
                              .log = true,
                              .least = least,
                              .most = fmax(most * 2, least * 12)},
                        .y = {.least = 0.2, .most = (double)chart->count + 0.8},
                        .width = WIDTH,
                        .height = FRAME + ROW * (unsigned)chart->count,
                        .series = series,
                        .count = RESULTS_NOT_RUN};
    plot.y.tick = calloc(chart->count + 1, sizeof *plot.y.tick);
    plot.headings.tick = calloc(chart->count + 1, sizeof *plot.headings.tick);
    if (plot.y.tick == NULL || plot.headings.tick == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (unsigned i = 0; i < RESULTS_NOT_RUN; ++i) {
        snprintf(series[i].title, sizeof series[i].title, "%s", marks[i].title);
        series[i].colour = marks[i].colour;
    }
    fill(&plot, chart, least);
    mark_powers(&plot.x);
    /* gnuplot leaves room for each, also for what is not there. */
    plot.count = 0;
    for (unsigned i = 0; i < RESULTS_NOT_RUN; ++i) {
        if (series[i].count > 0) {
            shown[plot.count++] = series[i];
        }
    }
    plot.series = shown;
    ++page->figures;
    cli_progress("drawing, picture %u", page->figures);
    if (!plot_svg(page->stream, &plot, page->figures, title)) {
        page_paragraph(page->stream, "bad",
                       "gnuplot did not draw this; the table has the figures.");
    }
    for (unsigned i = 0; i < RESULTS_NOT_RUN; ++i) {
        for (unsigned k = 0; k < series[i].count; ++k) {
            free(series[i].tip[k]);
        }
        free(series[i].tip);
        free(series[i].point);
    }
    free(plot.x.tick);
    free(plot.y.tick);
    free(plot.headings.tick);
}

static void free_chart(struct chart *chart)
{
    free(chart->test);
    free(chart->text);
}

static int by_rate(const void *left, const void *right)
{
    const struct results_test *a = *(const struct results_test *const *)left;
    const struct results_test *b = *(const struct results_test *const *)right;
    if ((a->weak > 0) != (b->weak > 0)) {
        return a->weak > 0 ? -1 : 1;
    }
    if (a->weak == 0 && a->kind != b->kind) {
        return a->kind < b->kind ? -1 : 1;
    }
    return place_of(a) > place_of(b)   ? -1
           : place_of(a) < place_of(b) ? 1
                                       : strcmp(a->name, b->name);
}

/* Where none showed, there is nothing to see but how long they ran. */
static void tell_limit(struct pieces *page, const struct chart *chart)
{
    char number[32];
    double most = 0;
    for (size_t i = 0; i < chart->count; ++i) {
        most = fmax(most, chart->test[i]->limit);
    }
    fprintf(page->stream,
            "<p>None of the weak outcomes showed. At 95 %% there are, of each, fewer than %s in a "
            "second.</p>\n",
            cli_number(most, number, sizeof number));
}

void pieces_rates(struct pieces *page, const struct results_family *family)
{
    struct chart chart = chart_for(family->count);
    bool seen = false;
    for (size_t i = 0; i < family->count; ++i) {
        const struct results_test *test = &family->test[i];
        seen = seen || test->weak > 0;
        if (test->kind != RESULTS_NOT_RUN && place_of(test) > 0) {
            row(&chart, test, test->form);
        }
    }
    if (chart.count > 0 && !seen) {
        tell_limit(page, &chart);
    } else if (chart.count > 0 && page->gnuplot) {
        qsort(chart.test, chart.count, sizeof *chart.test, by_rate);
        for (size_t i = 0; i < chart.count; ++i) {
            chart.text[i] = chart.test[i]->form;
        }
        fputs("<figure>\n<figcaption><strong>How often the weak outcome showed.</strong> "
              "A hollow mark: it did not, and at 95 % it is rarer than that.</figcaption>\n",
              page->stream);
        draw(page, &chart, "How often the weak outcome showed");
        fputs("</figure>\n", page->stream);
    }
    free_chart(&chart);
}

/* Relaxations. */

/* Of two threads, and nothing in them is unordered but one or two pairs of such accesses? Fences are full ones. */
static bool isolates(const struct relaxation *relaxation, const struct results_test *test)
{
    struct gen_cycle cycle;
    struct gen_error error;
    char *words = strdup(results_info(test, "Cycle"));
    bool has = false, only = words != NULL && test->threads == 2 && relaxation->from != 0 &&
                             gen_read(&words, 1, &cycle, &error);
    for (unsigned i = 0; only && i < cycle.count; ++i) {
        const struct gen_edge *edge = &cycle.edge[i];
        if (edge->external || (edge->kind == GEN_FENCE && edge->fence == LITMUS_SEQ_CST)) {
            continue;
        }
        only = edge->kind == GEN_PO && edge->elsewhere && edge->from == relaxation->from &&
               edge->to == relaxation->to;
        has = true;
    }
    for (unsigned i = 0; only && i < cycle.count; ++i) {
        only = !cycle.access[i].exchange; /* which is a load, too */
    }
    free(words);
    return has && only;
}

static bool tells(const struct relaxation *relaxation, const struct results_test *test)
{
    return test->kind != RESULTS_NOT_RUN &&
           (strcmp(test->name, relaxation->test) == 0 ||
            (strcmp(results_info(test, "C11"), "allowed") == 0 && isolates(relaxation, test)));
}

struct evidence {
    const struct results_test **test;
    size_t count, seen;
};

static struct evidence collect(const struct results *results, const struct relaxation *relaxation)
{
    struct evidence evidence = {calloc(results->count + 1, sizeof *evidence.test), 0, 0};
    if (evidence.test == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < results->count; ++i) {
        if (tells(relaxation, &results->test[i])) {
            evidence.test[evidence.count++] = &results->test[i];
            evidence.seen += results->test[i].weak > 0;
        }
    }
    qsort(evidence.test, evidence.count, sizeof *evidence.test, by_rate);
    /* Where none was seen, the test that everybody knows stands for all. */
    for (size_t i = 1; i < evidence.count && evidence.seen == 0; ++i) {
        if (strcmp(evidence.test[i]->name, relaxation->test) == 0) {
            const struct results_test *first = evidence.test[0];
            evidence.test[0] = evidence.test[i];
            evidence.test[i] = first;
        }
    }
    return evidence;
}

static void write_row(FILE *stream, const struct relaxation *relaxation,
                      const struct evidence *evidence)
{
    char line[RESULTS_LINE], number[32];
    fputs("<tr><th scope=\"row\">", stream);
    page_text(stream, relaxation->name);
    fprintf(stream, "</th><td class=\"text\">%s</td>", relaxation->what);
    if (evidence->count == 0) {
        fputs("<td class=\"x text\">not run</td><td></td><td class=\"text quiet\">", stream);
        page_text(stream, relaxation->test);
        fputs("</td></tr>\n", stream);
        return;
    }
    const struct results_test *most = evidence->test[0];
    fprintf(stream, "<td class=\"text\">%s</td><td>%s%s</td><td class=\"text\"><details><summary>",
            evidence->seen > 0 ? "<strong class=\"seen\">seen</strong>" : "not seen",
            evidence->seen > 0 ? cli_number(most->rate, number, sizeof number)
            : most->limit > 0  ? cli_number(most->limit, number, sizeof number)
                               : "",
            evidence->seen > 0 ? ""
            : most->limit > 0  ? " at most"
                               : "");
    fprintf(stream, "%zu of %zu test%s: ", evidence->seen, evidence->count,
            evidence->count == 1 ? "" : "s");
    page_text(stream, most->name);
    if (most->cpus != 0) {
        fprintf(stream, " (%u threads on %u CPU%s)", most->threads, most->cpus,
                most->cpus == 1 ? "" : "s");
    }
    fputs("</summary>\n<ul>", stream);
    for (size_t i = 0; i < evidence->count; ++i) {
        fputs("<li>", stream);
        page_text(stream, results_tell(evidence->test[i], line));
        fputs("</li>\n", stream);
    }
    fputs("</ul></details></td></tr>\n", stream);
}

void pieces_relaxations(struct pieces *page)
{
    FILE *stream = page->stream;
    struct evidence evidence[RELAXATIONS];
    size_t count = 0, rows = 0;
    for (unsigned i = 0; i < RELAXATIONS; ++i) {
        evidence[i] = collect(page->results, &relaxations[i]);
        count += evidence[i].count;
        rows += evidence[i].count + 1;
    }
    if (count > 0) {
        struct chart chart = chart_for(rows);
        fputs("<h2 id=\"relaxations\">What compiler and processor reordered</h2>\n<figure>\n"
              "<figcaption>Each test behind a row leaves only this unordered, "
              "and keeps all the rest in order. That something was not seen does not show that it "
              "cannot happen.</figcaption>\n<div class=\"wide\"><table>\n<thead><tr>"
              "<th scope=\"col\">relaxation</th><th scope=\"col\" class=\"text\">in words</th>"
              "<th scope=\"col\" class=\"text\">shown?</th><th scope=\"col\">in a second</th>"
              "<th scope=\"col\" class=\"text\">by</th></tr></thead>\n<tbody>\n",
              stream);
        for (unsigned i = 0; i < RELAXATIONS; ++i) {
            write_row(stream, &relaxations[i], &evidence[i]);
            const size_t seen = evidence[i].seen > 0 ? evidence[i].seen : 1;
            const size_t known = seen < evidence[i].count ? seen : evidence[i].count;
            const size_t shown = known < MOST_SHOWN ? known : MOST_SHOWN;
            if (shown > 0) {
                row(&chart, NULL, relaxations[i].name);
            }
            for (size_t k = 0; k < shown; ++k) {
                row(&chart, evidence[i].test[k], evidence[i].test[k]->name);
            }
        }
        fputs("</tbody></table></div>\n", stream);
        if (page->gnuplot) {
            draw(page, &chart, "What was reordered, and how often");
        }
        fputs("</figure>\n", stream);
        free_chart(&chart);
    }
    for (unsigned i = 0; i < RELAXATIONS; ++i) {
        free(evidence[i].test);
    }
}
