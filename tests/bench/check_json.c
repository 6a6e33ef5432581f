/* check_json FILE [none] - is this what `cordon-bench fences --json` promises? With `none`, also:
 * does it hold no context with a partner? Says what is wrong and exits 1.
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
    static const char *const arrays[] = {"caches", "load_avg", "allowed_cpus", "warnings",
                                         "full_fence"};
    static const char *const truths[] = {"cpu_scaling_enabled", "virtual_machine", "emulated",
                                         "membarrier", "interrupted"};
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

static void check_benchmark(json_t *benchmark)
{
    static const char *const strings[] = {"run_name", "run_type", "time_unit",
                                          "fence",    "context",  "bytes"};
    static const char *const samples[] = {"samples", "samples_with", "samples_without"};
    const char *name = json_string_value(want(benchmark, "benchmark", "name", JSON_STRING));
    size_t count = 0;
    for (size_t i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(benchmark, name, strings[i], JSON_STRING);
    }
    for (size_t i = 0; i < sizeof samples / sizeof *samples; ++i) {
        json_t *array = want(benchmark, name, samples[i], JSON_ARRAY);
        if (json_array_size(array) < 5 || (count != 0 && json_array_size(array) != count)) {
            fail(name, "too few samples, or not as many of each kind");
        }
        count = json_array_size(array);
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

int main(int argc, char **argv)
{
    json_error_t error;
    size_t i;
    json_t *benchmark;
    if (argc < 2) {
        fail("usage", "check_json FILE [none]");
    }
    json_t *root = json_load_file(argv[1], JSON_REJECT_DUPLICATES, &error);
    if (root == NULL) {
        fprintf(stderr, "%s:%d:%d: %s\n", argv[1], error.line, error.column, error.text);
        return 1;
    }
    check_context(want(root, "root", "context", JSON_OBJECT));
    json_t *benchmarks = want(root, "root", "benchmarks", JSON_ARRAY);
    if (json_array_size(benchmarks) < 2) {
        fail("benchmarks", "too few");
    }
    json_array_foreach(benchmarks, i, benchmark)
    {
        check_benchmark(benchmark);
        const char *context = json_string_value(json_object_get(benchmark, "context"));
        if (argc > 2 && strcmp(context, "taken") == 0) {
            fail("benchmarks", "a partner on one CPU");
        }
    }
    json_decref(root);
    return 0;
}
