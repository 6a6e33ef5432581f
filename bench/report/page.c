/* page.c - one page of HTML, which is well-formed XML as well, and needs nothing beside it. */
#define _GNU_SOURCE
#include "report.h"
#include "data.h"
#include "draw.h"
#include "html.h"
#include "plots.h"
#include "sections.h"
#include "../gbench.h"
#include "../text.h"
#include "cli/cli.h"
#include "page/gnuplot.h"
#include "page/page.h"

#include <string.h>

static void write_head(FILE *stream, json_t *context, const char *cpu)
{
    const char *date = json_string_value(json_object_get(context, "date"));
    char title[REPORT_LINE + 16];
    snprintf(title, sizeof title, "cordon-bench: %s", cpu);
    page_head(stream, title, "");
    fputs("<h1>What synchronisation costs on ", stream);
    page_text(stream, cpu);
    fputs("</h1>\n", stream);
    fputs("<p class=\"quiet\">Measured with cordon-bench", stream);
    if (date != NULL) {
        fputs(", ", stream);
        page_text(stream, date);
    }
    fputs(". Each figure is a median with its 95 % interval.</p>\n", stream);
}

static void write_machine(FILE *stream, json_t *context)
{
    char text[REPORT_LINE];
    fputs("<dl>\n", stream);
    for (unsigned i = 0; i < report_fact_count; ++i) {
        page_term(stream, report_facts[i].name, report_facts[i].tell(context, text));
    }
    fputs("</dl>\n", stream);
}

static void write_warnings(FILE *stream, json_t *context)
{
    size_t i;
    json_t *warning, *warnings = json_object_get(context, "warnings");
    const bool interrupted = json_is_true(json_object_get(context, "interrupted"));
    if (json_array_size(warnings) == 0 && !interrupted) {
        return;
    }
    fputs("<div class=\"box warn\"><strong>What spoils this measurement, and what to "
          "do</strong>\n<ul>\n",
          stream);
    if (interrupted) {
        fputs("<li>It was interrupted: this is what was measured until then.</li>\n", stream);
    }
    json_array_foreach(warnings, i, warning)
    {
        const char *what = json_string_value(json_object_get(warning, "what"));
        const char *remedy = json_string_value(json_object_get(warning, "do"));
        fputs("<li>", stream);
        page_text(stream, what != NULL ? what : "?");
        fputs(remedy != NULL ? ":<br/>" : "", stream);
        page_text(stream, remedy != NULL ? remedy : "");
        fputs("</li>\n", stream);
    }
    fputs("</ul></div>\n", stream);
}

static void write_advice(FILE *stream, json_t *context)
{
    enum { SENTENCES = 8 }; /* at once */
    bool folded = false;
    size_t i;
    json_t *sentence, *advice = json_object_get(context, "advice");
    if (json_array_size(advice) == 0) {
        return;
    }
    fputs("<div class=\"box advice\"><strong>Advice, from these figures</strong>\n<ul>\n", stream);
    json_array_foreach(advice, i, sentence)
    {
        if (i == SENTENCES && json_array_size(advice) > SENTENCES + 1) {
            fprintf(stream, "</ul><details><summary>%zu more</summary>\n<ul>\n",
                    json_array_size(advice) - i);
            folded = true;
        }
        fputs("<li>", stream);
        page_text(stream, json_is_string(sentence) ? json_string_value(sentence) : "?");
        fputs("</li>\n", stream);
    }
    fputs(folded ? "</ul></details></div>\n" : "</ul></div>\n", stream);
}

static void write_ratios(FILE *stream, struct report_state *state, json_t *ratios)
{
    size_t i;
    json_t *ratio;
    char text[REPORT_LINE];
    if (json_array_size(ratios) == 0) {
        return;
    }
    fputs("<h2 id=\"ratios\">Ours against the peers</h2>\n<figure>\n<figcaption>How many times as "
          "good "
          "ours is as the peer, repetition by repetition, with the 95 % interval: right of the "
          "line ours "
          "is better.</figcaption>\n",
          stream);
    draw_ratios(stream, state, ratios);
    fprintf(stream,
            "<details%s><summary>The ratios as a table (%zu)</summary>\n<div "
            "class=\"wide\"><table>\n<thead><tr><th scope=\"col\">what</th><th "
            "scope=\"col\">ours</th><th scope=\"col\">peer</th><th scope=\"col\">ratio [95 "
            "%%]</th><th scope=\"col\">so</th></tr></thead>\n<tbody>\n",
            state->gnuplot ? "" : " open=\"open\"", json_array_size(ratios));
    json_array_foreach(ratios, i, ratio)
    {
        static const char *const keys[] = {"what", "ours", "peer"};
        for (unsigned k = 0; k < 3; ++k) {
            const char *value = json_string_value(json_object_get(ratio, keys[k]));
            fputs(k == 0 ? "<tr><th scope=\"row\">" : "<td class=\"text\">", stream);
            page_text(stream, value != NULL ? value : "?");
            fputs(k == 0 ? "</th>" : "</td>", stream);
        }
        const enum report_verdict verdict = report_ratio(ratio, text);
        fprintf(stream, "<td>%s</td><td class=\"text %s\">%s</td></tr>\n", text,
                verdict == REPORT_BETTER  ? "good"
                : verdict == REPORT_WORSE ? "bad"
                                          : "quiet",
                report_verdicts[verdict]);
    }
    fputs("</tbody></table></div></details>\n</figure>\n", stream);
}

/* What a subcommand tells in the context, about candidates and not about single measurements. */
static void write_lists(FILE *stream, json_t *context, const char *bench)
{
    static const struct {
        const char *bench, *key, *title;
    } lists[] = {
        {"fences", "ladder",
         "What the curves of the store buffer say: ns a store, and where they bend"},
        {"seqlocks", "designs", "What each design promises and takes"},
    };
    for (size_t i = 0; i < sizeof lists / sizeof *lists; ++i) {
        json_t *list = json_object_get(context, lists[i].key);
        if (strcmp(lists[i].bench, bench) == 0 && json_array_size(list) > 0) {
            fprintf(stream, "<h3>%s</h3>\n", lists[i].title);
            html_table(stream, list, NULL);
        }
    }
}

static void write_section(FILE *stream, struct report_state *state, json_t *document,
                          const char *bench)
{
    json_t *context = json_object_get(document, "context");
    json_t *benchmarks = json_object_get(document, "benchmarks");
    static const char *const by_part[] = {"part", NULL};
    const char *part;
    json_t *rows, *all = data_select(benchmarks, bench, NULL), *parts = data_group(all, by_part);
    state->colours = json_object();
    fputs("<h2 id=\"", stream);
    page_text(stream, bench);
    fputs("\">", stream);
    page_text(stream, report_title(bench));
    fputs("</h2>\n", stream);
    json_object_foreach(parts, part, rows)
    {
        if (json_object_size(parts) > 1) {
            fputs("<h3>", stream);
            page_text(stream, *part ? part : "others");
            fputs("</h3>\n", stream);
        }
        plots_of_part(stream, state, rows, bench, part);
    }
    write_lists(stream, context, bench);
    json_decref(state->colours);
    json_decref(parts);
    json_decref(all);
}

static void write_contents(FILE *stream, json_t *benches, bool ratios)
{
    const char *bench;
    json_t *value;
    fputs("<nav>", stream);
    if (ratios) {
        fputs("<a href=\"#ratios\">ratios</a>", stream);
    }
    json_object_foreach(benches, bench, value)
    {
        fputs("<a href=\"#", stream);
        page_text(stream, bench);
        fputs("\">", stream);
        page_text(stream, bench);
        fputs("</a>", stream);
    }
    fputs("</nav>\n", stream);
}

int report_page(FILE *stream, json_t *document)
{
    json_t *context = json_object_get(document, "context");
    json_t *benchmarks = json_object_get(document, "benchmarks"), *value;
    json_t *ratios = json_object_get(context, "ratios"), *benches = report_benches(benchmarks);
    struct report_state state = {.gnuplot = plot_can()};
    const char *bench;
    char cpu[REPORT_LINE];
    write_head(stream, context, report_machine(context, cpu));
    if (json_object_size(benches) > 1) {
        write_contents(stream, benches, json_array_size(ratios) > 0);
    }
    write_machine(stream, context);
    write_warnings(stream, context);
    if (!state.gnuplot) {
        page_paragraph(
            stream, "bad",
            "gnuplot was not found when this page was written, so there are tables in place of the "
            "plots. Install it (Debian, Ubuntu: gnuplot-nox; elsewhere: gnuplot) and write the "
            "page "
            "again: cordon-bench report FILE.json --html FILE.html");
    }
    write_advice(stream, context);
    write_ratios(stream, &state, ratios);
    json_object_foreach(benches, bench, value)
    {
        write_section(stream, &state, document, bench);
    }
    fputs("<p class=\"quiet\">cordon-bench " GBENCH_VERSION
          ". How each figure was measured, and what it does not tell: docs/bench.md.</p>\n",
          stream);
    page_tail(stream);
    cli_progress_clear();
    json_decref(benches);
    return fflush(stream) != 0 || ferror(stream) ? -1 : 0;
}
