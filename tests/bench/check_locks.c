/* check_locks.c - the JSON of `cordon-bench locks`. */
#include "check.h"

#include <string.h>

static void check_lock(json_t *benchmark, const char *name, const char *part)
{
    const char *library = json_string_value(json_object_get(benchmark, "library"));
    const int threads = strcmp(part, "threads") == 0, map = strcmp(part, "map") == 0;
    if (strcmp(library, "reference") == 0) {
        return;
    }
    want(benchmark, name, "kind", JSON_STRING);
    want(benchmark, name, "order", JSON_STRING);
    want(benchmark, name, "bytes", JSON_INTEGER);
    want(benchmark, name, "bytes_per_thread", JSON_INTEGER);
    if (json_is_true(want(benchmark, name, "broken", JSON_TRUE))) {
        fail(name, "it let two threads in at once");
    }
    if (threads || map) {
        json_t *jain = json_object_get(benchmark, "jain");
        const double index = json_real_value(jain);
        if (!json_is_null(jain) && (index <= 0 || index > 1.000001)) {
            fail(name, "a Jain index that is none");
        }
        const json_int_t hold = json_integer_value(want(benchmark, name, "hold", JSON_INTEGER));
        /* One at a time; the half is for a clock rate that rises after the calibration. */
        const json_t *each = json_object_get(benchmark, "real_time");
        if (json_is_real(each) && json_real_value(each) < (double)hold / 2) {
            fail(name, "more acquisitions than the hold permits");
        }
        want(benchmark, name, "think", JSON_INTEGER);
        want(benchmark, name, "lead", JSON_TRUE);
        want(benchmark, name, "lead_fair", JSON_TRUE);
    }
    if (threads) {
        check_latency(benchmark, name, "latency");
        want(benchmark, name, "longest_wait", JSON_REAL);
        if (json_integer_value(want(benchmark, name, "longest_run", JSON_INTEGER)) < 1) {
            fail(name, "nobody had it");
        }
    }
    if (strcmp(part, "handover") == 0) {
        want(benchmark, name, "cpu", JSON_INTEGER);
        want(benchmark, name, "partner", JSON_INTEGER);
        want(benchmark, name, "distance", JSON_STRING);
        if (json_real_value(want(benchmark, name, "lines", JSON_REAL)) <= 0) {
            fail(name, "a hand-over that costs nothing");
        }
    }
}

/* With `none`, nothing need be handed over, and nothing be said. */
void check_locks(json_t *context, json_t *benchmarks, int none)
{
    size_t i, parts[5] = {0};
    static const char *const known[] = {"uncontended", "threads", "map", "handover", "floor"};
    json_t *benchmark, *names = json_object();
    json_array_foreach(benchmarks, i, benchmark)
    {
        const char *name = check_contested(benchmark, names);
        const char *part = json_string_value(json_object_get(benchmark, "part"));
        size_t k = 0;
        while (k < 5 && strcmp(part, known[k]) != 0) {
            ++k;
        }
        if (k == 5) {
            fail(name, "no such part");
        }
        ++parts[k];
        check_lock(benchmark, name, part);
    }
    json_decref(names);
    if (parts[0] == 0 || (!none && (parts[1] == 0 || parts[3] == 0))) {
        fail("benchmarks", "a part is missing");
    }
    (void)check_ratios(context);
    if (check_advice(context) == 0 && !none) {
        fail("advice", "there is none");
    }
    want(want(context, "context", "mix", JSON_OBJECT), "mix", "threads", JSON_INTEGER);
}
