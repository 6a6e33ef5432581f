/* gbench.h - the frame of Google Benchmark's JSON, which its compare.py and other tools read. */
#ifndef CORDON_BENCH_GBENCH_H
#define CORDON_BENCH_GBENCH_H

#include "clock.h"
#include "histogram.h"
#include "stats.h"
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

/* gbench_samples - an array of them; null for what is no number. */
json_t *gbench_samples(const double *samples, unsigned count);

/* gbench_document - {"context": ..., "benchmarks": [...]}. Consumes both; NULL if one of them is. */
json_t *gbench_document(json_t *context, json_t *benchmarks);

/* gbench_write - one benchmark per line; returns 0, or -1 if the stream did not take it. */
int gbench_write(FILE *stream, json_t *document);

/* gbench_benchmark - an element of "benchmarks" with the keys that Google Benchmark's have: `time` is in
 * ns for one operation, and `operations` is how many were timed in all. The caller adds its own keys.
 */
json_t *gbench_benchmark(const char *name, int family, unsigned threads, double operations,
                         struct stats_interval time);

/* gbench_ratio - an element of the context's "ratios": ours against a peer's, above 1 if ours is better. */
json_t *gbench_ratio(const char *what, const char *ours, const char *peer,
                     struct stats_interval ratio, bool differs);

/* gbench_latency - what a histogram holds: {"count": n, "p50": ns, "p90", "p99", "p99_9", "max",
 * "cdf": [[ns, share of all that took no longer], ...]}. One unit of its values is so many ns.
 */
json_t *gbench_latency(const struct histogram *histogram, double ns);

#endif
