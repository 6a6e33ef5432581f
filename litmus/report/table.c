/* table.c - all that is known of each test of a family. */
#define _GNU_SOURCE
#include "report/pieces.h"

#include "cli/cli.h"
#include "page/page.h"

#include <inttypes.h>
#include <string.h>

static void line_of(FILE *stream, const char *name, const char *text)
{
    if (*text != '\0') {
        fprintf(stream, "<br/><b>%s</b> ", name);
        page_text(stream, text);
    }
}

void pieces_histogram(FILE *stream, const struct results_test *test)
{
    json_t *histogram = json_object_get(test->json, "histogram");
    size_t i;
    json_t *row_of, *value;
    const char *name;
    if (json_array_size(histogram) == 0) {
        return;
    }
    fputs("<pre>", stream);
    json_array_foreach(histogram, i, row_of)
    {
        const char *before = "";
        fprintf(stream, "%-6" JSON_INTEGER_FORMAT "%s&gt;",
                json_integer_value(json_object_get(row_of, "count")),
                json_is_true(json_object_get(row_of, "weak")) ? "*" : ":");
        json_object_foreach(json_object_get(row_of, "state"), name, value)
        {
            fputs(before, stream);
            page_text(stream, name);
            if (json_is_string(value)) {
                fputc('=', stream);
                page_text(stream, json_string_value(value));
            } else {
                fprintf(stream, "=%" JSON_INTEGER_FORMAT, json_integer_value(value));
            }
            fputc(';', stream);
            before = " ";
        }
        fputc('\n', stream);
    }
    fputs("</pre>", stream);
}

static void write_details(FILE *stream, const struct results_test *test)
{
    fputs("<details><summary>", stream);
    page_text(stream, test->name);
    fputs("</summary><div>", stream);
    page_text(stream, results_info(test, "Why"));
    line_of(stream, "asked", results_text(test->json, "condition"));
    line_of(stream, "C11", results_info(test, "C11"));
    line_of(stream, "x86-TSO", results_info(test, "TSO"));
    line_of(stream, "cycle", results_info(test, "Cycle"));
    line_of(stream, "mutant of", results_info(test, "Origin"));
    line_of(stream, "knobs", results_text(test->json, "knobs"));
    pieces_histogram(stream, test);
    const char *wrong = results_text(test->json, "wrong");
    if (*wrong != '\0') {
        fputs("<pre>", stream);
        page_text(stream, wrong);
        fputs("</pre>", stream);
    }
    fputs("</div></details>", stream);
}

static void write_certainty(FILE *stream, const struct results_test *test)
{
    const json_t *confidence = json_object_get(test->json, "confidence");
    const json_t *bound = json_object_get(test->json, "bound_95");
    if (json_is_number(confidence)) {
        fprintf(stream, "<td>%.3f</td>", json_number_value(confidence));
    } else if (json_is_number(bound)) {
        fprintf(stream, "<td>\xe2\x89\xa4 %.2g</td>", json_number_value(bound));
    } else {
        fputs("<td></td>", stream);
    }
}

static void write_row(struct pieces *page, const struct results_test *test)
{
    static const char *const classes[RESULTS_KINDS] = {
        [RESULTS_VIOLATION] = " bad", [RESULTS_SEEN] = " seen", [RESULTS_NOT_RUN] = " quiet"};
    FILE *stream = page->stream;
    char rate[32], weak[32], line[RESULTS_LINE];
    fputs("<tr><th scope=\"row\">", stream);
    write_details(stream, test);
    if (test->threads != 0) {
        fprintf(stream, "</th><td>%u</td>", test->threads);
    } else {
        fputs("</th><td>\xe2\x80\x93</td>", stream);
    }
    fprintf(stream, "<td class=\"text%s\">",
            classes[test->kind] != NULL ? classes[test->kind] : "");
    if (test->kind == RESULTS_NOT_RUN) {
        page_text(stream, results_why_not(page->results, test, line));
    } else {
        page_text(stream, *test->verdict != '\0' && test->total > 0 ? test->verdict : test->result);
        if (test->cpus != 0) {
            fprintf(stream, " <small>(%u threads on %u CPU%s)</small>", test->threads, test->cpus,
                    test->cpus == 1 ? "" : "s");
        }
    }
    fputs("</td>", stream);
    if (test->total > 0) {
        fprintf(stream, "<td>%.0f</td><td>%.0f</td><td>%s</td><td>%s</td>", test->weak, test->total,
                test->seconds > 0 ? cli_number(test->all_rate, rate, sizeof rate) : "",
                test->seconds > 0 ? cli_number(test->rate, weak, sizeof weak) : "");
    } else {
        fputs("<td></td><td></td><td></td><td></td>", stream);
    }
    write_certainty(stream, test);
    const json_t *mutants = json_object_get(test->json, "mutants");
    if (mutants != NULL) {
        fprintf(stream, "<td>%.0f of %.0f</td>",
                json_number_value(json_object_get(mutants, "killed")),
                json_number_value(json_object_get(mutants, "run")));
    } else {
        fputs("<td></td>", stream);
    }
    fputs("</tr>\n", stream);
}

void pieces_table(struct pieces *page, const struct results_family *family)
{
    fputs("<div class=\"wide\"><table class=\"tests\">\n<thead><tr><th scope=\"col\">test</th><th "
          "scope=\"col\">threads</th>"
          "<th scope=\"col\" class=\"text\">verdict</th><th scope=\"col\">weak</th><th "
          "scope=\"col\">of</th>"
          "<th scope=\"col\">in a second</th><th scope=\"col\">weak in a second</th>"
          "<th scope=\"col\">confidence, or bound at 95 %</th><th scope=\"col\">mutants "
          "killed</th></tr></thead>\n<tbody>\n",
          page->stream);
    for (size_t i = 0; i < family->count; ++i) {
        write_row(page, &family->test[i]);
    }
    fputs("</tbody></table></div>\n", page->stream);
}
