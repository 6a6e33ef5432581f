/* gbench.h - the frame of Google Benchmark's JSON, which its compare.py and other tools read. */
#ifndef CORDON_BENCH_GBENCH_H
#define CORDON_BENCH_GBENCH_H

#include "clock.h"
#include "machine/spoilers.h"

#include <cordon/version.h>

#include <jansson.h>

/* GBENCH_VERSION - "0.1.0" */
#define GBENCH_TEXT_(x) #x
#define GBENCH_TEXT(x)  GBENCH_TEXT_(x)
#define GBENCH_VERSION                \
    GBENCH_TEXT(CORDON_VERSION_MAJOR) \
    "." GBENCH_TEXT(CORDON_VERSION_MINOR) "." GBENCH_TEXT(CORDON_VERSION_PATCH)

/* gbench_context - the machine and the moment, with Google Benchmark's keys and our own. What
 * machine_watch saw counts among the warnings, unless it is NULL.
 */
json_t *gbench_context(const struct machine *machine, const struct bench_clock *clock,
                       const struct machine_watch *watch);

/* gbench_samples - an array of them. */
json_t *gbench_samples(const double *samples, unsigned count);

/* gbench_write - {"context": ..., "benchmarks": [...]}, one benchmark per line.
 * Consumes both; returns 0, or -1 if the stream did not take it.
 */
int gbench_write(FILE *stream, json_t *context, json_t *benchmarks);

#endif
