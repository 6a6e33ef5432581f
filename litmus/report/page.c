/* page.c - the page: what was run and where, violations, what was reordered, maps, and each family. */
#define _GNU_SOURCE
#include "report/report.h"

#include "cli/cli.h"
#include "outcome/outcome.h"
#include "page/gnuplot.h"
#include "page/page.h"
#include "report/pieces.h"
#include "report/style.h"

#include <string.h>

enum { LINE = 400, OPEN = 4 /* so many families need not be folded */ };

/* "0-3,8": the numbers of an array, as --cpus takes them. */
static const char *numbers(json_t *array, char text[LINE])
{
    text[0] = '\0';
    for (size_t i = 0, last; i < json_array_size(array); i = last + 1) {
        const size_t used = strlen(text);
        const json_int_t first = json_integer_value(json_array_get(array, i));
        const char *before = i > 0 ? "," : "";
        last = i;
        while (last + 1 < json_array_size(array) &&
               json_integer_value(json_array_get(array, last + 1)) ==
                   first + (json_int_t)(last + 1 - i)) {
            ++last;
        }
        if (last > i) {
            snprintf(text + used, LINE - used, "%s%" JSON_INTEGER_FORMAT "-%" JSON_INTEGER_FORMAT,
                     before, first, first + (json_int_t)(last - i));
        } else {
            snprintf(text + used, LINE - used, "%s%" JSON_INTEGER_FORMAT, before, first);
        }
    }
    return text;
}

static int whole(json_t *object, const char *key)
{
    return (int)json_integer_value(json_object_get(object, key));
}

static const char *plural(int count)
{
    return count == 1 ? "" : "s";
}

/* What was run on what: of the document, or of one of the runs that it was merged from. */
static void write_facts(FILE *stream, json_t *run)
{
    json_t *machine = json_object_get(run, "machine"), *compiler = json_object_get(run, "compiler");
    json_t *options = json_object_get(run, "options"), *value;
    const char *key;
    char text[LINE], number[LINE], time[32];
    fputs("<dl>\n", stream);
    snprintf(text, sizeof text, "%s%s%s%s", results_text(machine, "model"),
             *results_text(machine, "architecture") ? " (" : "",
             results_text(machine, "architecture"),
             *results_text(machine, "architecture") ? ")" : "");
    page_term(stream, "processor", text);
    if (json_is_integer(json_object_get(machine, "cores"))) {
        const int packages = whole(machine, "packages"), cores = whole(machine, "cores");
        const int cpus = whole(machine, "cpus"), nodes = whole(machine, "numa_nodes");
        snprintf(text, sizeof text, "%d package%s, %d core%s, %d CPU%s, %d NUMA node%s; used: %s",
                 packages, plural(packages), cores, plural(cores), cpus, plural(cpus), nodes,
                 plural(nodes), numbers(json_object_get(machine, "used_cpus"), number));
        page_term(stream, "CPUs", text);
    }
    if (json_is_true(json_object_get(machine, "virtual_machine"))) {
        snprintf(text, sizeof text, "a virtual machine (%s): its cores are shared",
                 results_text(machine, "hypervisor"));
        page_term(stream, "runs on", text);
    }
    page_term(stream, "kernel", results_text(machine, "kernel"));
    snprintf(text, sizeof text, "%s%s%s: %s", results_text(compiler, "command"),
             *results_text(compiler, "flags") != '\0' ? " " : "", results_text(compiler, "flags"),
             results_text(compiler, "version"));
    page_term(stream, "compiler", compiler != NULL ? text : "");
    text[0] = '\0';
    json_object_foreach(options, key, value)
    {
        const size_t used = strlen(text);
        const char *before = used > 0 ? "; " : "";
        if (strcmp(key, "seconds") == 0 && json_is_number(value)) {
            snprintf(text + used, sizeof text - used, "%s%s each test", before,
                     cli_time(json_number_value(value), time, sizeof time));
        } else if (json_is_string(value)) {
            snprintf(text + used, sizeof text - used, "%s%s %s", before, key,
                     json_string_value(value));
        } else if (json_is_number(value)) {
            snprintf(text + used, sizeof text - used, "%s%s %.0f", before, key,
                     json_number_value(value));
        }
    }
    page_term(stream, "options", text);
    json_t *mutants = json_object_get(run, "mutants");
    if (whole(mutants, "all") > 0) {
        const int not_run = whole(mutants, "all") - whole(mutants, "run");
        if (whole(mutants, "run") == 0) {
            snprintf(text, sizeof text, "none of %d was run", not_run);
        } else {
            snprintf(text, sizeof text,
                     "%d of %d killed, %d not run: of tests nearly like those whose outcome is "
                     "forbidden, and whose own this machine allows, so many have shown it",
                     whole(mutants, "killed"), whole(mutants, "run"), not_run);
        }
        page_term(stream, "mutants", text);
    }
    page_term(stream, "date", results_text(run, "date"));
    page_term(stream, "version", results_text(run, "version"));
    fputs("</dl>\n", stream);
}

static void write_runs(FILE *stream, json_t *document)
{
    size_t i;
    json_t *run, *merged = json_object_get(document, "merged");
    if (!json_is_array(merged)) {
        write_facts(stream, document);
        return;
    }
    json_array_foreach(merged, i, run)
    {
        fputs("<details open=\"open\"><summary>", stream);
        page_text(stream, results_text(run, "file"));
        fputs("</summary>\n", stream);
        write_facts(stream, run);
        fputs("</details>\n", stream);
    }
}

/* What is to be known before anything else is believed. */
static void write_warnings(FILE *stream, const struct results *results)
{
    size_t i, shared = 0;
    json_t *document = results->document, *run, *merged = json_object_get(document, "merged");
    bool emulated = json_is_true(json_object_get(json_object_get(document, "machine"), "emulated"));
    json_array_foreach(merged, i, run)
    {
        emulated =
            emulated || json_is_true(json_object_get(json_object_get(run, "machine"), "emulated"));
    }
    if (emulated) {
        page_paragraph(stream, "box warn",
                       "The processor was emulated: a check of the harness only, no answer.");
    }
    for (i = 0; i < results->count; ++i) {
        shared += results->test[i].cpus != 0 && results->test[i].total > 0;
    }
    if (shared > 0) {
        fprintf(stream,
                "<p class=\"box warn\">%zu test%s more threads than CPUs to run on, so these took "
                "turns. That such a test did not show something says little.</p>\n",
                shared, shared == 1 ? " had" : "s had");
    }
    if (json_is_true(json_object_get(document, "interrupted"))) {
        page_paragraph(stream, "box warn",
                       "The run was interrupted: this is what was measured until then.");
    }
}

static void write_sums(FILE *stream, const struct results *results)
{
    const size_t run = results->count - results->kinds[RESULTS_NOT_RUN];
    if (results->kinds[RESULTS_VIOLATION] > 0) {
        fputs("<p class=\"bad\"><strong>\xe2\x9c\x97 What is forbidden was seen.</strong></p>\n",
              stream);
    } else if (run > 0) {
        fprintf(stream, "<p>Nothing that is forbidden was seen in %zu test%s.</p>\n", run,
                plural((int)run));
    } else {
        fputs("<p><strong>No test was run: there is no answer.</strong></p>\n", stream);
    }
    fputs("<ul class=\"sums\">\n", stream);
    for (unsigned i = 0; i < RESULTS_KINDS; ++i) {
        const size_t count = results->kinds[i];
        if (i == RESULTS_NO_VERDICT && count == 0) {
            continue;
        }
        fprintf(stream, "<li%s><b>%zu</b>%s%s</li>\n",
                count == 0               ? " class=\"none\""
                : i == RESULTS_VIOLATION ? " class=\"bad\""
                                         : "",
                count, results_kinds[i], i == RESULTS_VIOLATION && count != 1 ? "S" : "");
    }
    fputs("</ul>\n", stream);
}

/* Who forbids it, and so who may be at fault. */
static const char *blame(const struct results_test *test)
{
    if (strcmp(test->verdict, verdict_name(VERDICT_VIOLATION_LOG)) == 0) {
        return "The reference log has not all of these states: the processor is at fault, or the "
               "compiler, or the log.";
    }
    if (strcmp(test->verdict, verdict_name(VERDICT_VIOLATION_TSO)) == 0) {
        return "x86-TSO forbids this, C11 may allow it: so the compiler may have done it. If the "
               "machine code (see run --keep) keeps the file's order, the processor did.";
    }
    if (*results_info(test, "C11") == '\0') {
        return "The model of this processor forbids this: the processor is at fault, or the file.";
    }
    return "C11 forbids this: the compiler or the processor is at fault, or the file.";
}

static const char *seconds_of(double seconds, char text[32])
{
    if (seconds >= 0.1) {
        return cli_time(seconds, text, 32);
    }
    snprintf(text, 32, "%.2g ms", seconds * 1e3);
    return text;
}

/* How it can be seen again. */
static void write_reproducer(FILE *stream, json_t *found)
{
    const char *command = results_text(found, "command");
    char text[LINE], time[32];
    if (*command == '\0') {
        return;
    }
    const double seconds = json_number_value(json_object_get(found, "seconds"));
    fputs("<p><b>To see it again</b>, with as few knobs as show it:</p>\n<pre>", stream);
    page_text(stream, command);
    fputs("</pre>\n", stream);
    snprintf(text, sizeof text, "Shown by %d of %d replays%s%s%s.", whole(found, "shown"),
             whole(found, "replays"), seconds > 0 ? ", the first time after " : "",
             seconds > 0 ? seconds_of(seconds, time) : "", seconds > 0 ? " (their median)" : "");
    page_paragraph(stream, "", text);
}

static void write_violation(FILE *stream, const struct results_test *test)
{
    char line[RESULTS_LINE];
    const char *wrong = results_text(test->json, "wrong");
    fputs("<div class=\"box bad\"><h3>\xe2\x9c\x97 VIOLATION: ", stream);
    page_text(stream, test->name);
    fputs("</h3>\n", stream);
    page_paragraph(stream, "", results_tell(test, line));
    if (*wrong != '\0') {
        fputs("<pre>", stream);
        page_text(stream, wrong);
        fputs("</pre>\n", stream);
    } else {
        page_paragraph(stream, "", blame(test));
    }
    fputs("<dl>\n", stream);
    page_term(stream, "asked", results_text(test->json, "condition"));
    page_term(stream, "file says", results_info(test, "Why"));
    page_term(stream, "run with", results_text(test->json, "knobs"));
    fputs("</dl>\n", stream);
    pieces_histogram(stream, test);
    write_reproducer(stream, json_object_get(test->json, "reproducer"));
    fputs("</div>\n", stream);
}

static void write_violations(FILE *stream, const struct results *results)
{
    if (results->kinds[RESULTS_VIOLATION] > 0) {
        fputs("<h2 id=\"violations\">Violations</h2>\n", stream);
    }
    for (size_t i = 0; i < results->count; ++i) {
        if (results->test[i].kind == RESULTS_VIOLATION) {
            write_violation(stream, &results->test[i]);
        }
    }
}

static void write_family(struct pieces *page, size_t number)
{
    FILE *stream = page->stream;
    const struct results_family *family = &page->results->family[number];
    const char *before = ": ";
    const bool open = family->kinds[RESULTS_VIOLATION] > 0 || page->results->family_count <= OPEN;
    fprintf(stream, "<details class=\"family\"%s><summary><b>", open ? " open=\"open\"" : "");
    page_text(stream, family->name);
    fprintf(stream, "</b> %zu test%s", family->count, family->count == 1 ? "" : "s");
    for (unsigned i = 0; i < RESULTS_KINDS; ++i) {
        if (family->kinds[i] > 0) {
            fprintf(stream, "%s%s%zu %s%s", before,
                    i == RESULTS_VIOLATION ? "<b class=\"bad\">" : "", family->kinds[i],
                    results_kinds[i], i == RESULTS_VIOLATION ? "</b>" : "");
            before = "; ";
        }
    }
    /* A link to something in here unfolds it. */
    fprintf(stream, "</summary>\n<div id=\"f%zu\">\n", number);
    pieces_rates(page, family);
    pieces_sides(page, family);
    pieces_outcomes(page, family);
    pieces_table(page, family);
    fputs("</div></details>\n", stream);
}

static void write_name(FILE *stream, json_t *document)
{
    const char *model = results_text(json_object_get(document, "machine"), "model");
    json_t *merged = json_object_get(document, "merged");
    fputs("<h1>Litmus tests", stream);
    if (json_is_array(merged)) {
        fprintf(stream, ": %zu run%s added up", json_array_size(merged),
                plural((int)json_array_size(merged)));
    } else if (*model != '\0') {
        fputs(" on ", stream);
        page_text(stream, model);
    }
    fputs("</h1>\n", stream);
}

bool litmus_page(FILE *stream, json_t *document)
{
    struct results results;
    results_read(&results, document);
    struct pieces page = {.stream = stream, .results = &results, .gnuplot = plot_can()};
    char title[LINE];
    snprintf(title, sizeof title, "cordon-litmus: %s",
             results_text(json_object_get(document, "machine"), "model"));
    page_head(stream, title, results_style);
    write_name(stream, document);
    write_sums(stream, &results);
    write_warnings(stream, &results);
    if (!page.gnuplot) {
        page_paragraph(stream, "bad",
                       "gnuplot was not found when this page was written, so there are tables in "
                       "place of the plots. Install it (Debian, Ubuntu: gnuplot-nox; elsewhere: "
                       "gnuplot) and write the page again, from the file of --json: cordon-litmus "
                       "report FILE.json --html FILE.html");
    }
    write_violations(stream, &results);
    write_runs(stream, document);
    pieces_relaxations(&page);
    fputs("<h2>All tests</h2>\n", stream);
    if (results.count > 0) {
        pieces_matrix(&page);
    } else {
        page_paragraph(stream, "", "There is none.");
    }
    for (size_t i = 0; i < results.family_count; ++i) {
        write_family(&page, i);
    }
    fputs("<p class=\"quiet\">Written by cordon-litmus. What the words mean, and what they do not "
          "tell: "
          "docs/litmus.md.</p>\n",
          stream);
    page_tail(stream);
    cli_progress_clear();
    results_free(&results);
    return fflush(stream) == 0 && !ferror(stream);
}
