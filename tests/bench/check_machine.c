/* check_machine.c - the JSON of `cordon-bench info` and `c2c`. */
#include "check.h"

#include <stdlib.h>
#include <string.h>

void check_c2c(json_t *context, json_t *benchmarks)
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
        want(benchmark, name, "bench", JSON_STRING);
        want(benchmark, name, "part", JSON_STRING);
        want(benchmark, name, "round_trip", JSON_REAL);
        want_as_many(benchmark, name, "sample_lines");
        want_as_many(benchmark, name, "sample_nodes");
    }
}

void check_info(json_t *context, json_t *benchmarks)
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
