/* export.c - the results of a run as JSON, and as JUnit's XML. */
#define _GNU_SOURCE
#include "export.h"

#include "cli/cli.h"
#include "page/json.h"
#include "page/page.h"

#include <cordon/version.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <stdlib.h>
#include <time.h>

#define TEXT_(x) #x
#define TEXT(x)  TEXT_(x)
#define VERSION                \
    TEXT(CORDON_VERSION_MAJOR) \
    "." TEXT(CORDON_VERSION_MINOR) "." TEXT(CORDON_VERSION_PATCH)

static const char *state_name(const struct report *report)
{
    switch (report->state) {
    case NOT_RUN:
        return "not run";
    case SKIPPED:
    case UNFIT:
    case ELSEWHERE:
        return "skipped";
    case REFUSED:
        return "refused";
    case FAILED:
        return "failed";
    case DONE:
        return "run";
    case INTERRUPTED:
        return "interrupted";
    case CRASHED:
        return "crashed";
    case STUCK:
        break;
    }
    return "stuck";
}

/* An address, or a number that is more than integers of JSON's readers, goes as text. */
static void put_value(struct page_json *json, const struct litmus_test *test, unsigned column,
                      int64_t value)
{
    const char *name = test->observed[column].name;
    char text[LITMUS_VALUE_ROOM], number[32];
    (void)litmus_value_text(test, column, value, text, sizeof text);
    snprintf(number, sizeof number, "%" PRId64, value);
    if (strcmp(text, number) == 0) {
        page_json_integer(json, name, value);
    } else {
        page_json_text(json, name, text);
    }
}

static void put_histogram(struct page_json *json, const struct report *report)
{
    const struct outcome_set *set = &report->outcomes;
    page_json_open(json, "histogram", '[');
    for (size_t i = 0; i < set->count; ++i) {
        const int64_t *values = set->values + i * set->columns;
        page_json_open(json, NULL, '{');
        page_json_open(json, "state", '{');
        for (unsigned column = 0; column < set->columns; ++column) {
            put_value(json, report->test, column, values[column]);
        }
        page_json_close(json);
        page_json_count(json, "count", set->seen[i]);
        page_json_bool(json, "weak", outcome_is_weak(report->test, values));
        page_json_close(json);
    }
    page_json_close(json);
}

static void put_condition(struct page_json *json, const struct litmus_test *test)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream != NULL) {
        litmus_print_condition(stream, test);
        fclose(stream);
    }
    page_json_text(json, "condition", text);
    free(text);
}

static void put_mutants(struct page_json *json, const struct score_count *mutants)
{
    page_json_open(json, "mutants", '{');
    page_json_count(json, "killed", mutants->killed);
    page_json_count(json, "run", mutants->run);
    page_json_count(json, "all", mutants->all);
    page_json_close(json);
}

static void put_reproducer(struct page_json *json, const struct reproducer *found)
{
    char knobs[400];
    page_json_open(json, "reproducer", '{');
    page_json_text(json, "command", found->command);
    page_json_text(json, "knobs", knobs_write(&found->knobs, knobs, sizeof knobs));
    page_json_count(json, "replays", found->tries);
    page_json_count(json, "shown", found->again);
    if (found->again != 0) {
        page_json_real(json, "seconds", found->seconds);
    }
    page_json_close(json);
}

/* How it was run, and what that is worth. */
static void put_environment(struct page_json *json, const struct report *report)
{
    char knobs[400];
    if (report->client != NULL) {
        return;
    }
    page_json_text(json, "knobs", knobs_write(&report->knobs, knobs, sizeof knobs));
    if (report->mutants.all != 0) {
        put_mutants(json, &report->mutants);
    }
    if (report->reproducer.command != NULL) {
        put_reproducer(json, &report->reproducer);
    }
}

static void put_rates(struct page_json *json, const struct report *report)
{
    const struct disturbance *found = &report->disturbance;
    double all, weak;
    report_rates(report, &all, &weak);
    page_json_real(json, "rate", all);
    page_json_real(json, "weak_rate", weak);
    page_json_count(json, "blocks", found->blocks);
    page_json_count(json, "disturbed", found->disturbed);
    page_json_count(json, "switches", found->switches);
    page_json_real(json, "steal_ms", found->steal_ms);
}

static void put_results(struct page_json *json, const struct report *report)
{
    put_condition(json, report->test);
    page_json_text(json, "verdict", verdict_name(report->verdict));
    page_json_bool(json, "violation", report_is_violation(report));
    page_json_real(json, "seconds", report->seconds);
    page_json_count(json, "total", report->tally.weak + report->tally.other);
    page_json_count(json, "weak", report->tally.weak);
    put_rates(json, report);
    if (report->iterations != 0) {
        page_json_count(json, "iterations", report->iterations);
        page_json_count(json, "instances", report->instances);
    }
    if (report->workers != 0 && report->workers < report->test->thread_count) {
        page_json_count(json, "workers", report->workers);
    }
    if (report->best[0] != '\0') {
        page_json_text(json, "best", report->best);
    }
    if (report->mode == LITMUS_PERPETUAL) {
        page_json_count(json, "distinct", report->distinct);
    }
    if (report->endless != 0) {
        page_json_count(json, "endless", report->endless);
    }
    if (report_has_certainty(report)) {
        page_json_real(json, report->tally.weak != 0 ? "confidence" : "bound_95",
                       report_certainty(report));
    }
    put_environment(json, report);
    put_histogram(json, report);
}

static void put_test(struct page_json *json, const struct report *report)
{
    const struct litmus_test *test = report->test;
    page_json_open(json, NULL, '{');
    page_json_text(json, "name", test->name);
    page_json_count(json, "threads", test->thread_count);
    page_json_text(json, "result", state_name(report));
    page_json_open(json, "info", '{');
    for (unsigned i = 0; i < test->info_count; ++i) {
        if (litmus_get(test, test->info[i].key) == test->info[i].value) { /* each key once */
            page_json_text(json, test->info[i].key, test->info[i].value);
        }
    }
    page_json_close(json);
    if (report->wrong != NULL) {
        page_json_text(json, "wrong", report->wrong);
    }
    if (report->outcomes.count != 0) {
        put_results(json, report);
    }
    page_json_close(json);
}

static void put_machine(struct page_json *json, const struct export *export)
{
    const struct machine *machine = export->machine;
    page_json_open(json, "machine", '{');
    page_json_text(json, "model", machine->model);
    page_json_text(json, "architecture", machine->architecture);
    page_json_text(json, "kernel", machine->kernel);
    page_json_count(json, "packages", machine->packages);
    page_json_count(json, "cores", machine->cores);
    page_json_count(json, "cpus", machine->pus);
    page_json_count(json, "numa_nodes", machine->numa_nodes);
    page_json_bool(json, "virtual_machine", machine->virtual_machine);
    page_json_text(json, "hypervisor", machine->hypervisor);
    page_json_bool(json, "emulated", machine->emulated);
    page_json_open(json, "used_cpus", '[');
    for (size_t i = 0; i < export->cpu_count; ++i) {
        page_json_count(json, NULL, export->cpu[i]);
    }
    page_json_close(json);
    page_json_close(json);
}

bool export_json(FILE *stream, const struct export *export)
{
    char date[40] = "";
    const time_t now = time(NULL);
    struct tm local;
    struct page_json json = page_json(stream);
    if (localtime_r(&now, &local) != NULL) {
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
    }
    page_json_open(&json, NULL, '{');
    page_json_text(&json, "schema", "cordon-litmus/1");
    page_json_text(&json, "version", VERSION);
    page_json_text(&json, "date", date);
    page_json_bool(&json, "interrupted", cli_interrupted != 0);
    put_machine(&json, export);
    page_json_open(&json, "compiler", '{');
    page_json_text(&json, "command", export->compiler->command);
    page_json_text(&json, "flags", export->compiler->flags);
    page_json_text(&json, "version", export->compiler_version);
    page_json_close(&json);
    page_json_open(&json, "options", '{');
    page_json_text(&json, "engine", export->engine);
    page_json_real(&json, "seconds", export->seconds);
    page_json_count(&json, "size", export->size);
    page_json_text(&json, "preset", export->preset);
    page_json_count(&json, "seed", export->seed);
    page_json_close(&json);
    put_mutants(&json, &export->mutants);
    page_json_open(&json, "tests", '[');
    for (size_t i = 0; i < export->count; ++i) {
        put_test(&json, &export->report[i]);
    }
    page_json_close(&json);
    page_json_close(&json);
    return fputc('\n', stream) != EOF && fflush(stream) == 0 && !ferror(stream);
}

static void put_element(FILE *stream, const char *element, const char *message)
{
    fprintf(stream, "    <%s message=\"", element);
    page_text(stream, message);
    fputs("\"/>\n", stream);
}

static void put_case(FILE *stream, const struct report *report)
{
    char message[200];
    fputs("  <testcase classname=\"cordon-litmus\" name=\"", stream);
    page_text(stream, report->test->name);
    fprintf(stream, "\" time=\"%.3f\">\n", report->seconds);
    if (report_is_violation(report)) {
        snprintf(message, sizeof message, "%s: %" PRIu64 " of %" PRIu64,
                 report->state == DONE ? verdict_name(report->verdict) : state_name(report),
                 report_forbidden(report), report->tally.weak + report->tally.other);
        put_element(stream, "failure", report->wrong != NULL ? report->wrong : message);
    } else if (report->state == REFUSED || report->state == FAILED) {
        put_element(stream, "error", "it could not be compiled or run");
    } else if (report->state != DONE) {
        put_element(stream, "skipped",
                    report->state == SKIPPED     ? "it has several threads, and there is one CPU"
                    : report->state == UNFIT     ? "not for this engine"
                    : report->state == ELSEWHERE ? "not for this machine"
                                                 : "interrupted");
    }
    fputs("  </testcase>\n", stream);
}

bool export_junit(FILE *stream, const struct export *export)
{
    size_t failures = 0, errors = 0, skipped = 0;
    double seconds = 0;
    for (size_t i = 0; i < export->count; ++i) {
        const struct report *report = &export->report[i];
        const bool violation = report_is_violation(report);
        const bool error = report->state == REFUSED || report->state == FAILED;
        failures += violation;
        errors += error;
        skipped += !violation && !error && report->state != DONE;
        seconds += report->seconds;
    }
    fprintf(stream,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
            "<testsuite name=\"cordon-litmus\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" "
            "skipped=\"%zu\" time=\"%.3f\">\n",
            export->count, failures, errors, skipped, seconds);
    for (size_t i = 0; i < export->count; ++i) {
        put_case(stream, &export->report[i]);
    }
    fputs("</testsuite>\n", stream);
    return fflush(stream) == 0 && !ferror(stream);
}
