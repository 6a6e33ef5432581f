/* Units of litmus/run: what is emitted means what was written, and the engine counts all of it and
 * nothing else. Threads may share a CPU here, so this runs on any machine with a compiler.
 */
#include "machine/machine.h"
#include "run/compile.h"
#include "run/toolchain.h"
#include "run/engine.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_not_null(test, "%u:%u: %s", error.place.line, error.place.column, error.text);
    return test;
}

/* Which CPUs the threads get: the allowed ones, over and over. */
static void choose_cpus(unsigned cpu[LITMUS_MOST_THREADS])
{
    struct machine machine;
    cr_assert_eq(machine_read(&machine), 0);
    for (unsigned i = 0; i < LITMUS_MOST_THREADS; ++i) {
        cpu[i] = machine.cpu[i % machine.cpu_count].os;
    }
    machine_free(&machine);
}

/* Run the test for 20 ms; the result's outcomes are for the caller to free. */
static void run(const struct litmus_test *test, size_t size, struct engine_result *result)
{
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    unsigned cpu[LITMUS_MOST_THREADS];
    struct knobs knobs = knobs_default(LITMUS_ARRAY);
    knobs.size = size;
    const struct engine_options options = {
        .nanoseconds = 20000000, .knobs = knobs, .cpu = cpu, .cpu_count = LITMUS_MOST_THREADS};
    struct litmus_code code;
    char problem[512];
    uint64_t sum = 0;
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    choose_cpus(cpu);
    cr_assert(litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem), "%s",
              problem);
    cr_assert(engine_run(test, &code, &options, result, problem, sizeof problem), "%s", problem);
    litmus_unload(&code);
    for (size_t i = 0; i < result->outcomes.count; ++i) {
        sum += result->outcomes.seen[i];
    }
    cr_assert_gt(result->total, 0);
    if (test->filter == NULL) {
        cr_assert_eq(sum + result->endless, result->total, "%zu counted of %zu", (size_t)sum,
                     (size_t)result->total);
    }
}

/* The test has this one outcome, whatever the size of a batch. */
static void expect_one(const char *text, const int32_t *state)
{
    static const size_t sizes[] = {1, 2, 3, 100, 1025};
    struct litmus_test *test = parse(text);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; ++i) {
        struct engine_result result;
        run(test, sizes[i], &result);
        cr_assert_eq(result.outcomes.count, 1, "%zu outcomes", result.outcomes.count);
        for (unsigned column = 0; column < test->observed_count; ++column) {
            cr_expect_eq(result.outcomes.values[column], state[column],
                         "%s is %" PRId64 ", not %" PRId32, test->observed[column].name,
                         result.outcomes.values[column], state[column]);
        }
        outcome_free(&result.outcomes);
    }
    litmus_free(test);
}

Test(litmus_run, final_memory_is_read_before_it_is_reset)
{
    expect_one("C t\n{ z=7; }\n"
               "P0 (atomic_int* x, int* z) { atomic_store(x, 1); int r = *z; *z = r + 1; }\n"
               "P1 (atomic_int* y) { atomic_store(y, 2); }\n"
               "P2 (atomic_int* w) { atomic_fetch_add(w, 3); }\n"
               "forall (w=3 /\\ x=1 /\\ y=2 /\\ z=8 /\\ 0:r=7)\n",
               (const int32_t[]){7, 3, 1, 2, 8});
}

Test(litmus_run, values_beyond_the_table_are_counted_too)
{
    expect_one("C t\n{ x=-5; y=2147483647; }\n"
               "P0 (atomic_int* x) { int r = atomic_fetch_sub(x, 100000); }\n"
               "P1 (int* y) { int r = *y + 1; *y = 3 * r; }\n"
               "locations [x; y; 0:r; 1:r;]\nforall (true)\n",
               (const int32_t[]){-5, -2147483647 - 1, -100005, -2147483647 - 1});
}

/* The test has this one outcome, of 64 bits. */
static void expect_wide(const char *text, const int64_t *state)
{
    struct engine_result result;
    struct litmus_test *test = parse(text);
    run(test, 100, &result);
    cr_assert_eq(result.outcomes.count, 1, "%zu outcomes", result.outcomes.count);
    for (unsigned column = 0; column < test->observed_count; ++column) {
        cr_expect_eq(result.outcomes.values[column], state[column], "%s is %" PRId64,
                     test->observed[column].name, result.outcomes.values[column]);
    }
    outcome_free(&result.outcomes);
    litmus_free(test);
}

#define POINTERS                                     \
    "C t\n{ int a[2]; q = a[1]; }\n"                 \
    "P0 (int* a, int** p, int** q) {\n"              \
    "  *p = a; int *r0 = *q; int *r1 = a + 1; ++r1;" \
    "  int *r2 = r0; r2 = NULL; }\n"

Test(litmus_run, an_address_is_counted_as_its_location)
{
    /* in the table, and beyond it */
    expect_wide(POINTERS "locations [p; 0:r0; 0:r2]\nforall (true)\n",
                (const int64_t[]){LITMUS_ADDRESS(1), 0, LITMUS_ADDRESS(0)});
    expect_wide(POINTERS "locations [p; 0:r0; 0:r1]\nforall (true)\n",
                (const int64_t[]){LITMUS_ADDRESS(1), LITMUS_ASTRAY, LITMUS_ADDRESS(0)});
}

Test(litmus_run, values_of_64_bits)
{
    expect_wide("C t\n{ int64_t x = -9223372036854775807; uint64_t y = 18446744073709551614; }\n"
                "P0 (int64_t* x, uint64_t* y) { int64_t r0 = *x; unsigned r1 = *y; *y += 3; }\n"
                "locations [x; y; 0:r0; 0:r1]\nforall (true)\n",
                (const int64_t[]){-INT64_MAX, 4294967294, -INT64_MAX, 1});
}

static void expect_rounds(unsigned rounds, bool counted)
{
    struct engine_result result;
    char text[200];
    snprintf(text, sizeof text,
             "C t\n{}\nP0 (int* x) { for (int i = 0; i < %u; i++) { } *x = 1; }\n"
             "P1 (int* y) { do { } while (0); *y = 2; }\nforall (x=1 /\\ y=2)\n",
             rounds);
    struct litmus_test *test = parse(text);
    run(test, 100, &result);
    cr_expect_eq(result.outcomes.count, counted, "%u rounds: %zu outcomes", rounds,
                 result.outcomes.count);
    cr_expect_eq(result.endless, counted ? 0 : result.total);
    outcome_free(&result.outcomes);
    litmus_free(test);
}

Test(litmus_run, a_loop_that_goes_on_is_not_counted)
{
    expect_rounds(LITMUS_MOST_ROUNDS, true);
    expect_rounds(LITMUS_MOST_ROUNDS + 1, false);
}

Test(litmus_run, what_the_filter_excludes_is_not_counted)
{
    static const char *const filters[] = {"0:r=1", "not (0:r=1)", "x=2 => 0:r=1"};
    static const size_t outcomes[] = {1, 0, 1};
    for (unsigned i = 0; i < 3; ++i) {
        struct engine_result result;
        char text[200];
        snprintf(text, sizeof text,
                 "C t\n{}\nP0 (int* x) { *x = 1; int r = *x; }\nfilter (%s)\nexists (x=1)\n",
                 filters[i]);
        struct litmus_test *test = parse(text);
        run(test, 100, &result);
        cr_expect_eq(result.outcomes.count, outcomes[i], "%s", filters[i]);
        cr_expect_eq(outcome_tally(test, &result.outcomes).weak, outcomes[i] * result.total);
        outcome_free(&result.outcomes);
        litmus_free(test);
    }
}

/* Where each outcome is weak, the first batches have one; where none is, there is no first. */
Test(litmus_run, the_first_weak_outcome)
{
    static const char *const conditions[] = {"exists (x=1)", "exists (x=-70000)", "exists (x=2)"};
    static const char *const values[] = {"1", "-70000",
                                         "1"}; /* in the table, beyond it, not there */
    for (unsigned i = 0; i < 3; ++i) {
        char text[200];
        struct engine_result result;
        snprintf(text, sizeof text, "C t\n{}\nP0 (atomic_int* x) { atomic_store(x, %s); }\n%s\n",
                 values[i], conditions[i]);
        struct litmus_test *test = parse(text);
        run(test, 10, &result);
        cr_expect(i < 2 ? result.first > 0 && result.first <= result.seconds : result.first == 0,
                  "%s: %g of %g s", conditions[i], result.first, result.seconds);
        outcome_free(&result.outcomes);
        litmus_free(test);
    }
}

Test(litmus_run, nothing_observed)
{
    expect_one("C t\n{}\nP0 (int* x) { *x = 1; }\nP1 (int* y) {}\nforall (true)\n", NULL);
}

Test(litmus_run, every_operator)
{
    expect_one(
        "C t\n{ 0:a=12; 0:b=-5; }\nP0 (int* x) {\n"
        "  int r0 = a + b * 3 - 1;\n"
        "  int r1 = (a & 10) | (3 ^ 6);\n"
        "  int r2 = ~a + (b < 0) + (b <= -5) + (a > 12) + (a >= 12) + (a == b) + (a != b);\n"
        "  int r3 = a << 3 >> 1;\n"
        "  int r4 = !a || b && !0;\n"
        "  int r5 = - -b - +b;\n"
        "  int r7 = (1 & 3 == 3) * 100 + (6 ^ 3 & 5 | 8) + (1 << 1 + 1) * 1000;\n"
        "  int r6;\n"
        "  if (a > b) { int t = 1; r6 = t; if (0) r6 = 2; else r6 = r6 + 10; } else r6 = 3;\n"
        "}\n"
        "locations [0:r0; 0:r1; 0:r2; 0:r3; 0:r4; 0:r5; 0:r6; 0:r7;]\nforall (true)\n",
        (const int32_t[]){-4, 13, -9, 48, 1, 0, 11, 4115});
}

Test(litmus_run, every_read_modify_write)
{
    expect_one("C t\n{ x=12; e=1; }\nP0 (atomic_int* x, int* e) {\n"
               "  int r0 = atomic_fetch_or_explicit(x, 3, memory_order_relaxed);\n"
               "  int r1 = atomic_fetch_and_explicit(x, 6, memory_order_acquire);\n"
               "  int r2 = atomic_fetch_xor_explicit(x, 5, memory_order_release);\n"
               "  int r3 = atomic_exchange_explicit(x, 9, memory_order_acq_rel);\n"
               "  int w = 8;\n"
               "  int r4 = atomic_compare_exchange_strong_explicit(x, &w, 1,\n"
               "               memory_order_seq_cst, memory_order_relaxed);\n"
               "  int r5 = atomic_compare_exchange_strong(x, &w, 2);\n"
               "  int r6 = atomic_compare_exchange_strong(x, e, 3);\n"
               "}\n"
               "locations [x; e; 0:r0; 0:r1; 0:r2; 0:r3; 0:r4; 0:r5; 0:r6; 0:w;]\nforall (true)\n",
               (const int32_t[]){12, 15, 6, 3, 0, 1, 0, 9, 2, 2});
}

Test(litmus_run, a_fenced_pair_never_misses_both_stores)
{
    struct engine_result result;
    struct litmus_test *test =
        parse("C SB\n{}\n"
              "P0 (atomic_int* x, atomic_int* y) { atomic_store(x, 1); int r = atomic_load(y); }\n"
              "P1 (atomic_int* x, atomic_int* y) { atomic_store(y, 1); int r = atomic_load(x); }\n"
              "exists (0:r=0 /\\ 1:r=0)\n");
    run(test, 64, &result);
    cr_assert_eq(outcome_tally(test, &result.outcomes).weak, 0);
    outcome_free(&result.outcomes);
    litmus_free(test);
}

/* One batch always runs: no outcome at all would agree with every forall. */
Test(litmus_run, stopped_at_once)
{
    static const atomic_int stop = 1;
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    struct litmus_test *test = parse("C t\n{}\nP0 (int* x) { *x = 1; }\nforall (x=1)\n");
    unsigned cpu[LITMUS_MOST_THREADS];
    const struct engine_options options = {.nanoseconds = 60000000000,
                                           .knobs = {.size = 16, .padded = true},
                                           .cpu = cpu,
                                           .cpu_count = LITMUS_MOST_THREADS,
                                           .stop = &stop};
    struct engine_result result;
    struct litmus_code code;
    char problem[512];
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    choose_cpus(cpu);
    cr_assert(litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem), "%s",
              problem);
    cr_assert(engine_run(test, &code, &options, &result, problem, sizeof problem), "%s", problem);
    cr_assert_eq(result.total, 16);
    outcome_free(&result.outcomes);
    litmus_unload(&code);
    litmus_free(test);
}

Test(litmus_run, loaders)
{
    struct litmus_test *test = parse("C t\n{ v=1; }\n"
                                     "P0 (int* x, int* y, int* z) { *x = 1; *z = *y; }\n"
                                     "P1 (int* x, int* y, int* z) { *y = 1; *z = *x; }\n"
                                     "forall (true)\n");
    /* v: nobody; x: P1; y: P0; z: whoever stores. */
    cr_assert_eq(litmus_loader(test, 0), 0);
    cr_assert_eq(litmus_loader(test, 1), 1);
    cr_assert_eq(litmus_loader(test, 2), 0);
    cr_assert_eq(litmus_loader(test, 3), 0);
    litmus_free(test);
}

/* A failed compilation is one line, and leaves nothing behind. */
Test(litmus_run, a_failing_compiler)
{
    static const char *const commands[] = {"false", "/nonexistent/cc", "cc -include nonexistent.h"};
    char directory[] = "/tmp/cordon-unit-XXXXXX";
    struct litmus_test *test = parse("C t\n{}\nP0 (int* x) { *x = 1; }\nforall (x=1)\n");
    cr_assert_not_null(mkdtemp(directory));
    setenv("TMPDIR", directory, 1);
    for (size_t i = 0; i < sizeof commands / sizeof *commands; ++i) {
        const struct compiler compiler = {.command = commands[i]};
        struct litmus_code code;
        char problem[512] = "";
        cr_assert_not(
            litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem));
        cr_assert_neq(problem[0], '\0');
        cr_assert_null(strchr(problem, '\n'));
        cr_assert_eq(rmdir(directory), 0, "%s left something", commands[i]);
        cr_assert_eq(mkdir(directory, 0700), 0);
    }
    rmdir(directory);
    litmus_free(test);
}
