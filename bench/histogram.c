/* histogram.c - reading what was counted. */
#include "histogram.h"

void histogram_merge(struct histogram *histogram, const struct histogram *other)
{
    histogram->count += other->count;
    histogram->most = other->most > histogram->most ? other->most : histogram->most;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; ++i) {
        histogram->bucket[i] += other->bucket[i];
    }
}

uint64_t histogram_least(unsigned bucket)
{
    if (bucket < HISTOGRAM_LINEAR) {
        return bucket;
    }
    const unsigned half = HISTOGRAM_LINEAR / 2;
    const unsigned shift = bucket / half - 1;
    return (uint64_t)(bucket % half + half) << shift;
}

uint64_t histogram_greatest(unsigned bucket)
{
    return bucket + 1 < HISTOGRAM_BUCKETS ? histogram_least(bucket + 1) - 1 : UINT64_MAX;
}

double histogram_quantile(const struct histogram *histogram, double share)
{
    const double wanted = share * (double)histogram->count;
    uint64_t before = 0;
    for (unsigned i = 0; i < HISTOGRAM_BUCKETS; ++i) {
        before += histogram->bucket[i];
        if (histogram->bucket[i] > 0 && (double)before >= wanted) {
            const double middle = ((double)histogram_least(i) + (double)histogram_greatest(i)) / 2;
            return middle < (double)histogram->most ? middle : (double)histogram->most;
        }
    }
    return (double)histogram->most;
}
