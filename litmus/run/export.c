/* export.c - the results of a run as JSON, and as JUnit's XML. */
#define _GNU_SOURCE
#include "export.h"

#include "cli/cli.h"

#include <cordon/version.h>

#include <jansson.h>

#include <inttypes.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

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

/* What is not UTF-8 would make jansson refuse everything. */
static json_t *text_of(const char *text)
{
    json_t *json = text != NULL ? json_string(text) : json_null();
    return json != NULL ? json : json_string("?");
}

static json_t *histogram_of(const struct report *report)
{
    const struct outcome_set *set = &report->outcomes;
    json_t *histogram = json_array();
    for (size_t i = 0; i < set->count; ++i) {
        const int64_t *values = set->values + i * set->columns;
        json_t *state = json_object();
        for (unsigned column = 0; column < set->columns; ++column) {
            json_object_set_new(state, report->test->observed[column].name,
                                json_integer(values[column]));
        }
        json_array_append_new(histogram, json_pack("{s:o, s:I, s:b}", "state", state, "count",
                                                   (json_int_t)set->seen[i], "weak",
                                                   outcome_is_weak(report->test, values)));
    }
    return histogram;
}

static json_t *condition_of(const struct litmus_test *test)
{
    char *text = NULL;
    size_t size = 0;
    FILE *stream = open_memstream(&text, &size);
    if (stream == NULL) {
        return json_null();
    }
    litmus_print_condition(stream, test);
    fclose(stream);
    json_t *json = text_of(text);
    free(text);
    return json;
}

static json_t *mutants_of(const struct score_count *mutants)
{
    return json_pack("{s:I, s:I, s:I}", "killed", (json_int_t)mutants->killed, "run",
                     (json_int_t)mutants->run, "all", (json_int_t)mutants->all);
}

static json_t *reproducer_of(const struct reproducer *found)
{
    char knobs[400];
    json_t *json = json_pack("{s:o, s:s, s:i, s:i}", "command", text_of(found->command), "knobs",
                             knobs_write(&found->knobs, knobs, sizeof knobs), "replays",
                             (int)found->tries, "shown", (int)found->again);
    if (json != NULL && found->again != 0) {
        json_object_set_new(json, "seconds", json_real(found->seconds));
    }
    return json;
}

/* How it was run, and what that is worth. */
static void add_environment(json_t *json, const struct report *report)
{
    char knobs[400];
    if (report->client != NULL) {
        return;
    }
    json_object_set_new(json, "knobs",
                        json_string(knobs_write(&report->knobs, knobs, sizeof knobs)));
    if (report->mutants.all != 0) {
        json_object_set_new(json, "mutants", mutants_of(&report->mutants));
    }
    if (report->reproducer.command != NULL) {
        json_object_set_new(json, "reproducer", reproducer_of(&report->reproducer));
    }
}

static json_t *test_of(const struct report *report)
{
    const struct litmus_test *test = report->test;
    const bool ran = report->outcomes.count != 0;
    json_t *info = json_object();
    for (unsigned i = 0; i < test->info_count; ++i) {
        json_object_set_new(info, test->info[i].key, text_of(test->info[i].value));
    }
    json_t *json = json_pack("{s:o, s:i, s:s, s:o}", "name", text_of(test->name), "threads",
                             (int)test->thread_count, "result", state_name(report), "info", info);
    if (report->wrong != NULL) {
        json_object_set_new(json, "wrong", text_of(report->wrong));
    }
    if (json != NULL && ran) {
        const uint64_t total = report->tally.weak + report->tally.other;
        json_object_set_new(json, "condition", condition_of(test));
        json_object_set_new(json, "verdict", json_string(verdict_name(report->verdict)));
        json_object_set_new(json, "violation", json_boolean(report_is_violation(report)));
        json_object_set_new(json, "seconds", json_real(report->seconds));
        json_object_set_new(json, "total", json_integer((json_int_t)total));
        json_object_set_new(json, "weak", json_integer((json_int_t)report->tally.weak));
        if (report->iterations != 0) {
            json_object_set_new(json, "iterations", json_integer((json_int_t)report->iterations));
        }
        if (report->mode == LITMUS_PERPETUAL) {
            json_object_set_new(json, "distinct", json_integer((json_int_t)report->distinct));
        }
        if (report_has_certainty(report)) {
            json_object_set_new(json, report->tally.weak != 0 ? "confidence" : "bound_95",
                                json_real(report_certainty(report)));
        }
        add_environment(json, report);
        json_object_set_new(json, "histogram", histogram_of(report));
    }
    return json;
}

static json_t *machine_of(const struct export *export)
{
    const struct machine *machine = export->machine;
    json_t *cpus = json_array();
    for (size_t i = 0; i < export->cpu_count; ++i) {
        json_array_append_new(cpus, json_integer(export->cpu[i]));
    }
    return json_pack("{s:o, s:s, s:o, s:i, s:i, s:i, s:i, s:b, s:o, s:b, s:o}", "model",
                     text_of(machine->model), "architecture", machine->architecture, "kernel",
                     text_of(machine->kernel), "packages", (int)machine->packages, "cores",
                     (int)machine->cores, "cpus", (int)machine->pus, "numa_nodes",
                     (int)machine->numa_nodes, "virtual_machine", machine->virtual_machine,
                     "hypervisor", text_of(machine->hypervisor), "emulated", machine->emulated,
                     "used_cpus", cpus);
}

bool export_json(FILE *stream, const struct export *export)
{
    char date[40] = "";
    const time_t now = time(NULL);
    struct tm local;
    if (localtime_r(&now, &local) != NULL) {
        strftime(date, sizeof date, "%Y-%m-%dT%H:%M:%S%z", &local);
    }
    json_t *tests = json_array();
    for (size_t i = 0; i < export->count; ++i) {
        json_array_append_new(tests, test_of(&export->report[i]));
    }
    json_t *document = json_pack(
        "{s:s, s:s, s:s, s:b, s:o, s:{s:o, s:o, s:o}, s:{s:s, s:f, s:I, s:s, s:I}, s:o, s:o}",
        "schema", "cordon-litmus/1", "version", VERSION, "date", date, "interrupted",
        cli_interrupted != 0, "machine", machine_of(export), "compiler", "command",
        text_of(export->compiler->command), "flags", text_of(export->compiler->flags), "version",
        text_of(export->compiler_version), "options", "engine", export->engine, "seconds",
        export->seconds, "size", (json_int_t) export->size, "preset", export->preset, "seed",
        (json_int_t) export->seed, "mutants", mutants_of(&export->mutants), "tests", tests);
    const bool written =
        document != NULL &&
        json_dumpf(document, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0 &&
        fputc('\n', stream) != EOF && fflush(stream) == 0;
    json_decref(document);
    return written;
}

/* Text inside an attribute; what XML 1.0 cannot hold becomes a question mark. */
static void put_xml(FILE *stream, const char *text)
{
    for (const char *c = text; *c != '\0'; ++c) {
        switch (*c) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        case '\n':
            fputs("&#10;", stream);
            break;
        default:
            fputc((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f ? '?' : *c, stream);
        }
    }
}

static void put_element(FILE *stream, const char *element, const char *message)
{
    fprintf(stream, "    <%s message=\"", element);
    put_xml(stream, message);
    fputs("\"/>\n", stream);
}

static void put_case(FILE *stream, const struct report *report)
{
    char message[200];
    fputs("  <testcase classname=\"cordon-litmus\" name=\"", stream);
    put_xml(stream, report->test->name);
    fprintf(stream, "\" time=\"%.3f\">\n", report->seconds);
    if (report_is_violation(report)) {
        snprintf(message, sizeof message, "%s: %" PRIu64 " of %" PRIu64,
                 report->state == DONE ? verdict_name(report->verdict) : state_name(report),
                 report->tally.weak, report->tally.weak + report->tally.other);
        put_element(stream, "failure", report->wrong != NULL ? report->wrong : message);
    } else if (report->state == REFUSED || report->state == FAILED) {
        put_element(stream, "error", "it could not be compiled or run");
    } else if (report->state != DONE) {
        put_element(stream, "skipped",
                    report->state == SKIPPED ? "it has more threads than there are CPUs"
                    : report->state == UNFIT ? "not for this engine"
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
