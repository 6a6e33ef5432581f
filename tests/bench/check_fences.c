/* check_fences.c - the JSON of `cordon-bench fences`. */
#include "check.h"

#include <string.h>

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

void check_fences(json_t *context, json_t *benchmarks, const char *parts)
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
