/* stats.h - medians with an interval, reproducibly.
 *
 * Timings have long tails to one side (interrupts, other programs), so the middle is a median and
 * the interval comes from resampling, which assumes no shape. The random numbers are the tool's
 * own: the same samples give the same interval everywhere.
 */
#ifndef CORDON_BENCH_STATS_H
#define CORDON_BENCH_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A sequence of random numbers; any start, zero too. */
struct stats_random {
    uint64_t state;
};

/* stats_random_below - uniform in [0, limit), limit > 0. */
uint32_t stats_random_below(struct stats_random *random, uint32_t limit);

/* stats_shuffle - bring them into a random order. */
void stats_shuffle(struct stats_random *random, unsigned *order, unsigned count);

/* stats_ascending - for qsort, of doubles. */
int stats_ascending(const void *left, const void *right);

/* stats_median - of count > 0 samples, whose order it changes. */
double stats_median(double *samples, size_t count);

struct stats_interval {
    double low, middle, high;
};

/* stats_bootstrap - the median, and the 95 % percentile-bootstrap interval of it.
 * count > 0; scratch has room for count; the seed is fixed inside.
 */
struct stats_interval stats_bootstrap(const double *samples, size_t count, double *scratch);

/* stats_bootstrap_ratio - the median of a over the median of b, samples that have nothing to do with each
 * other; both medians more than zero. scratch has room for the longer of the two.
 */
struct stats_interval stats_bootstrap_ratio(const double *a, size_t a_count, const double *b,
                                            size_t b_count, double *scratch);

/* stats_is_noise - may the interval be of a difference that is zero, given that differences up to
 * resolution were seen where there was nothing to see?
 */
bool stats_is_noise(struct stats_interval interval, double resolution);

/* stats_jain - how evenly so many threads were served: 1 if all got the same, 1/count if one got all.
 * R. Jain, D. Chiu, W. Hawe, "A Quantitative Measure of Fairness", DEC-TR-301, 1984.
 */
double stats_jain(const double *shares, size_t count);

#endif
