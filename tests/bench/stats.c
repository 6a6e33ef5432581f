/* Units of bench/stats.c and bench/code.c. */
#include "code.h"
#include "stats.h"

#include <criterion/criterion.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

Test(stats, median_of_few)
{
    double one[] = {7};
    double two[] = {4, 1};
    double three[] = {9, -1, 5};
    double four[] = {8, 2, 2, 4};
    cr_assert_eq(stats_median(one, 1), 7);
    cr_assert_eq(stats_median(two, 2), 2.5);
    cr_assert_eq(stats_median(three, 3), 5);
    cr_assert_eq(stats_median(four, 4), 3);
}

/* Against sorting, over many sizes, with and without ties. */
Test(stats, median_agrees_with_sorting)
{
    struct stats_random random = {1};
    double samples[300], sorted[300];
    for (size_t count = 1; count <= 300; ++count) {
        const uint32_t range = count % 3 == 0 ? 3 : 1000000;
        for (size_t i = 0; i < count; ++i) {
            samples[i] = stats_random_below(&random, range);
        }
        memcpy(sorted, samples, count * sizeof *samples);
        qsort(sorted, count, sizeof *sorted, stats_ascending);
        const double expected = (sorted[(count - 1) / 2] + sorted[count / 2]) / 2;
        cr_assert_eq(stats_median(samples, count), expected, "of %zu", count);
    }
}

Test(stats, random_numbers_fill_their_range_evenly)
{
    struct stats_random random = {0};
    unsigned seen[10] = {0};
    for (int i = 0; i < 100000; ++i) {
        ++seen[stats_random_below(&random, 10)];
    }
    for (int i = 0; i < 10; ++i) {
        cr_assert(seen[i] > 9600 && seen[i] < 10400, "%d seen %u times", i, seen[i]);
    }
}

Test(stats, shuffled_numbers_are_the_same_in_every_order)
{
    struct stats_random random = {7};
    unsigned seen[6] = {0};
    for (int trial = 0; trial < 6000; ++trial) {
        unsigned order[3] = {0, 1, 2};
        stats_shuffle(&random, order, 3);
        cr_assert(order[0] != order[1] && order[1] != order[2] && order[0] != order[2]);
        cr_assert(order[0] < 3 && order[1] < 3 && order[2] < 3);
        ++seen[order[0] * 2 + (order[1] > order[2])];
    }
    for (int i = 0; i < 6; ++i) {
        cr_assert(seen[i] > 800 && seen[i] < 1200, "order %d: %u times", i, seen[i]);
    }
}

Test(stats, interval_is_reproducible_and_around_the_median)
{
    double samples[101], scratch[101];
    for (int i = 0; i < 101; ++i) {
        samples[i] = (i * 37) % 101;
    }
    const struct stats_interval first = stats_bootstrap(samples, 101, scratch);
    const struct stats_interval second = stats_bootstrap(samples, 101, scratch);
    cr_assert_eq(first.middle, 50);
    /* The 95 % order-statistic interval of a median of 101 is ranks 40 to 60, about. */
    cr_assert(first.low > 34 && first.low < 46, "%g", first.low);
    cr_assert(first.high > 54 && first.high < 66, "%g", first.high);
    cr_assert_eq(memcmp(&first, &second, sizeof first), 0);
    cr_assert_eq(samples[1], 37, "the samples stay as they are");
}

Test(stats, interval_covers_the_truth_about_nineteen_times_in_twenty)
{
    struct stats_random random = {42};
    double samples[41], scratch[41];
    unsigned covered = 0;
    for (int trial = 0; trial < 400; ++trial) {
        for (int i = 0; i < 41; ++i) {
            const double uniform = (stats_random_below(&random, 1000000) + 0.5) / 1e6;
            samples[i] = -log(uniform); /* exponential: skewed, median log 2 */
        }
        const struct stats_interval interval = stats_bootstrap(samples, 41, scratch);
        covered += interval.low <= log(2) && log(2) <= interval.high;
    }
    cr_assert(covered > 360 && covered < 400, "covered %u of 400", covered);
}

Test(stats, a_ratio_of_medians_covers_the_truth_whatever_the_counts)
{
    struct stats_random random = {43};
    double a[41], b[23], scratch[41];
    unsigned covered = 0;
    for (int trial = 0; trial < 400; ++trial) {
        for (int i = 0; i < 41; ++i) {
            a[i] = 3 + stats_random_below(&random, 1000) / 1e3; /* median 3.5 */
        }
        for (int i = 0; i < 23; ++i) {
            b[i] = 1 + stats_random_below(&random, 1500) / 1e3; /* median 1.75 */
        }
        const struct stats_interval ratio = stats_bootstrap_ratio(a, 41, b, 23, scratch);
        cr_assert(ratio.low <= ratio.middle && ratio.middle <= ratio.high);
        covered += ratio.low <= 2 && 2 <= ratio.high;
    }
    cr_assert(covered > 360 && covered < 400, "covered %u of 400", covered);
}

Test(stats, a_single_sample_is_its_own_interval)
{
    const double sample = 3;
    double scratch;
    const struct stats_interval interval = stats_bootstrap(&sample, 1, &scratch);
    cr_assert(interval.low == 3 && interval.middle == 3 && interval.high == 3);
}

Test(stats, noise_is_what_may_be_zero_or_is_below_the_resolution)
{
    cr_assert(stats_is_noise((struct stats_interval){-1, 2, 5}, 0));
    cr_assert(stats_is_noise((struct stats_interval){0.01, 0.02, 0.03}, 0.05));
    cr_assert(stats_is_noise((struct stats_interval){-0.03, -0.02, -0.01}, 0.05));
    cr_assert_not(stats_is_noise((struct stats_interval){4, 5, 6}, 0.05));
    cr_assert_not(stats_is_noise((struct stats_interval){-6, -5, -4}, 0.05));
}

Test(code, bytes_are_shown_in_order_and_cut_where_the_room_ends)
{
    static const unsigned char code[] = {0xf0, 0x83, 0x4c, 0x24, 0xc0, 0x00};
    const struct code_span span = {code, code + sizeof code}, nothing = {code, code};
    char text[40], narrow[14];
    code_bytes(span, text, sizeof text);
    cr_assert_str_eq(text, "f0 83 4c 24 c0 00");
    code_bytes(nothing, text, sizeof text);
    cr_assert_str_eq(text, "none");
    code_bytes(span, narrow, sizeof narrow);
    cr_assert_str_eq(narrow, "f0 83 4c ...");
}
