/* gbench.h - the frame of Google Benchmark's JSON, which its compare.py and other tools read. */
#ifndef CORDON_BENCH_GBENCH_H
#define CORDON_BENCH_GBENCH_H

#include "machine/machine.h"

#include <jansson.h>

/* gbench_context - the machine and the moment, with Google Benchmark's keys and our own. */
json_t *gbench_context(const struct machine *machine);

/* gbench_write - {"context": ..., "benchmarks": [...]}, one benchmark per line.
 * Consumes both; returns 0, or -1 if the stream did not take it.
 */
int gbench_write(FILE *stream, json_t *context, json_t *benchmarks);

#endif
