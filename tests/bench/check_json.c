/* check_json SUBCOMMAND FILE [none|broken] - is this what `cordon-bench SUBCOMMAND --json` promises?
 * With `none`, also: does it hold no context with a partner? With `broken`: does it tell of candidates
 * that are? Says what is wrong and exits 1.
 */
#include <jansson.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void fail(const char *where, const char *what)
{
    fprintf(stderr, "%s: %s\n", where, what);
    exit(1);
}

static json_t *want(json_t *object, const char *where, const char *key, json_type type)
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

/* What the benchmarks of all subcommands have: a name, a median in its interval, samples. */
static const char *check_common(json_t *benchmark)
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

/* Is the array there, and as long as that of the samples? */
static void want_as_many(json_t *benchmark, const char *name, const char *key)
{
    json_t *array = want(benchmark, name, key, JSON_ARRAY);
    if (json_array_size(array) != json_array_size(json_object_get(benchmark, "samples"))) {
        fail(name, "not as many of each kind as samples");
    }
}

static void check_fence(json_t *benchmark)
{
    const char *name = check_common(benchmark);
    const double cost = json_real_value(json_object_get(benchmark, "real_time"));
    want(benchmark, name, "fence", JSON_STRING);
    want(benchmark, name, "context", JSON_STRING);
    want(benchmark, name, "bytes", JSON_STRING);
    want_as_many(benchmark, name, "samples_with");
    want_as_many(benchmark, name, "samples_without");
    want(benchmark, name, "within_noise", JSON_TRUE);
    const char *fence = json_string_value(json_object_get(benchmark, "fence"));
    const char *bytes = json_string_value(json_object_get(benchmark, "bytes"));
    /* The controls: they may be noisy, but a nop costs no 5 ns anywhere. */
    if ((strcmp(fence, "nop") == 0 || strcmp(fence, "compiler") == 0) &&
        strstr(name, "taken") == NULL && (cost > 5 || cost < -5)) {
        fail(name, "a control reads as a cost");
    }
    if (strcmp(fence, "compiler") == 0 &&
        (strcmp(bytes, "none") != 0 || !json_is_true(json_object_get(benchmark, "within_noise")))) {
        fail(name, "nothing reads as something");
    }
#if defined(__x86_64__)
    if (strcmp(fence, "full") == 0 && strcmp(bytes, "f0 83 4c 24 c0 00") != 0) {
        fail(name, "the full fence is another instruction");
    }
#elif defined(__aarch64__)
    if (strcmp(fence, "full") == 0 && strcmp(bytes, "bf 3b 03 d5") != 0) {
        fail(name, "the full fence is another instruction");
    }
#endif
}

static void check_fences(json_t *context, json_t *benchmarks, int no_partner)
{
    size_t i;
    json_t *benchmark;
    want(context, "context", "membarrier", JSON_TRUE);
    want(context, "context", "full_fence", JSON_ARRAY);
    if (json_array_size(benchmarks) < 2) {
        fail("benchmarks", "too few");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        check_fence(benchmark);
        const char *place = json_string_value(json_object_get(benchmark, "context"));
        if (no_partner && strcmp(place, "taken") == 0) {
            fail("benchmarks", "a partner on one CPU");
        }
    }
}

static void check_c2c(json_t *context, json_t *benchmarks)
{
    size_t i, k;
    json_t *benchmark, *sample;
    (void)context;
    if (json_array_size(benchmarks) < 1) {
        fail("benchmarks", "none");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        const char *name = check_common(benchmark);
        const double least = json_real_value(want(benchmark, name, "least", JSON_REAL));
        const double most = json_real_value(want(benchmark, name, "most", JSON_REAL));
        const double middle = json_real_value(json_object_get(benchmark, "real_time"));
        json_array_foreach(json_object_get(benchmark, "samples"), k, sample)
        {
            if (json_real_value(sample) <= 0) {
                fail(name, "a line that took no time");
            }
        }
        if (least > middle || middle > most) {
            fail(name, "the median is not between the least and the most");
        }
        if (json_integer_value(want(benchmark, name, "cpu", JSON_INTEGER)) ==
            json_integer_value(want(benchmark, name, "partner", JSON_INTEGER))) {
            fail(name, "a CPU beside itself");
        }
        if (json_array_size(want(benchmark, name, "quartiles", JSON_ARRAY)) != 2) {
            fail(name, "there are two quartiles beside the median");
        }
        want(benchmark, name, "scattered", JSON_TRUE);
        want(benchmark, name, "distance", JSON_STRING);
        want(benchmark, name, "round_trip", JSON_REAL);
        want_as_many(benchmark, name, "sample_lines");
        want_as_many(benchmark, name, "sample_nodes");
    }
}

/* What a comparison of ours to others tells. */
static void check_ratios(json_t *context)
{
    size_t i;
    json_t *ratio, *sentence;
    json_array_foreach(want(context, "context", "ratios", JSON_ARRAY), i, ratio)
    {
        const double middle = json_real_value(want(ratio, "ratios", "ratio", JSON_REAL));
        json_t *interval = want(ratio, "ratios", "interval_95", JSON_ARRAY);
        const double low = json_real_value(json_array_get(interval, 0));
        const double high = json_real_value(json_array_get(interval, 1));
        want(ratio, "ratios", "what", JSON_STRING);
        want(ratio, "ratios", "ours", JSON_STRING);
        want(ratio, "ratios", "peer", JSON_STRING);
        if (low > middle || middle > high || low <= 0 ||
            json_is_true(want(ratio, "ratios", "differs", JSON_TRUE)) != (low > 1 || high < 1)) {
            fail("ratios", "the interval contradicts the rest");
        }
    }
    json_array_foreach(want(context, "context", "advice", JSON_ARRAY), i, sentence)
    {
        if (!json_is_string(sentence)) {
            fail("advice", "no sentence");
        }
    }
}

static void check_ring(json_t *benchmark)
{
    static const char *const strings[] = {"bench", "part", "candidate", "library"};
    static const char *const numbers[] = {"producers", "consumers", "item_size", "batch",
                                          "capacity"};
    const char *name = check_common(benchmark);
    json_t *latency = json_object_get(benchmark, "latency");
    for (size_t i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(benchmark, name, strings[i], JSON_STRING);
    }
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        if (json_integer_value(want(benchmark, name, numbers[i], JSON_INTEGER)) < 1) {
            fail(name, "a coordinate is less than one");
        }
    }
    want(benchmark, name, "bounded", JSON_TRUE);
    want(benchmark, name, "oversubscribed", JSON_TRUE);
    if (latency != NULL) {
        static const char *const shares[] = {"p50", "p90", "p99", "p99_9", "max"};
        double before = 0;
        for (size_t i = 0; i < sizeof shares / sizeof *shares; ++i) {
            const double each = json_real_value(want(latency, name, shares[i], JSON_REAL));
            if (each < before || each <= 0) {
                fail(name, "the percentiles do not ascend");
            }
            before = each;
        }
        return;
    }
    const double consumers = (double)json_integer_value(json_object_get(benchmark, "consumers"));
    const double jain = json_real_value(want(benchmark, name, "jain", JSON_REAL));
    if (jain > 1.0001 || jain * consumers < 0.999) {
        fail(name, "Jain's index is out of its range");
    }
    want(benchmark, name, "jain_producers", JSON_REAL);
    want(benchmark, name, "items_per_second", JSON_REAL);
    if (json_real_value(want(benchmark, name, "slow_quarter", JSON_REAL)) <
        json_real_value(json_object_get(benchmark, "real_time"))) {
        fail(name, "the slowest quarter is faster than the median");
    }
}

static void check_rings(json_t *context, json_t *benchmarks, int broken)
{
    size_t i;
    json_t *benchmark;
    check_ratios(context);
    want(context, "context", "absent", JSON_STRING);
    if ((json_array_size(want(context, "context", "broken", JSON_ARRAY)) > 0) != broken) {
        fail("context", "what is broken is not told, or what is not");
    }
    if (json_array_size(benchmarks) < 1) {
        fail("benchmarks", "none");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        check_ring(benchmark);
    }
}

static void check_info(json_t *context, json_t *benchmarks)
{
    size_t i;
    json_t *watched;
    const size_t cpus = json_array_size(json_object_get(context, "allowed_cpus"));
    json_t *system = want(context, "context", "system_clock", JSON_OBJECT);
    json_t *frequency = json_object_get(context, "frequency");
    want(system, "system_clock", "source", JSON_STRING);
    want(system, "system_clock", "read_ns", JSON_REAL);
    want(system, "system_clock", "step_ns", JSON_INTEGER);
    want(context, "context", "clock_step_ns", JSON_REAL);
    want(context, "context", "membarrier", JSON_TRUE);
    want(context, "context", "peers", JSON_ARRAY);
    want(want(context, "context", "versions", JSON_OBJECT), "versions", "cordon", JSON_STRING);
    if (!json_is_null(frequency)) {
        want(want(context, "context", "frequency", JSON_OBJECT), "frequency", "governor",
             JSON_STRING);
    }
    if (json_array_size(want(context, "context", "topology", JSON_ARRAY)) != cpus ||
        json_array_size(want(context, "context", "watch", JSON_ARRAY)) != cpus || cpus == 0) {
        fail("context", "not one entry for each allowed CPU");
    }
    json_array_foreach(json_object_get(context, "watch"), i, watched)
    {
        const json_int_t lost = json_integer_value(want(watched, "watch", "lost_ns", JSON_INTEGER));
        if (json_integer_value(want(watched, "watch", "watched_ns", JSON_INTEGER)) < lost ||
            lost < json_integer_value(want(watched, "watch", "longest_ns", JSON_INTEGER)) ||
            (json_is_true(want(watched, "watch", "pinned", JSON_TRUE)) &&
             json_integer_value(json_object_get(watched, "watched_ns")) == 0)) {
            fail("watch", "the times contradict each other");
        }
    }
    if (json_array_size(benchmarks) != 0) {
        fail("benchmarks", "info measures none");
    }
}

int main(int argc, char **argv)
{
    json_error_t error;
    if (argc < 3) {
        fail("usage", "check_json SUBCOMMAND FILE [none|broken]");
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
        check_fences(context, benchmarks, argc > 3);
    } else if (strcmp(argv[1], "c2c") == 0) {
        check_c2c(context, benchmarks);
    } else if (strcmp(argv[1], "rings") == 0) {
        check_rings(context, benchmarks, argc > 3);
    } else if (strcmp(argv[1], "info") == 0) {
        check_info(context, benchmarks);
    } else {
        fail("usage", "no such subcommand");
    }
    json_decref(root);
    return 0;
}
