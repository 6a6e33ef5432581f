/* merge.c - cordon-litmus merge: campaigns added up.
 *
 * Of tests with one name the counts of each state are added, exactly, and so are instances and seconds; what
 * stands for one run alone (the machine, the compiler, the date) is kept beside the name of its file in "merged".
 */
#define _GNU_SOURCE
#include "document.h"
#include "log.h"

#include "cli/cli.h"

#include <jansson.h>

#include <errno.h>
#include <math.h>
#include <string.h>

static const char help[] = "Usage: cordon-litmus merge [OPTION]... FILE...\n"
                           "\n"
                           "Add up what several runs have seen, on one machine or on many. A FILE "
                           "is what cordon-litmus run\n"
                           "--json, or merge, wrote. The result has the same form, with the runs' "
                           "machines and compilers in\n"
                           "\"merged\"; cordon-litmus compare reads it.\n"
                           "\n"
                           "  -o, --output FILE  where to (default: standard output)\n"
                           "  -h, --help         print this\n"
                           "\n"
                           "Exit status: 0 done; 2 wrong usage, a file that is no such log, or two "
                           "tests of one name that are\n"
                           "not the same test; 3 the result cannot be written.\n";

static json_t *find(json_t *array, const char *key, json_t *value)
{
    size_t i;
    json_t *element;
    json_array_foreach(array, i, element)
    {
        if (json_equal(json_object_get(element, key), value)) {
            return element;
        }
    }
    return NULL;
}

static void add_count(json_t *into, json_t *from, const char *key, const char *path)
{
    json_t *more = json_object_get(from, key);
    json_int_t sum;
    if (more == NULL) {
        return;
    }
    if (__builtin_add_overflow(json_integer_value(json_object_get(into, key)),
                               json_integer_value(more), &sum)) {
        cli_die(CLI_USAGE, "%s: with it, a \"%s\" is more than 2^63 - 1", path, key);
    }
    json_object_set_new(into, key, json_integer(sum));
}

/* As report_certainty does of one run. */
static void state_certainty(json_t *test)
{
    const double total = (double)json_integer_value(json_object_get(test, "total"));
    const double weak = (double)json_integer_value(json_object_get(test, "weak"));
    const json_t *distinct = json_object_get(test, "distinct");
    const bool frames = json_object_get(test, "iterations") != NULL;
    const double hits = distinct != NULL ? (double)json_integer_value(distinct) : weak;
    json_object_del(test, "confidence");
    json_object_del(test, "bound_95");
    if (frames && distinct == NULL) {
        return; /* of all frames */
    }
    if (weak > 0) {
        json_object_set_new(test, "confidence", json_real(1 - exp(-(hits > 1 ? hits : 1))));
    } else if (!frames && total > 3) {
        json_object_set_new(test, "bound_95", json_real(3 / total));
    }
}

/* Whoever has seen more decides over the verdict: a violation, and then what was seen at all. */
static void add_verdict(json_t *into, json_t *from)
{
    const bool worse = json_is_true(json_object_get(from, "violation")) &&
                       !json_is_true(json_object_get(into, "violation"));
    const bool first = json_integer_value(json_object_get(into, "weak")) == 0 &&
                       json_integer_value(json_object_get(from, "weak")) > 0;
    if (worse || first) {
        json_object_set(into, "verdict", json_object_get(from, "verdict"));
        json_object_set(into, "violation", json_object_get(from, "violation"));
        json_object_set(into, "result", json_object_get(from, "result"));
    }
}

static void add_histogram(json_t *into, json_t *from, const char *path)
{
    json_t *histogram = json_object_get(into, "histogram"), *row;
    size_t i;
    json_array_foreach(json_object_get(from, "histogram"), i, row)
    {
        json_t *same = find(histogram, "state", json_object_get(row, "state"));
        if (same != NULL) {
            add_count(same, row, "count", path);
        } else {
            json_array_append_new(histogram, json_deep_copy(row));
        }
    }
}

/* What is true of one run alone goes: its knobs and its mutants. A violation's reproducer stays. */
static void add_environment(json_t *into, json_t *from)
{
    json_t *reproducer = json_object_get(from, "reproducer");
    json_object_del(into, "knobs");
    json_object_del(into, "mutants");
    if (json_object_get(into, "reproducer") == NULL && reproducer != NULL) {
        json_object_set(into, "reproducer", reproducer);
    }
}

static void add_test(json_t *tests, json_t *test, const char *path)
{
    json_t *same = find(tests, "name", json_object_get(test, "name"));
    if (same == NULL) {
        json_array_append_new(tests, json_deep_copy(test));
        return;
    }
    if (json_object_get(test, "histogram") == NULL) {
        return; /* it was not run there */
    }
    if (json_object_get(same, "histogram") == NULL) {
        json_object_clear(same);
        json_t *copy = json_deep_copy(test);
        json_object_update(same, copy);
        json_decref(copy);
        return;
    }
    static const char *const alike[] = {"condition", "info", "threads"};
    for (size_t i = 0; i < sizeof alike / sizeof *alike; ++i) {
        if (!json_equal(json_object_get(same, alike[i]), json_object_get(test, alike[i]))) {
            cli_die(CLI_USAGE,
                    "%s: '%s' is not the test of that name in a file before: \"%s\" differs", path,
                    json_string_value(json_object_get(test, "name")), alike[i]);
        }
    }
    if ((json_object_get(same, "iterations") == NULL) !=
        (json_object_get(test, "iterations") == NULL)) {
        cli_die(CLI_USAGE,
                "%s: '%s' counts frames in one file and instances in another: these are not to be "
                "added",
                path, json_string_value(json_object_get(test, "name")));
    }
    if ((json_object_get(same, "distinct") == NULL) !=
        (json_object_get(test, "distinct") == NULL)) {
        cli_die(
            CLI_USAGE,
            "%s: '%s' counts all frames in one file and one for each iteration in another: these "
            "are not to be added",
            path, json_string_value(json_object_get(test, "name")));
    }
    add_verdict(same, test);
    static const char *const counts[] = {"total", "weak", "iterations", "distinct"};
    for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
        add_count(same, test, counts[i], path);
    }
    json_object_set_new(same, "seconds",
                        json_real(json_number_value(json_object_get(same, "seconds")) +
                                  json_number_value(json_object_get(test, "seconds"))));
    add_histogram(same, test, path);
    add_environment(same, test);
    state_certainty(same);
}

/* The runs that a file stands for: itself, or those that it was merged from. */
static void add_source(json_t *merged, json_t *document, const char *path)
{
    json_t *before = json_object_get(document, "merged");
    static const char *const kept[] = {"version", "date", "machine", "compiler", "options"};
    if (before != NULL) {
        json_array_extend(merged, before);
        return;
    }
    json_t *name = json_string(path);
    json_t *source = json_pack("{s:o}", "file", name != NULL ? name : json_string("?"));
    for (size_t i = 0; i < sizeof kept / sizeof *kept; ++i) {
        json_object_set(source, kept[i], json_object_get(document, kept[i]));
    }
    json_array_append_new(merged, source);
}

int merge_command(int argc, char **argv)
{
    static const struct option known[] = {{"output", required_argument, NULL, 'o'},
                                          {"help", no_argument, NULL, 'h'},
                                          {NULL, 0, NULL, 0}};
    const char *output = NULL;
    for (int found; (found = cli_option(argc, argv, "o:h", known)) != -1;) {
        if (found == 'h') {
            fputs(help, stdout);
            return cli_finish(CLI_OK);
        }
        output = optarg;
    }
    if (optind == argc) {
        cli_die(CLI_USAGE, "name the files to add up (try --help)");
    }
    json_t *merged = json_array(), *tests = json_array(), *test;
    for (int i = optind; i < argc; ++i) {
        json_t *document = log_document(argv[i]);
        size_t k;
        add_source(merged, document, argv[i]);
        json_array_foreach(json_object_get(document, "tests"), k, test)
        {
            add_test(tests, test, argv[i]);
        }
        json_decref(document);
    }
    json_t *result =
        json_pack("{s:s, s:o, s:o}", "schema", "cordon-litmus/1", "merged", merged, "tests", tests);
    output = output != NULL && strcmp(output, "-") == 0 ? NULL : output;
    FILE *stream = output != NULL ? fopen(output, "we") : stdout;
    bool written = stream != NULL && result != NULL &&
                   json_dumpf(result, stream, JSON_INDENT(1) | JSON_REAL_PRECISION(9)) == 0 &&
                   fputc('\n', stream) != EOF;
    if (stream != NULL && stream != stdout) {
        written = fclose(stream) == 0 && written;
    }
    json_decref(result);
    if (!written) {
        cli_error("cannot write %s: %s", output != NULL ? output : "the output", strerror(errno));
        return CLI_UNFIT;
    }
    return cli_finish(CLI_OK);
}
