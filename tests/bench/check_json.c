/* check_json SUBCOMMAND FILE [none|all] - is this what `cordon-bench SUBCOMMAND --json` promises? Of
 * fences, with `none`: does it hold nothing that needs a second CPU? With `all`: does it hold every part?
 * Says what is wrong and exits 1.
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

static json_int_t number_of(json_t *benchmark, const char *name, const char *key)
{
    const json_int_t number = json_integer_value(want(benchmark, name, key, JSON_INTEGER));
    if (number < 0) {
        fail(name, "a negative number");
    }
    return number;
}

/* The marginal cost of a fence or an access. */
static void check_cost(json_t *benchmark, const char *name, const char *context)
{
    const double cost = json_real_value(json_object_get(benchmark, "real_time"));
    const char *fence = json_string_value(want(benchmark, name, "fence", JSON_STRING));
    const char *bytes = json_string_value(want(benchmark, name, "bytes", JSON_STRING));
    const char *without = json_string_value(want(benchmark, name, "bytes_without", JSON_STRING));
    const json_int_t stores = number_of(benchmark, name, "stores");
    const json_int_t loads = number_of(benchmark, name, "loads");
    char start[128];
    want(benchmark, name, "against", JSON_STRING);
    want(benchmark, name, "ladder", JSON_TRUE);
    want(benchmark, name, "resolution", JSON_REAL);
    want(benchmark, name, "time_with", JSON_REAL);
    want(benchmark, name, "time_without", JSON_REAL);
    number_of(benchmark, name, "cpu");
    want_as_many(benchmark, name, "samples_with");
    want_as_many(benchmark, name, "samples_without");
    const int noise = json_is_true(want(benchmark, name, "within_noise", JSON_TRUE));
    /* The name says the same as the fields. */
    snprintf(start, sizeof start, "fences/%s/%s", fence, context);
    if (strncmp(name, start, strlen(start)) != 0) {
        fail(name, "named otherwise");
    }
    if (strcmp(context, "empty") == 0 ? stores != 0 || loads != 0
                                      : strtoll(name + strlen(start) + 1, NULL, 10) !=
                                            (strcmp(context, "loads") == 0 ? loads : stores)) {
        fail(name, "other stores or loads");
    }
    if (strcmp(context, "taken") == 0) {
        number_of(benchmark, name, "partner");
    }
    /* The controls: they may be noisy, but a nop costs no 5 ns anywhere. */
    if ((strcmp(fence, "nop") == 0 || strcmp(fence, "compiler") == 0) &&
        (strcmp(context, "empty") == 0 || strcmp(context, "own") == 0) && (cost > 5 || cost < -5)) {
        fail(name, "a control reads as a cost");
    }
    if (strcmp(bytes, without) == 0 && !noise) {
        fail(name, "the same instructions read as something");
    }
    if (strcmp(fence, "compiler") == 0 && (strcmp(bytes, "none") != 0 || !noise)) {
        fail(name, "nothing reads as something");
    }
#if defined(__x86_64__)
    if (strcmp(fence, "full") == 0 && strcmp(bytes, "f0 83 4c 24 c0 00") != 0) {
        fail(name, "the full fence is another instruction");
    }
    if ((strcmp(fence, "load_seq_cst") == 0 || strcmp(fence, "store_release") == 0 ||
         strcmp(fence, "fetch_add_seq_cst") == 0) &&
        strcmp(bytes, without) != 0) {
        fail(name, "not the instruction of the relaxed one");
    }
    if (strcmp(fence, "store_seq_cst") == 0 && strcmp(bytes, without) == 0) {
        fail(name, "the instruction of the relaxed one");
    }
#elif defined(__aarch64__)
    if (strcmp(fence, "full") == 0 && strcmp(bytes, "bf 3b 03 d5") != 0) {
        fail(name, "the full fence is another instruction");
    }
#endif
}

/* How often a litmus test ended weakly. */
static void check_effect(json_t *benchmark, const char *name)
{
    const json_int_t weak = number_of(benchmark, name, "weak");
    const json_int_t frames = number_of(benchmark, name, "frames");
    const double rate = json_real_value(want(benchmark, name, "weak_per_million", JSON_REAL));
    const char *shape = json_string_value(want(benchmark, name, "shape", JSON_STRING));
    const double off = rate - 1e6 * (double)weak / (double)frames;
    want(benchmark, name, "remedy", JSON_STRING);
    number_of(benchmark, name, "cpu");
    number_of(benchmark, name, "partner");
    if (weak > frames || frames == 0 || off > 1e-4 * rate + 1e-9 || off < -1e-4 * rate - 1e-9) {
        fail(name, "the counts contradict each other");
    }
    if ((weak == 0) != (json_object_get(benchmark, "weak_per_million_below") != NULL)) {
        fail(name, "a bound where it was seen, or none where it was not");
    }
    if (weak != 0 && json_is_true(want(benchmark, name, "forbidden", JSON_TRUE))) {
        fail(name, "a forbidden outcome");
    }
#if defined(__x86_64__)
    if (weak != 0 && (strcmp(shape, "MP") == 0 || strcmp(shape, "LB") == 0)) {
        fail(name, "what x86 forbids");
    }
#endif
    (void)shape;
}

static void check_victim(json_t *benchmark, const char *name)
{
    json_t *rates = want(benchmark, name, "fences_per_second", JSON_ARRAY);
    number_of(benchmark, name, "partner");
    want(benchmark, name, "within_noise", JSON_TRUE);
    if (json_array_size(rates) < 3 ||
        json_array_size(rates) != json_array_size(want(benchmark, name, "time_lost", JSON_ARRAY)) ||
        json_real_value(json_array_get(rates, 0)) != 0) {
        fail(name, "no pace of none, or not one share for each pace");
    }
}

static void check_ladder(json_t *ladder)
{
    size_t i;
    json_t *summary;
    json_array_foreach(ladder, i, summary)
    {
        want(summary, "ladder", "fence", JSON_STRING);
        want(summary, "ladder", "context", JSON_STRING);
        want(summary, "ladder", "cost_within_noise", JSON_TRUE);
        want(summary, "ladder", "drain_within_noise", JSON_TRUE);
        json_t *full = json_object_get(summary, "full_after");
        if (full == NULL || (!json_is_null(full) && json_array_size(full) != 3)) {
            fail("ladder", "neither a knee nor none");
        }
        static const char *const slopes[] = {"cost_per_store", "drain_per_store"};
        for (size_t k = 0; k < 2; ++k) {
            json_t *slope = want(summary, "ladder", slopes[k], JSON_ARRAY);
            const double low = json_real_value(json_array_get(slope, 0));
            const double middle = json_real_value(json_array_get(slope, 1));
            const double high = json_real_value(json_array_get(slope, 2));
            if (json_array_size(slope) != 3 || low > high || middle != middle) {
                fail("ladder", "no slope");
            }
        }
    }
}

static void check_fences(json_t *context, json_t *benchmarks, const char *parts)
{
    /* `needs` a second CPU. */
    static const struct {
        const char *name;
        int needs;
    } contexts[] = {{"empty", 0}, {"own", 0},    {"taken", 1},  {"loads", 0},
                    {"all", 1},   {"caller", 0}, {"victim", 1}, {"effect", 1}};
    enum { CONTEXTS = sizeof contexts / sizeof *contexts };
    unsigned seen[CONTEXTS] = {0}, rungs[CONTEXTS] = {0};
    size_t i, k;
    json_t *benchmark;
    json_t *names = json_object();
    want(context, "context", "membarrier", JSON_TRUE);
    want(context, "context", "full_fence", JSON_ARRAY);
    want(context, "context", "loads_miss_in_bytes", JSON_INTEGER);
    check_ladder(want(context, "context", "ladder", JSON_ARRAY));
    json_array_foreach(benchmarks, i, benchmark)
    {
        const char *name = check_common(benchmark);
        const char *place = json_string_value(want(benchmark, name, "context", JSON_STRING));
        for (k = 0; k < CONTEXTS && strcmp(place, contexts[k].name) != 0; ++k) {
        }
        if (k == CONTEXTS) {
            fail(name, "an unknown context");
        }
        ++seen[k];
        rungs[k] += json_is_true(json_object_get(benchmark, "ladder"));
        if (json_object_get(names, name) != NULL) {
            fail(name, "there twice");
        }
        json_object_set_new(names, name, json_true());
        if (strcmp(place, "effect") == 0) {
            check_effect(benchmark, name);
        } else if (strcmp(place, "victim") == 0) {
            check_victim(benchmark, name);
        } else if (strcmp(place, "caller") == 0) {
            number_of(benchmark, name, "others");
        } else {
            check_cost(benchmark, name, place);
        }
    }
    json_decref(names);
    for (k = 0; k < CONTEXTS; ++k) {
        if (strcmp(parts, "none") == 0 && contexts[k].needs && seen[k] > 0) {
            fail(contexts[k].name, "a partner on one CPU");
        }
        if (strcmp(parts, "all") == 0 && seen[k] == 0) {
            fail(contexts[k].name, "is missing");
        }
    }
    if (strcmp(parts, "all") == 0 && (rungs[1] < 20 || rungs[2] < 20 || rungs[3] < 5 ||
                                      json_array_size(json_object_get(context, "ladder")) < 2)) {
        fail("ladder", "rungs are missing");
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
        fail("usage", "check_json SUBCOMMAND FILE [none|all]");
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
    } else if (strcmp(argv[1], "info") == 0) {
        check_info(context, benchmarks);
    } else {
        fail("usage", "no such subcommand");
    }
    json_decref(root);
    return 0;
}
