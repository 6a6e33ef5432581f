/* histogram.h - how often each duration was seen, from nanoseconds to minutes, in a few kilobytes.
 *
 * Log-linear: values below HISTOGRAM_LINEAR have a bucket each; above, every factor of two is divided
 * into HISTOGRAM_LINEAR / 2 equal buckets, so a bucket is never wider than 1/32 of what it holds. Adding
 * is a shift and an increment; percentiles are read afterwards.
 */
#ifndef CORDON_BENCH_HISTOGRAM_H
#define CORDON_BENCH_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_LINEAR  64
#define HISTOGRAM_BITS    44 /* greater values count as the greatest: five hours of nanoseconds */
#define HISTOGRAM_BUCKETS ((HISTOGRAM_BITS - 4) * (HISTOGRAM_LINEAR / 2))

/* All-zero is empty. Values are whole numbers of whatever unit, ticks say. */
struct histogram {
    uint64_t count;
    uint64_t most;
    uint32_t bucket[HISTOGRAM_BUCKETS];
};

/* Which bucket a value falls into. */
static inline unsigned histogram_index(uint64_t value)
{
    if (value < HISTOGRAM_LINEAR) {
        return (unsigned)value;
    }
    if (value >> HISTOGRAM_BITS != 0) {
        return HISTOGRAM_BUCKETS - 1;
    }
    const unsigned shift = 58 - (unsigned)__builtin_clzll(value); /* leaves 32 to 63 */
    return shift * (HISTOGRAM_LINEAR / 2) + (unsigned)(value >> shift);
}

static inline void histogram_add(struct histogram *histogram, uint64_t value)
{
    ++histogram->bucket[histogram_index(value)];
    ++histogram->count;
    if (value > histogram->most) {
        histogram->most = value;
    }
}

/* histogram_merge - add all that the other one holds. */
void histogram_merge(struct histogram *histogram, const struct histogram *other);

/* histogram_quantile - the value that a share of all values, 0 to 1, does not exceed: the middle of its
 * bucket, but never more than the greatest value seen. 0 if there are none.
 */
double histogram_quantile(const struct histogram *histogram, double share);

/* histogram_least, _greatest - the values that a bucket holds, both included. */
uint64_t histogram_least(unsigned bucket);
uint64_t histogram_greatest(unsigned bucket);

#endif
