/* stats.c - medians with an interval, reproducibly. */
#include "stats.h"

#include <math.h>
#include <string.h>

enum { RESAMPLES = 1000 };

/* SplitMix64: S. Vigna's public-domain generator; its state may start anywhere. */
static uint64_t next(struct stats_random *random)
{
    uint64_t z = random->state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return z ^ z >> 31;
}

uint32_t stats_random_below(struct stats_random *random, uint32_t limit)
{
    return (uint32_t)((next(random) >> 32) * limit >> 32);
}

int stats_ascending(const void *left, const void *right)
{
    const double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

void stats_shuffle(struct stats_random *random, unsigned *order, unsigned count)
{
    for (unsigned i = count; i > 1; --i) {
        const unsigned k = stats_random_below(random, i);
        const unsigned swap = order[i - 1];
        order[i - 1] = order[k];
        order[k] = swap;
    }
}

/* Hoare's selection: afterwards samples[rank] is what sorting would put there, nothing greater
 * before it.
 */
static double select_rank(double *samples, size_t count, size_t rank)
{
    size_t low = 0;
    size_t high = count - 1;
    while (low < high) {
        const double pivot = samples[low + (high - low) / 2];
        size_t i = low;
        size_t j = high;
        for (;;) {
            while (samples[i] < pivot) {
                ++i;
            }
            while (samples[j] > pivot) {
                --j;
            }
            if (i >= j) {
                break;
            }
            const double swap = samples[i];
            samples[i++] = samples[j];
            samples[j--] = swap;
        }
        /* Now [low, j] <= pivot <= [j + 1, high]; j < high since the pivot's twin stopped it. */
        if (rank <= j) {
            high = j;
        } else {
            low = j + 1;
        }
    }
    return samples[rank];
}

double stats_median(double *samples, size_t count)
{
    const double upper = select_rank(samples, count, count / 2);
    if (count % 2 != 0) {
        return upper;
    }
    double lower = samples[0];
    for (size_t i = 1; i < count / 2; ++i) {
        lower = samples[i] > lower ? samples[i] : lower;
    }
    return (lower + upper) / 2;
}

static double resampled_median(struct stats_random *random, const double *samples, size_t count,
                               double *scratch)
{
    for (size_t k = 0; k < count; ++k) {
        scratch[k] = samples[stats_random_below(random, (uint32_t)count)];
    }
    return stats_median(scratch, count);
}

/* The 95 % in the middle of them, around what was found. */
static struct stats_interval percentiles(double resampled[RESAMPLES], double middle)
{
    return (struct stats_interval){
        .low = select_rank(resampled, RESAMPLES, RESAMPLES / 40),
        .middle = middle,
        .high = select_rank(resampled, RESAMPLES, RESAMPLES - 1 - RESAMPLES / 40),
    };
}

struct stats_interval stats_bootstrap(const double *samples, size_t count, double *scratch)
{
    struct stats_random random = {0};
    double medians[RESAMPLES];
    for (size_t i = 0; i < RESAMPLES; ++i) {
        medians[i] = resampled_median(&random, samples, count, scratch);
    }
    memcpy(scratch, samples, count * sizeof *scratch);
    return percentiles(medians, stats_median(scratch, count));
}

struct stats_interval stats_bootstrap_ratio(const double *a, size_t a_count, const double *b,
                                            size_t b_count, double *scratch)
{
    struct stats_random random = {0};
    double ratios[RESAMPLES];
    for (size_t i = 0; i < RESAMPLES; ++i) {
        const double over = resampled_median(&random, a, a_count, scratch);
        ratios[i] = over / resampled_median(&random, b, b_count, scratch);
    }
    memcpy(scratch, a, a_count * sizeof *scratch);
    const double over = stats_median(scratch, a_count);
    memcpy(scratch, b, b_count * sizeof *scratch);
    return percentiles(ratios, over / stats_median(scratch, b_count));
}

bool stats_is_noise(struct stats_interval interval, double resolution)
{
    return (interval.low <= 0 && interval.high >= 0) || fabs(interval.middle) <= resolution;
}

double stats_jain(const double *shares, size_t count)
{
    double sum = 0, squares = 0;
    for (size_t i = 0; i < count; ++i) {
        sum += shares[i];
        squares += shares[i] * shares[i];
    }
    return squares > 0 ? sum * sum / ((double)count * squares) : 1;
}
