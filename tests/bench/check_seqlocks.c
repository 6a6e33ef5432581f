/* check_seqlocks.c - the JSON of `cordon-bench seqlocks`. */
#include "check.h"

#include <string.h>

static void check_seqlock(json_t *benchmark)
{
    static const char *const strings[] = {"bench", "part", "candidate", "library", "kind"};
    static const char *const counts[] = {"readers", "writes",    "size", "checked",
                                         "torn",    "backwards", "lost"};
    const char *name = check_common(benchmark);
    for (size_t i = 0; i < sizeof strings / sizeof *strings; ++i) {
        want(benchmark, name, strings[i], JSON_STRING);
    }
    for (size_t i = 0; i < sizeof counts / sizeof *counts; ++i) {
        want(benchmark, name, counts[i], JSON_INTEGER);
    }
    const double jain = json_real_value(want(benchmark, name, "jain", JSON_REAL));
    if (jain <= 0 || jain > 1.0000001) {
        fail(name, "Jain's index is a share");
    }
    if (json_real_value(json_object_get(benchmark, "real_time")) <= 0) {
        fail(name, "reads that took no time");
    }
    want(benchmark, name, "retries_per_read", JSON_REAL);
    if (json_is_true(want(benchmark, name, "broken", JSON_TRUE))) {
        fail(name, "a design is broken");
    }
    const char *part = json_string_value(json_object_get(benchmark, "part"));
    if (strstr(name, part) != name + strlen("seqlocks/")) {
        fail(name, "the name is of another part");
    }
    if (strcmp(part, "writer") == 0) {
        check_latency(benchmark, name, "read_latency");
        check_latency(benchmark, name, "write_latency");
        want(benchmark, name, "writes_per_second", JSON_REAL);
        want(benchmark, name, "longest_read", JSON_REAL);
        want(benchmark, name, "longest_write", JSON_REAL);
    }
}

void check_seqlocks(json_t *context, json_t *benchmarks)
{
    size_t i;
    json_t *each;
    (void)check_advice(context);
    (void)check_ratios(context);
    want(context, "context", "absent", JSON_ARRAY);
    if (json_array_size(want(context, "context", "designs", JSON_ARRAY)) < 1) {
        fail("context", "no designs");
    }
    if (json_array_size(benchmarks) < 1) {
        fail("benchmarks", "none");
    }
    json_array_foreach(benchmarks, i, each)
    {
        check_seqlock(each);
    }
}
