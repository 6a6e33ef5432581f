/* check.h - what the checks of cordon-bench's JSON share. Each says what is wrong and exits with 1. */
#ifndef CORDON_TESTS_BENCH_CHECK_H
#define CORDON_TESTS_BENCH_CHECK_H

#include <jansson.h>

_Noreturn void fail(const char *where, const char *what);

/* want - the value of that key and type; a boolean is JSON_TRUE. */
json_t *want(json_t *object, const char *where, const char *key, json_type type);

/* check_common - what the benchmarks of all subcommands have: a name, a median in its interval, samples. Returns the
 * name.
 */
const char *check_common(json_t *benchmark);

/* check_contested - what a benchmark of a contest has; that no name comes twice. */
const char *check_contested(json_t *benchmark, json_t *names);

/* want_as_many - is the array there, and as long as that of the samples? */
void want_as_many(json_t *benchmark, const char *name, const char *key);

/* check_latency - its percentiles grow, and its distribution ends at 1. */
void check_latency(json_t *benchmark, const char *name, const char *key);

/* check_advice, check_ratios - of the context; how many there are. */
size_t check_advice(json_t *context);
size_t check_ratios(json_t *context);

void check_info(json_t *context, json_t *benchmarks);
void check_c2c(json_t *context, json_t *benchmarks);
void check_fences(json_t *context, json_t *benchmarks, const char *parts);
void check_locks(json_t *context, json_t *benchmarks, int none);
void check_rings(json_t *context, json_t *benchmarks, int broken);
void check_seqlocks(json_t *context, json_t *benchmarks);

#endif
