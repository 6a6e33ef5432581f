/* document.c - the JSON of cordon-litmus run and merge. */
#define _GNU_SOURCE
#include "document.h"

#include "cli/cli.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

static bool is_count(json_t *json, json_int_t least)
{
    return json_is_integer(json) && json_integer_value(json) >= least;
}

/* What is added up has to be there, and to be what can be added; the rest goes through as it is. */
static void check_test(json_t *test, const char *path)
{
    static const char *const counts[] = {"total", "weak", "iterations", "distinct"};
    json_t *histogram = json_object_get(test, "histogram"), *row;
    const char *name = json_string_value(json_object_get(test, "name"));
    size_t k;
    if (name == NULL) {
        cli_die(CLI_USAGE, "%s: expected a \"name\" of each test", path);
    }
    if (histogram == NULL) {
        return; /* it was not run */
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
        json_t *count = json_object_get(test, counts[i]);
        if (count != NULL ? !is_count(count, 0) : i < 2) {
            cli_die(CLI_USAGE, "%s: '%s': expected a count in \"%s\"", path, name, counts[i]);
        }
    }
    if (!json_is_array(histogram)) {
        cli_die(CLI_USAGE, "%s: '%s': expected an array in \"histogram\"", path, name);
    }
    json_array_foreach(histogram, k, row)
    {
        if (!json_is_object(json_object_get(row, "state")) ||
            !is_count(json_object_get(row, "count"), 1)) {
            cli_die(CLI_USAGE, "%s: '%s': expected \"state\" and \"count\" in its histogram", path,
                    name);
        }
    }
}

json_t *log_document(const char *path)
{
    json_error_t error;
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
    if (stream == NULL) {
        cli_die(CLI_USAGE, "%s: %s", path, strerror(errno));
    }
    json_t *document = json_loadf(stream, 0, &error);
    if (stream != stdin) {
        fclose(stream);
    }
    if (document == NULL) {
        cli_die(CLI_USAGE, "%s:%d:%d: %s (expected JSON of cordon-litmus run --json)", path,
                error.line, error.column, error.text);
    }
    const char *schema = json_string_value(json_object_get(document, "schema"));
    if (schema == NULL || strcmp(schema, "cordon-litmus/1") != 0 ||
        !json_is_array(json_object_get(document, "tests"))) {
        cli_die(CLI_USAGE, "%s: expected \"schema\": \"cordon-litmus/1\" and \"tests\"", path);
    }
    size_t i;
    json_t *test;
    json_array_foreach(json_object_get(document, "tests"), i, test)
    {
        check_test(test, path);
    }
    return document;
}
