/* Units of bench/c2c/report.c: machines larger than the one at hand. */
#define _GNU_SOURCE
#include "c2c/c2c.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

/* CPU n is on package n / (count / 2); what is near takes 50 ns, what is far 200. */
static struct c2c_run *make_run(unsigned count)
{
    struct c2c_run *run = calloc(1, sizeof *run);
    struct machine_cpu *cpu = calloc(count, sizeof *cpu);
    cr_assert(run != NULL && cpu != NULL);
    run->cpu = calloc(count, sizeof(const struct machine_cpu *));
    run->cpu_count = count;
    run->pair_count = c2c_index(count, 0);
    run->pair = calloc(run->pair_count, sizeof *run->pair);
    cr_assert(run->cpu != NULL && run->pair != NULL);
    run->clock.cycle_ns = run->clock.ticks_per_ns = 1;
    run->repetitions = run->done = 5;
    run->home_count = 1;
    run->machine.cpu = cpu;
    run->machine.cpu_count = run->machine.pus = count;
    for (unsigned i = 0; i < count; ++i) {
        cpu[i].os = cpu[i].core = i;
        cpu[i].package = cpu[i].numa = cpu[i].cache = i / (count / 2);
        run->cpu[i] = &cpu[i];
        for (unsigned k = 0; k < i; ++k) {
            struct c2c_pair *pair = &run->pair[c2c_index(i, k)];
            const double ns = cpu[k].package == cpu[i].package ? 50 : 200;
            pair->a = run->cpu[k];
            pair->b = run->cpu[i];
            pair->distance = machine_distance(pair->a, pair->b);
            pair->count = 5;
            pair->rounds = 64;
            pair->sample = calloc(pair->count, sizeof *pair->sample);
            for (unsigned s = 0; s < pair->count; ++s) {
                pair->sample[s].ns = ns;
            }
            pair->interval = (struct stats_interval){ns, ns, ns};
            pair->least = pair->quarter = pair->three_quarters = pair->most = ns;
        }
    }
    return run;
}

static char *print(const struct c2c_run *run)
{
    char *text = NULL;
    size_t size;
    FILE *stream = open_memstream(&text, &size);
    cr_assert_not_null(stream);
    c2c_print(stream, run);
    fclose(stream);
    return text;
}

Test(c2c, indices_number_the_pairs)
{
    unsigned next = 0;
    for (unsigned i = 1; i < 20; ++i) {
        for (unsigned k = 0; k < i; ++k) {
            cr_assert_eq(c2c_index(i, k), next);
            ++next;
        }
    }
    cr_assert_eq(c2c_index(20, 0), next);
}

Test(c2c, the_matrix_is_a_lower_triangle)
{
    const char *text = print(make_run(4));
    cr_assert(strstr(text, "\n   CPU     0     1     2\n"
                           "     1  50.0\n"
                           "     2   200   200\n"
                           "     3   200   200  50.0\n"),
              "%s", text);
    cr_assert(strstr(text, "another core             2    50.0  50.0 (0, 1)"), "%s", text);
    cr_assert(strstr(text, "another package          4     200  200 (0, 2)"), "%s", text);
}

Test(c2c, a_pair_without_samples_is_a_dash)
{
    struct c2c_run *run = make_run(4);
    run->pair[c2c_index(2, 1)].count = 0;
    run->pair[c2c_index(3, 2)].count = 0;
    const char *text = print(run);
    cr_assert(strstr(text, "     2   200     -\n"
                           "     3   200   200     -\n"),
              "%s", text);
    for (unsigned i = 0; i < run->pair_count; ++i) {
        run->pair[i].count = 0;
    }
    text = print(run);
    cr_assert(strstr(text, "     3     -     -     -\n"), "%s", text);
}

Test(c2c, a_median_between_two_groups_is_not_trusted)
{
    struct c2c_run *run = make_run(4);
    cr_assert_null(strstr(print(run), "scattered"));
    run->pair[c2c_index(3, 1)].quarter = 30;
    const char *text = print(run);
    cr_assert(strstr(text, "half of the samples of 1 pair span"), "%s", text);
    cr_assert(strstr(text, "200 ... 200  scattered\n"), "%s", text);
}

Test(c2c, a_large_machine_is_told_by_distance)
{
    const char *text = print(make_run(64));
    cr_assert_null(strstr(text, "median [95 %]"), "2016 lines are nothing to read");
    cr_assert(strstr(text, "another core           992    50.0"), "%s", text);
    cr_assert(strstr(text, "another package       1024     200"), "%s", text);
}

Test(machine, distance_is_told_by_what_is_not_shared)
{
    const struct machine_cpu here = {.os = 0};
    struct machine_cpu there = {.os = 1};
    cr_assert_eq(machine_distance(&here, &there), MACHINE_SAME_CORE);
    there.core = 1;
    cr_assert_eq(machine_distance(&here, &there), MACHINE_OTHER_CORE);
    there.cache = 1;
    cr_assert_eq(machine_distance(&here, &there), MACHINE_OTHER_CACHE);
    there.numa = 1;
    cr_assert_eq(machine_distance(&here, &there), MACHINE_OTHER_NODE);
    there.package = 1;
    cr_assert_eq(machine_distance(&here, &there), MACHINE_OTHER_PACKAGE);
    cr_assert_eq(machine_distance(&there, &here), MACHINE_OTHER_PACKAGE);
    const struct machine_cpu unknown = {.core = MACHINE_UNKNOWN};
    cr_assert_eq(machine_distance(&unknown, &unknown), MACHINE_OTHER_CORE);
}
