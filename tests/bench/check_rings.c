/* check_rings.c - the JSON of `cordon-bench rings`. */
#include "check.h"

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
        check_latency(benchmark, name, "latency");
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

void check_rings(json_t *context, json_t *benchmarks, int broken)
{
    size_t i;
    json_t *benchmark;
    (void)check_ratios(context);
    (void)check_advice(context);
    want(context, "context", "absent", JSON_ARRAY);
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
