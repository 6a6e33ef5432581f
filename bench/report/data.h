/* data.h - picking and grouping benchmarks. An array of them is a json_t, as in the document. */
#ifndef CORDON_BENCH_REPORT_DATA_H
#define CORDON_BENCH_REPORT_DATA_H

#include "../stats.h"

#include <jansson.h>

/* Room for a coordinate, or several, as text. */
#define DATA_TEXT 256

/* What a benchmark says of itself: the subcommand ("other": none of ours), the part of its report, who was
 * measured (the name, if it does not say).
 */
const char *data_bench(json_t *benchmark);
const char *data_part(json_t *benchmark);
const char *data_name(json_t *benchmark);
const char *data_candidate(json_t *benchmark);
bool data_is_ours(json_t *benchmark);

/* data_interval - a figure with its interval, of length zero where there is none. "rate" is millions of
 * operations in a second, "latency.p99" a member's member, and other keys are those of the benchmark.
 * False: there is no such number.
 */
bool data_interval(json_t *benchmark, const char *key, struct stats_interval *interval);

/* data_number - a number at such a key. */
bool data_number(json_t *benchmark, const char *key, double *number);

/* data_member - at a key, or at one within another ("latency.cdf"); NULL. */
json_t *data_member(json_t *benchmark, const char *key);

/* data_text - of a scalar, or a few of them; "" where it is more. Returns text. */
const char *data_text(const json_t *value, char text[DATA_TEXT]);

/* data_label - a key as people read it. */
const char *data_label(const char *key);

/* data_select - those of one subcommand and part (NULL: all parts). Free with json_decref, as all that
 * the following return.
 */
json_t *data_select(json_t *benchmarks, const char *bench, const char *part);

/* data_group - {"hold 0 ns, think 100 ns": [benchmarks], ...} by what they have at these keys, in the order in
 * which they come; keys end with NULL.
 */
json_t *data_group(json_t *benchmarks, const char *const *keys);

/* data_names - the candidates, each once, in the order in which they come. */
json_t *data_names(json_t *benchmarks);

#endif
