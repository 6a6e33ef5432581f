/* read.c - files of measurements, ours or Google Benchmark's, in one form. */
#define _GNU_SOURCE
#include "report.h"
#include "../stats.h"
#include "cli/cli.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

static const char *string(json_t *benchmark, const char *key)
{
    return json_string_value(json_object_get(benchmark, key));
}

/* ns to one unit of the benchmark's times; 0 if nobody knows. */
static double unit_of(json_t *benchmark)
{
    const char *unit = string(benchmark, "time_unit");
    return unit == NULL || strcmp(unit, "ns") == 0 ? 1
           : strcmp(unit, "us") == 0               ? 1e3
           : strcmp(unit, "ms") == 0               ? 1e6
           : strcmp(unit, "s") == 0                ? 1e9
                                                   : 0;
}

static void scale(json_t *benchmark, const char *key, double factor)
{
    json_t *value = json_object_get(benchmark, key);
    if (json_is_number(value)) {
        json_object_set_new(benchmark, key, json_real(json_number_value(value) * factor));
    }
}

/* The figure and its interval, from the samples. */
static void summarise(json_t *benchmark, json_t *samples)
{
    const size_t count = json_array_size(samples);
    double *values = calloc(2 * count + 1, sizeof *values);
    size_t i;
    json_t *sample;
    if (values == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    json_array_foreach(samples, i, sample)
    {
        values[i] = json_number_value(sample);
    }
    const struct stats_interval interval = stats_bootstrap(values, count, values + count);
    json_object_set_new(benchmark, "real_time", json_real(interval.middle));
    json_object_set_new(benchmark, "interval_95", json_pack("[f,f]", interval.low, interval.high));
    free(values);
}

/* Take one benchmark of the file: a new name, or a further repetition of one that is known. Whatever
 * has no samples of its own is Google Benchmark's, where each repetition stands for itself.
 */
static const char *take(json_t *by_name, json_t *benchmark)
{
    const char *name = string(benchmark, "name"), *type = string(benchmark, "run_type");
    json_t *time = json_object_get(benchmark, "real_time");
    const double unit = unit_of(benchmark);
    if (name == NULL) {
        return "has no \"name\" that is a string";
    }
    if (json_is_true(json_object_get(benchmark, "error_occurred")) ||
        (type != NULL && strcmp(type, "aggregate") == 0)) {
        return NULL; /* the single times tell more */
    }
    if (!json_is_number(time)) {
        return "has no \"real_time\" that is a number";
    }
    if (unit == 0) {
        return "has a \"time_unit\" other than ns, us, ms, s";
    }
    json_t *known = json_object_get(by_name, name);
    if (json_is_array(json_object_get(benchmark, "samples"))) {
        if (known != NULL) {
            return "stands there twice";
        }
        json_object_set(by_name, name, benchmark);
        return unit == 1 ? NULL : "has \"samples\" and a \"time_unit\" other than ns";
    }
    const double ns = json_number_value(time) * unit;
    if (known == NULL) {
        scale(benchmark, "real_time", unit);
        scale(benchmark, "cpu_time", unit);
        json_object_set_new(benchmark, "time_unit", json_string("ns"));
        json_object_set_new(benchmark, "samples", json_array());
        json_object_set(by_name, name, benchmark);
        known = benchmark;
    }
    json_array_append_new(json_object_get(known, "samples"), json_real(ns));
    return NULL;
}

/* All benchmarks, each name once; NULL after *wrong was set. */
static json_t *fold(json_t *benchmarks, size_t *at, const char **wrong)
{
    size_t i;
    const char *name;
    json_t *benchmark, *by_name = json_object(), *folded = json_array();
    *wrong = NULL;
    json_array_foreach(benchmarks, i, benchmark)
    {
        *wrong = json_is_object(benchmark) ? take(by_name, benchmark) : "is no object";
        if (*wrong != NULL) {
            *at = i;
            break;
        }
    }
    json_object_foreach(by_name, name, benchmark)
    {
        json_t *samples = json_object_get(benchmark, "samples");
        if (json_object_get(benchmark, "interval_95") == NULL && json_array_size(samples) > 1) {
            summarise(benchmark, samples);
        }
        json_array_append(folded, benchmark);
    }
    json_decref(by_name);
    return folded;
}

json_t *report_read(const char *path)
{
    json_error_t error;
    const bool is_stdin = strcmp(path, "-") == 0;
    const char *wrong, *shown = is_stdin ? "standard input" : path;
    size_t at = 0;
    errno = 0;
    FILE *stream = is_stdin ? stdin : fopen(path, "re");
    if (stream == NULL) {
        cli_die(CLI_USAGE, "cannot read '%s': %s", path, strerror(errno));
    }
    json_t *document = json_loadf(stream, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL && ferror(stream)) {
        cli_die(CLI_USAGE, "cannot read '%s': %s", path, strerror(errno));
    }
    if (document == NULL) {
        cli_die(CLI_USAGE, "%s:%d:%d: no JSON: %s", shown, error.line, error.column, error.text);
    }
    if (!is_stdin) {
        fclose(stream);
    }
    if (!json_is_object(document) || !json_is_object(json_object_get(document, "context")) ||
        !json_is_array(json_object_get(document, "benchmarks"))) {
        cli_die(
            CLI_USAGE,
            "%s: not Google Benchmark's form: expected an object with an object \"context\" and "
            "an array \"benchmarks\"",
            shown);
    }
    json_t *folded = fold(json_object_get(document, "benchmarks"), &at, &wrong);
    if (wrong != NULL) {
        cli_die(CLI_USAGE, "%s: benchmark %zu %s", shown, at + 1, wrong);
    }
    json_object_set_new(document, "benchmarks", folded);
    return document;
}

/* The same thing said twice? Warnings count their threads anew each time; the remedy tells. */
static bool is_same(json_t *a, json_t *b)
{
    json_t *remedy = json_object_get(a, "do");
    return remedy != NULL ? json_equal(remedy, json_object_get(b, "do")) : json_equal(a, b);
}

static void add_new(json_t *into, json_t *array)
{
    size_t i, k;
    json_t *value, *known;
    json_array_foreach(array, i, value)
    {
        bool found = false;
        json_array_foreach(into, k, known)
        {
            found = found || is_same(known, value);
        }
        if (!found) {
            json_array_append(into, value);
        }
    }
}

static void merge_contexts(json_t *into, json_t *context)
{
    /* Of the machine there is one. */
    static const char *const once[] = {"caches", "load_avg", "allowed_cpus", "topology", "watch"};
    json_t *value, *known;
    const char *key;
    json_object_foreach(context, key, value)
    {
        bool list = true;
        for (size_t i = 0; i < sizeof once / sizeof *once; ++i) {
            list = list && strcmp(key, once[i]) != 0;
        }
        known = json_object_get(into, key);
        if (known == NULL || (strcmp(key, "interrupted") == 0 && json_is_true(value))) {
            json_object_set(into, key, value);
        } else if (list && json_is_array(known) && json_is_array(value)) {
            add_new(known, value);
        }
    }
}

void report_merge(json_t *into, json_t *document)
{
    size_t i;
    json_t *benchmark, *known = json_object_get(into, "benchmarks"), *names = json_object();
    merge_contexts(json_object_get(into, "context"), json_object_get(document, "context"));
    json_array_foreach(known, i, benchmark)
    {
        const char *name = string(benchmark, "name");
        json_object_set_new(names, name != NULL ? name : "", json_integer((json_int_t)i));
    }
    json_array_foreach(json_object_get(document, "benchmarks"), i, benchmark)
    {
        /* Measured again: the later one counts. */
        const char *name = string(benchmark, "name");
        json_t *at = name != NULL ? json_object_get(names, name) : NULL;
        if (at != NULL) {
            json_array_set(known, (size_t)json_integer_value(at), benchmark);
        } else {
            json_array_append(known, benchmark);
        }
    }
    json_decref(names);
}

const char *report_other_machine(json_t *context, json_t *other)
{
    /* The first line is ours, the second what Google Benchmark tells. */
    static const char *const keys[] = {
        "cpu", "cores", "kernel", "compiler", "virtual_machine", "num_cpus", "host_name", NULL};
    for (const char *const *key = keys; *key != NULL; ++key) {
        json_t *a = json_object_get(context, *key), *b = json_object_get(other, *key);
        if (a != NULL && b != NULL && !json_equal(a, b)) {
            return *key;
        }
    }
    return NULL;
}
