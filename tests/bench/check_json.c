/* check_json SUBCOMMAND FILE [none|all|broken] - is this what `cordon-bench SUBCOMMAND --json` promises?
 * With `none`: does it hold nothing that needs a second CPU? Of fences, with `all`: does it hold every
 * part? Of rings, with `broken`: does it tell of a candidate that is? Says what is wrong and exits 1.
 */
#include "check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void fail(const char *where, const char *what)
{
    fprintf(stderr, "%s: %s\n", where, what);
    exit(1);
}

json_t *want(json_t *object, const char *where, const char *key, json_type type)
{
    json_t *value = json_object_get(object, key);
    char text[128];
    const int is_bool = json_is_boolean(value) && (type == JSON_TRUE || type == JSON_FALSE);
    if (value == NULL || (json_typeof(value) != type && !is_bool)) {
        snprintf(text, sizeof text, "'%s' is missing or of the wrong type", key);
        fail(where, text);
    }
    return value;
}

static void check_context(json_t *context)
{
    static const char *const strings[] = {
        "date",   "host_name", "executable", "library_build_type", "cpu",           "architecture",
        "kernel", "compiler",  "clock",      "hypervisor",         "cordon_version"};
    static const char *const reals[] = {"clock_mhz", "clock_read_ns", "core_cycle_ns"};
    static const char *const arrays[] = {"caches", "load_avg", "allowed_cpus", "warnings"};
    static const char *const truths[] = {"cpu_scaling_enabled", "virtual_machine", "emulated",
                                         "interrupted"};
    want(context, "context", "num_cpus", JSON_INTEGER);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(context, "context", strings[i], JSON_STRING);
    }
    for (size_t i = 0; i < sizeof reals / sizeof *reals; ++i) {
        want(context, "context", reals[i], JSON_REAL);
    }
    for (size_t i = 0; i < sizeof arrays / sizeof *arrays; ++i) {
        want(context, "context", arrays[i], JSON_ARRAY);
    }
    for (size_t i = 0; i < sizeof truths / sizeof *truths; ++i) {
        want(context, "context", truths[i], JSON_TRUE);
    }
    if (json_real_value(json_object_get(context, "core_cycle_ns")) <= 0) {
        fail("context", "a core cycle takes no time");
    }
}

const char *check_common(json_t *benchmark)
{
    static const char *const strings[] = {"run_name", "run_type", "time_unit"};
    const char *name = json_string_value(want(benchmark, "benchmark", "name", JSON_STRING));
    for (size_t i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(benchmark, name, strings[i], JSON_STRING);
    }
    if (json_array_size(want(benchmark, name, "samples", JSON_ARRAY)) < 5) {
        fail(name, "too few samples");
    }
    if (json_integer_value(want(benchmark, name, "iterations", JSON_INTEGER)) <= 0) {
        fail(name, "no iterations");
    }
    const double cost = json_real_value(want(benchmark, name, "real_time", JSON_REAL));
    json_t *interval = want(benchmark, name, "interval_95", JSON_ARRAY);
    if (json_array_size(interval) != 2 || json_real_value(json_array_get(interval, 0)) > cost ||
        json_real_value(json_array_get(interval, 1)) < cost) {
        fail(name, "the interval does not hold the median");
    }
    want(benchmark, name, "cpu_time", JSON_REAL);
    want(benchmark, name, "cycles", JSON_REAL);
    return name;
}

const char *check_contested(json_t *benchmark, json_t *names)
{
    static const char *const strings[] = {"run_name", "time_unit", "bench",
                                          "part",     "candidate", "library"};
    size_t i, good = 0;
    json_t *sample;
    const char *name = json_string_value(want(benchmark, "benchmark", "name", JSON_STRING));
    if (json_object_get(names, name) != NULL) {
        fail(name, "there are two of that name");
    }
    json_object_set_new(names, name, json_true());
    for (i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(benchmark, name, strings[i], JSON_STRING);
    }
    json_array_foreach(want(benchmark, name, "samples", JSON_ARRAY), i, sample)
    {
        good += json_is_real(sample);
        if (!json_is_real(sample) && !json_is_null(sample)) {
            fail(name, "a sample that is neither a number nor null");
        }
    }
    if (good < 3) {
        fail(name, "too few samples");
    }
    if (json_integer_value(want(benchmark, name, "iterations", JSON_INTEGER)) <= 0) {
        fail(name, "no iterations");
    }
    const double time = json_real_value(want(benchmark, name, "real_time", JSON_REAL));
    json_t *interval = want(benchmark, name, "interval_95", JSON_ARRAY);
    if (json_array_size(interval) != 2 || json_real_value(json_array_get(interval, 0)) > time ||
        json_real_value(json_array_get(interval, 1)) < time) {
        fail(name, "the interval does not hold the median");
    }
    return name;
}

void want_as_many(json_t *benchmark, const char *name, const char *key)
{
    json_t *array = want(benchmark, name, key, JSON_ARRAY);
    if (json_array_size(array) != json_array_size(json_object_get(benchmark, "samples"))) {
        fail(name, "not as many of each kind as samples");
    }
}

void check_latency(json_t *benchmark, const char *name, const char *key)
{
    static const char *const shares[] = {"p50", "p90", "p99", "p99_9", "max"};
    double before = 0;
    json_t *latency = want(benchmark, name, key, JSON_OBJECT);
    json_t *cdf = want(latency, name, "cdf", JSON_ARRAY);
    for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
        const double value = json_real_value(want(latency, name, shares[i], JSON_REAL));
        if (value < before) {
            fail(name, "percentiles that do not grow");
        }
        before = value;
    }
    if (json_integer_value(want(latency, name, "count", JSON_INTEGER)) > 0 &&
        json_real_value(json_array_get(json_array_get(cdf, json_array_size(cdf) - 1), 1)) != 1) {
        fail(name, "a distribution that does not end at 1");
    }
}

size_t check_advice(json_t *context)
{
    size_t i;
    json_t *sentence;
    json_array_foreach(want(context, "context", "advice", JSON_ARRAY), i, sentence)
    {
        const char *text = json_string_value(sentence);
        if (text == NULL || strlen(text) < 10 || text[strlen(text) - 1] != '.') {
            fail("advice", "no sentence");
        }
    }
    return i;
}

size_t check_ratios(json_t *context)
{
    size_t i;
    json_t *ratio;
    json_array_foreach(want(context, "context", "ratios", JSON_ARRAY), i, ratio)
    {
        want(ratio, "ratio", "what", JSON_STRING);
        want(ratio, "ratio", "ours", JSON_STRING);
        want(ratio, "ratio", "peer", JSON_STRING);
        want(ratio, "ratio", "differs", JSON_TRUE);
        if (json_array_size(want(ratio, "ratio", "interval_95", JSON_ARRAY)) != 2 ||
            json_real_value(want(ratio, "ratio", "ratio", JSON_REAL)) <= 0) {
            fail("ratio", "it is none");
        }
    }
    return i;
}

/* What several left in one file: each name once, and the keys that reports go by. */
static void check_all(json_t *context, json_t *benchmarks)
{
    size_t i;
    json_t *benchmark, *names = json_object();
    want(context, "context", "watch", JSON_ARRAY);      /* of info */
    want(context, "context", "full_fence", JSON_ARRAY); /* of fences */
    if (json_array_size(benchmarks) < 2) {
        fail("benchmarks", "too few");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        const char *name = json_string_value(want(benchmark, "benchmark", "name", JSON_STRING));
        want(benchmark, name, "real_time", JSON_REAL);
        if (json_object_get(names, name) != NULL) {
            fail(name, "it stands there twice");
        }
        json_object_set_new(names, name, json_true());
    }
    json_decref(names);
}

int main(int argc, char **argv)
{
    json_error_t error;
    if (argc < 3) {
        fail("usage", "check_json SUBCOMMAND FILE [none|all|broken]");
    }
    json_t *root = json_load_file(argv[2], JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        fprintf(stderr, "%s:%d:%d: %s\n", argv[2], error.line, error.column, error.text);
        return 1;
    }
    json_t *context = want(root, "root", "context", JSON_OBJECT);
    json_t *benchmarks = want(root, "root", "benchmarks", JSON_ARRAY);
    check_context(context);
    if (strcmp(argv[1], "fences") == 0) {
        check_fences(context, benchmarks, argc > 3 ? argv[3] : "");
    } else if (strcmp(argv[1], "c2c") == 0) {
        check_c2c(context, benchmarks);
    } else if (strcmp(argv[1], "locks") == 0) {
        check_locks(context, benchmarks, argc > 3);
    } else if (strcmp(argv[1], "rings") == 0) {
        check_rings(context, benchmarks, argc > 3);
    } else if (strcmp(argv[1], "seqlocks") == 0) {
        check_seqlocks(context, benchmarks);
    } else if (strcmp(argv[1], "all") == 0) {
        check_all(context, benchmarks);
    } else if (strcmp(argv[1], "info") == 0) {
        check_info(context, benchmarks);
    } else {
        fail("usage", "no such subcommand");
    }
    json_decref(root);
    return 0;
}
