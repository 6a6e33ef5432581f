/* Units of src/cli and src/machine. */
#include "cli/cli.h"
#include "machine/machine.h"

#include <criterion/criterion.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>

Test(cli, counts_are_strict)
{
    static const char *const wrong[] = {"",    "0",    "-1",  "+1",   " 1",  "1 ",
                                        "1.0", "0x10", "1e3", "1001", "abc", "99999999999999999999",
                                        "1\n", "१"};
    unsigned long count = 4711;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        cr_assert_not(cli_read_count(wrong[i], 1, 1000, &count), "'%s' was taken", wrong[i]);
    }
    cr_assert_eq(count, 4711);
    cr_assert(cli_read_count("1", 1, 1000, &count) && count == 1);
    cr_assert(cli_read_count("1000", 1, 1000, &count) && count == 1000);
    cr_assert(cli_read_count("0017", 1, 1000, &count) && count == 17);
    cr_assert(cli_read_count("18446744073709551615", 0, UINT64_MAX, &count) && count == UINT64_MAX);
    cr_assert_not(cli_read_count("18446744073709551616", 0, UINT64_MAX, &count));
}

Test(cli, durations)
{
    static const struct {
        const char *text;
        uint64_t nanoseconds;
    } right[] = {{"1", 1000000000},
                 {"0.5", 500000000},
                 {"2s", 2000000000},
                 {"500ms", 500000000},
                 {"1.5us", 1500},
                 {"7ns", 7},
                 {"2m", UINT64_C(120000000000)},
                 {"1.", 1000000000}};
    static const char *const wrong[] = {"",
                                        "0",
                                        "0.0",
                                        "-1",
                                        ".",
                                        ".5",
                                        "1.2.3",
                                        "1h",
                                        "1 s",
                                        "1e3",
                                        "inf",
                                        "nan",
                                        "s",
                                        "0x1p4",
                                        "86401",
                                        "0.1ns",
                                        "12345678901234567890"};
    uint64_t nanoseconds;
    for (size_t i = 0; i < sizeof right / sizeof *right; ++i) {
        cr_assert(cli_read_duration(right[i].text, &nanoseconds), "'%s'", right[i].text);
        cr_assert_eq(nanoseconds, right[i].nanoseconds, "'%s'", right[i].text);
    }
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        cr_assert_not(cli_read_duration(wrong[i], &nanoseconds), "'%s' was taken", wrong[i]);
    }
}

Test(cli, short_numbers)
{
    char text[32];
    cr_assert_str_eq(cli_number(0, text, sizeof text), "0");
    cr_assert_str_eq(cli_number(999, text, sizeof text), "999");
    cr_assert_str_eq(cli_number(999.6, text, sizeof text), "1.00 k");
    cr_assert_str_eq(cli_number(12345, text, sizeof text), "12.3 k");
    cr_assert_str_eq(cli_number(345678901, text, sizeof text), "346 M");
    cr_assert_str_eq(cli_time(0.424, text, sizeof text), "0.42 s");
    cr_assert_str_eq(cli_time(12.4, text, sizeof text), "12 s");
    cr_assert_str_eq(cli_time(150, text, sizeof text), "2.5 min");
    cr_assert_str_eq(cli_time(7200, text, sizeof text), "2.0 h");
    cr_assert_str_eq(cli_time(1e7, text, sizeof text), "116 days");
}

Test(cli, cpu_lists)
{
    static const unsigned expected[] = {4, 0, 1, 2, 7};
    static const char *const wrong[] = {
        "",      ",", "0,",  ",0",  "0,,1",  "1-",      "-1",          "3-1",
        "0-0-0", "a", "0 1", "0,0", "0-2,1", "1048576", "99999999999", "0-1048575"};
    struct cli_cpus list;
    cr_assert_null(cli_read_cpus("4,0-2,7", &list));
    cr_assert_eq(list.count, 5);
    cr_assert_eq(memcmp(list.cpu, expected, sizeof expected), 0);
    free(list.cpu);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
        cr_assert_not_null(cli_read_cpus(wrong[i], &list), "'%s' was taken", wrong[i]);
        cr_assert_null(list.cpu);
    }
}

Test(cli, the_nearest_word_is_near)
{
    static const char *const words[] = {"fences", "locks", "rings"};
    cr_assert_str_eq(cli_nearest("fence", words, 3), "fences");
    cr_assert_str_eq(cli_nearest("lokcs", words, 3), "locks");
    cr_assert_null(cli_nearest("telephone", words, 3));
    cr_assert_null(cli_nearest("", words, 3));
}

Test(machine, is_read_and_lists_the_allowed_cpus)
{
    struct machine machine;
    cr_assert_eq(machine_read(&machine), 0);
    cr_assert_gt(machine.cpu_count, 0);
    cr_assert_geq(machine.pus, 1);
    cr_assert_neq(machine.model[0], '\0');
    for (unsigned i = 0; i < machine.cpu_count; ++i) {
        cr_assert_eq(machine_find(&machine, machine.cpu[i].os), &machine.cpu[i]);
    }
    machine_free(&machine);
}

Test(machine, pins_where_it_may_and_says_where_not)
{
    struct machine machine;
    cr_assert_eq(machine_read(&machine), 0);
    cr_assert_eq(machine_pin(machine.cpu[machine.cpu_count - 1].os), 0);
    static const unsigned absent[] = {100000, (1u << 20) - 1, 1u << 20, ~0u};
    for (size_t i = 0; i < sizeof absent / sizeof *absent; ++i) {
        errno = 0;
        cr_assert_eq(machine_pin(absent[i]), -1, "CPU %u", absent[i]);
        cr_assert_eq(errno, EINVAL);
    }
    struct machine pinned;
    cr_assert_eq(machine_read(&pinned), 0);
    cr_assert_eq(pinned.cpu_count, 1, "the pin is the new affinity");
    cr_assert_eq(pinned.cpu[0].os, machine.cpu[machine.cpu_count - 1].os);
    machine_free(&pinned);
    machine_free(&machine);
}
