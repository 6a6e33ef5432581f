/* text.c - the report as aligned text. */
#define _GNU_SOURCE
#include "report.h"
#include "data.h"
#include "html.h"
#include "sections.h"
#include "../text.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

/* How many columns of a terminal it takes: bytes that begin a character. */
static int columns_of(const char *text)
{
    int columns = 0;
    for (; *text != '\0'; ++text) {
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    }
    return columns;
}

/* The text, without what a terminal would obey; and blanks, before it or after it. */
static void cell(FILE *stream, const char *text, int width, bool right)
{
    const int blanks = width - columns_of(text);
    fprintf(stream, "%*s", right && blanks > 0 ? blanks : 0, "");
    bench_put(stream, text);
    fprintf(stream, "%*s", !right && blanks > 0 ? blanks : 0, "");
}

static void line(FILE *stream, const char *name, const char *text)
{
    if (*text != '\0') {
        fprintf(stream, "%-10s ", name);
        cell(stream, text, 0, false);
        fputc('\n', stream);
    }
}

static void print_rows(FILE *stream, json_t *benchmarks)
{
    const struct cli_style style = cli_style(stream);
    char text[HTML_CELL];
    size_t i, k;
    json_t *benchmark, *column, *value, *same, *columns = html_columns(benchmarks, NULL, &same);
    const char *key, *before = "in all rows: ";
    int *width = calloc(json_array_size(columns) + 1, sizeof *width);
    if (width == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_array_foreach(columns, k, column)
    {
        width[k] = columns_of(html_head(json_string_value(column)));
        json_array_foreach(benchmarks, i, benchmark)
        {
            const int wide = columns_of(html_cell(benchmark, json_string_value(column), text));
            width[k] = wide > width[k] ? wide : width[k];
        }
    }
    json_object_foreach(same, key, value)
    {
        fputs(before, stream);
        cell(stream, data_label(key), 0, false);
        fputc(' ', stream);
        cell(stream, data_text(value, text), 0, false);
        before = "; ";
    }
    fputs(json_object_size(same) > 0 ? "\n" : "", stream);
    fputs(style.bold, stream);
    json_array_foreach(columns, k, column)
    {
        fputs(k > 0 ? "  " : "", stream);
        cell(stream, html_head(json_string_value(column)), width[k], k > 0);
    }
    fprintf(stream, "%s\n", style.reset);
    json_array_foreach(benchmarks, i, benchmark)
    {
        json_array_foreach(columns, k, column)
        {
            fputs(k > 0 ? "  " : "", stream);
            cell(stream, html_cell(benchmark, json_string_value(column), text), width[k], k > 0);
        }
        fputc('\n', stream);
    }
    free(width);
    json_decref(columns);
    json_decref(same);
}

static void print_ratios(FILE *stream, json_t *ratios)
{
    const struct cli_style style = cli_style(stream);
    char text[REPORT_LINE];
    size_t i;
    json_t *ratio;
    if (json_array_size(ratios) > 0) {
        fprintf(stream, "\n%sOurs against the peers: times as good [95 %%]%s\n", style.bold,
                style.reset);
    }
    json_array_foreach(ratios, i, ratio)
    {
        static const char *const keys[] = {"what", "ours", "peer"};
        static const int widths[] = {36, 20, 24};
        for (unsigned k = 0; k < 3; ++k) {
            const char *value = json_string_value(json_object_get(ratio, keys[k]));
            cell(stream, value != NULL ? value : "?", widths[k], false);
            fputc(' ', stream);
        }
        const enum report_verdict verdict = report_ratio(ratio, text);
        fprintf(stream, "%-20s %s%s%s\n", text,
                verdict == REPORT_BETTER  ? style.green
                : verdict == REPORT_WORSE ? style.red
                                          : style.dim,
                report_verdicts[verdict], style.reset);
    }
}

static void print_section(FILE *stream, json_t *benchmarks, const char *bench)
{
    static const char *const by_part[] = {"part", NULL};
    const struct cli_style style = cli_style(stream);
    const char *part;
    json_t *rows, *all = data_select(benchmarks, bench, NULL), *parts = data_group(all, by_part);
    json_object_foreach(parts, part, rows)
    {
        fprintf(stream, "\n%s", style.bold);
        cell(stream, report_title(bench), 0, false);
        if (json_object_size(parts) > 1) {
            fputs(": ", stream);
            cell(stream, *part ? part : "others", 0, false);
        }
        fprintf(stream, "%s\n", style.reset);
        print_rows(stream, rows);
    }
    json_decref(parts);
    json_decref(all);
}

void report_text(FILE *stream, json_t *document)
{
    const struct cli_style style = cli_style(stream);
    char text[REPORT_LINE];
    const char *bench;
    size_t i;
    json_t *context = json_object_get(document, "context"), *value;
    json_t *benchmarks = json_object_get(document, "benchmarks");
    json_t *benches = report_benches(benchmarks);
    for (unsigned fact = 0; fact < report_fact_count; ++fact) {
        line(stream, report_facts[fact].name, report_facts[fact].tell(context, text));
    }
    json_array_foreach(json_object_get(context, "warnings"), i, value)
    {
        const char *what = json_string_value(json_object_get(value, "what"));
        const char *remedy = json_string_value(json_object_get(value, "do"));
        fputs(style.yellow, stream);
        line(stream, "warning", what != NULL ? what : "?");
        fputs(style.reset, stream);
        line(stream, "", remedy != NULL ? remedy : "");
    }
    json_array_foreach(json_object_get(context, "advice"), i, value)
    {
        line(stream, "advice", json_is_string(value) ? json_string_value(value) : "?");
    }
    if (json_is_true(json_object_get(context, "interrupted"))) {
        fprintf(stream, "%sInterrupted%s: this is what was measured until then.\n", style.yellow,
                style.reset);
    }
    print_ratios(stream, json_object_get(context, "ratios"));
    json_object_foreach(benches, bench, value)
    {
        print_section(stream, benchmarks, bench);
    }
    json_decref(benches);
}
