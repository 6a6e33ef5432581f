/* Units of litmus/run/perpetual.c: which tests convert, and that frames are counted as they should be: the
 * generated code reads made-up logs, and a plain double loop counts the same.
 */
#include "run/compile.h"
#include "run/toolchain.h"
#include "run/perpetual.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { ITERATIONS = 300, COLUMNS = 4 };

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_not_null(test, "%u:%u: %s", error.place.line, error.place.column, error.text);
    return test;
}

#define SB                                                           \
    "C SB\n{}\nP0 (atomic_int* x, atomic_int* y) {\n"                \
    "  atomic_store_explicit(x, 1, memory_order_relaxed);\n"         \
    "  int r0 = atomic_load_explicit(y, memory_order_relaxed);\n}\n" \
    "P1 (atomic_int* x, atomic_int* y) {\n"                          \
    "  atomic_store_explicit(y, 1, memory_order_relaxed);\n"         \
    "  int r0 = atomic_load_explicit(x, memory_order_relaxed);\n}\n" \
    "exists (0:r0=0 /\\ 1:r0=0)\n"

/* Two stores to a location, of values and an initial one that are not 0, 1, 2; two loads of it. */
#define TWICE                                                        \
    "C twice\n{ x=5; }\nP0 (atomic_int* x, atomic_int* y) {\n"       \
    "  atomic_store_explicit(x, 3, memory_order_relaxed);\n"         \
    "  int r0 = atomic_load_explicit(y, memory_order_relaxed);\n"    \
    "  atomic_store_explicit(x, 6, memory_order_relaxed);\n}\n"      \
    "P1 (atomic_int* x, atomic_int* y) {\n"                          \
    "  int r0 = atomic_load_explicit(x, memory_order_relaxed);\n"    \
    "  atomic_store_explicit(y, 1, memory_order_relaxed);\n"         \
    "  int r1 = atomic_load_explicit(x, memory_order_relaxed);\n}\n" \
    "exists (0:r0=1 /\\ 1:r0=6 /\\ 1:r1=3)\n"

static void no_other(void *context, const int64_t *state)
{
    (void)context;
    cr_assert_fail("a state of %" PRId64 " ... does not fit the table", state[0]);
}

struct counted {
    struct litmus_code code;
    uint64_t table[1 << LITMUS_MOST_KEY_BITS]; /* and the counter behind it */
    size_t size;
};

/* In slices, as the threads of a run count. */
static void count(struct counted *counted, const struct litmus_test *test, enum litmus_mode mode,
                  int32_t *logs)
{
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    const struct litmus_batch batch = {.count = ITERATIONS, .result = logs};
    char problem[512];
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    memset(counted, 0, sizeof *counted);
    cr_assert(litmus_compile(&compiler, test, mode, &counted->code, problem, sizeof problem), "%s",
              problem);
    counted->size = (size_t)1 << counted->code.bits * test->observed_count;
    static const size_t slices[] = {0, 1, 2, 100, 101, 250, ITERATIONS};
    for (size_t i = 0; i + 1 < sizeof slices / sizeof *slices; ++i) {
        counted->code.count(&batch, slices[i], slices[i + 1], counted->table, no_other, NULL);
    }
    litmus_unload(&counted->code);
}

/* Logs that only grow, each by up to `step` at a time, up to what was ever stored. */
static void make_logs(int32_t *logs, unsigned columns, int32_t step, int32_t most)
{
    for (unsigned c = 0; c < columns; ++c) {
        int32_t at = 0;
        for (unsigned i = 0; i < ITERATIONS; ++i) {
            at += rand() % (step + 1);
            logs[c * ITERATIONS + i] = at = at < most ? at : most;
        }
    }
}

static uint64_t key_of(const int32_t *state, unsigned columns, unsigned bits)
{
    uint64_t key = 0;
    for (unsigned c = 0; c < columns; ++c) {
        key |= (uint64_t)state[c] << c * bits;
    }
    return key;
}

static void sb_state(const int32_t *logs, int32_t n, int32_t m, int32_t *state)
{
    state[0] = logs[n] >= m + 1;
    state[1] = logs[ITERATIONS + m] >= n + 1;
}

static void twice_state(const int32_t *logs, int32_t n, int32_t m, int32_t *state)
{
    state[0] = logs[n] >= m + 1;
    for (unsigned c = 1; c <= 2; ++c) {
        const int32_t v = logs[(int)c * ITERATIONS + m];
        state[c] = v >= 2 * n + 2 ? 6 : v >= 2 * n + 1 ? 3 : 5;
    }
}

typedef void frame_state(const int32_t *logs, int32_t n, int32_t m, int32_t *state);

static void expect_all(const char *text, frame_state *state_of, unsigned columns, int32_t stores)
{
    static struct counted counted;
    static uint64_t expected[1 << LITMUS_MOST_KEY_BITS];
    struct litmus_test *test = parse(text);
    int32_t logs[COLUMNS * ITERATIONS], state[COLUMNS];
    for (int32_t step = 0; step <= 4; ++step) {
        make_logs(logs, columns, step, stores * ITERATIONS);
        count(&counted, test, LITMUS_PERPETUAL_ALL, logs);
        memset(expected, 0, sizeof expected);
        for (int32_t n = 0; n < ITERATIONS; ++n) {
            for (int32_t m = 0; m < ITERATIONS; ++m) {
                state_of(logs, n, m, state);
                ++expected[key_of(state, columns, counted.code.bits)];
            }
        }
        for (size_t key = 0; key < counted.size; ++key) {
            cr_assert_eq(counted.table[key], expected[key], "step %d, state %zx: %zu, not %zu",
                         step, key, (size_t)counted.table[key], (size_t)expected[key]);
        }
    }
    litmus_free(test);
}

Test(litmus_perpetual, all_frames_are_counted)
{
    expect_all(SB, sb_state, 2, 1);
    expect_all(TWICE, twice_state, 3, 2);
}

/* SB: the frame of n is that of n and the first of the other's iterations whose store n has not seen. */
Test(litmus_perpetual, one_frame_for_each_iteration)
{
    static struct counted counted;
    static uint64_t expected[4];
    struct litmus_test *test = parse(SB);
    int32_t logs[2 * ITERATIONS], state[2];
    for (int32_t step = 0; step <= 4; ++step) {
        int32_t last = -1;
        uint64_t distinct = 0;
        make_logs(logs, 2, step, ITERATIONS);
        count(&counted, test, LITMUS_PERPETUAL, logs);
        memset(expected, 0, sizeof expected);
        for (int32_t n = 0; n < ITERATIONS; ++n) {
            const int32_t m = logs[n];
            if (m < ITERATIONS) {
                sb_state(logs, n, m, state);
                ++expected[key_of(state, 2, counted.code.bits)];
                if (state[0] + state[1] == 0 && m > last) {
                    ++distinct;
                    last = m;
                }
            }
        }
        for (size_t key = 0; key < counted.size; ++key) {
            cr_assert_eq(counted.table[key], expected[key], "step %d, state %zx", step, key);
        }
        /* Each of the six slices may miss one at its beginning, and none counts one twice. */
        cr_assert_leq(counted.table[counted.size], distinct);
        cr_assert_geq(counted.table[counted.size] + 6, distinct);
    }
    litmus_free(test);
}

/* IRIW: neither reader reads what the other stores; the second is found by what it has read, be that the
 * store (its register a) or what is older (b).
 */
static void seek(const char *a, const char *b)
{
    static struct counted counted;
    char text[1000];
    snprintf(text, sizeof text,
             "C IRIW\n{}\n"
             "P0 (atomic_int* x) {\n  atomic_store_explicit(x, 1, memory_order_relaxed);\n}\n"
             "P1 (atomic_int* y) {\n  atomic_store_explicit(y, 1, memory_order_relaxed);\n}\n"
             "P2 (atomic_int* x, atomic_int* y) {\n"
             "  int r0 = atomic_load_explicit(x, memory_order_relaxed);\n"
             "  int r1 = atomic_load_explicit(y, memory_order_relaxed);\n}\n"
             "P3 (atomic_int* x, atomic_int* y) {\n"
             "  int %s = atomic_load_explicit(y, memory_order_relaxed);\n"
             "  int %s = atomic_load_explicit(x, memory_order_relaxed);\n}\n"
             "exists (2:r0=1 /\\ 2:r1=0 /\\ 3:%s=1 /\\ 3:%s=0)\n",
             a, b, a, b);
    struct litmus_test *test = parse(text);
    const size_t read_y = strcmp(a, b) < 0 ? 2 : 3; /* columns are in the order of names */
    int32_t logs[4 * ITERATIONS];
    /* P2 sees each store of x at once and those of y ten iterations late, P3 the other way round. */
    for (int32_t i = 0; i < ITERATIONS; ++i) {
        const int32_t late = i < 10 ? 0 : i - 9;
        logs[i] = logs[read_y * ITERATIONS + (size_t)i] = i + 1;
        logs[ITERATIONS + i] = logs[(5 - read_y) * ITERATIONS + (size_t)i] = late;
    }
    count(&counted, test, LITMUS_PERPETUAL, logs);
    const int32_t weak[] = {1, 0, read_y == 2, read_y == 3};
    const uint64_t key = key_of(weak, 4, counted.code.bits);
    cr_assert_gt(counted.table[key], ITERATIONS * 9 / 10);
    cr_assert_gt(counted.table[counted.size], ITERATIONS * 8 / 10, "and few have one in common");
    /* Both see everything at once: no frame is weak. */
    for (int32_t i = 0; i < 4 * ITERATIONS; ++i) {
        logs[i] = i % ITERATIONS + 1;
    }
    count(&counted, test, LITMUS_PERPETUAL, logs);
    cr_assert_eq(counted.table[key], 0);
    litmus_free(test);
}

Test(litmus_perpetual, a_thread_is_sought_by_what_it_read)
{
    seek("r0", "r1");
    seek("r1", "r0");
}

Test(litmus_perpetual, what_does_not_convert_says_why)
{
#define ONE(body) "C t\n{}\nP0 (atomic_int* x, atomic_int* y) {\n" body "}\n"
#define LOAD_X    "  int r0 = atomic_load_explicit(x, memory_order_relaxed);\n"
#define STORE_X   "  atomic_store_explicit(x, 1, memory_order_relaxed);\n"
    static const struct {
        const char *text, *why;
        enum litmus_mode mode;
    } refused[] = {
        {ONE(STORE_X) "exists (x=1)\n", "memory at the end", LITMUS_PERPETUAL},
        {ONE(STORE_X STORE_X LOAD_X) "exists (0:r0=1)\n", "line 5 stores a value that x holds",
         LITMUS_PERPETUAL},
        {ONE("  atomic_store_explicit(x, 0, memory_order_relaxed);\n" LOAD_X) "exists (0:r0=1)\n",
         "line 4 stores a value that x holds", LITMUS_PERPETUAL},
        {ONE("  int r0 = atomic_exchange_explicit(x, 1, memory_order_relaxed);\n") "exists "
                                                                                   "(0:r0=1)\n",
         "line 4 computes", LITMUS_PERPETUAL},
        {ONE("  int r0 = 0;\n  if (r0 == 0) {\n  " STORE_X "  }\n") "exists (0:r0=1)\n", "line ",
         LITMUS_PERPETUAL},
        {ONE(LOAD_X "  r0 = atomic_load_explicit(y, memory_order_relaxed);\n") "exists (0:r0=1)\n",
         "line 5 loads into a register again", LITMUS_PERPETUAL},
        {"C t\n{}\nP0 (int* x) {\n  int r0 = *x;\n}\nexists (0:r0=1)\n",
         "line 4 is no atomic access", LITMUS_PERPETUAL},
        {ONE(STORE_X) "P1 (atomic_int* x) {\n  atomic_store_explicit(x, 2, "
                      "memory_order_relaxed);\n" LOAD_X "}\nexists (1:r0=1)\n",
         "x is stored to by more than one thread", LITMUS_PERPETUAL},
        {ONE(LOAD_X) "P1 (atomic_int* y) {\n  int r0 = atomic_load_explicit(y, "
                     "memory_order_relaxed);\n}\n"
                     "exists (0:r0=1 /\\ 1:r0=1)\n",
         "neither reads", LITMUS_PERPETUAL},
        {ONE(STORE_X LOAD_X) "exists (0:r0=0)\n", "of two threads only, and it has 1",
         LITMUS_PERPETUAL_ALL},
        {ONE(STORE_X LOAD_X) "P1 (atomic_int* x) {\n" LOAD_X "}\nexists (0:r0=0 /\\ 1:r0=1)\n",
         "0:r0 is loaded from what its own thread stores", LITMUS_PERPETUAL_ALL},
    };
    for (size_t i = 0; i < sizeof refused / sizeof *refused; ++i) {
        struct litmus_test *test = parse(refused[i].text);
        char problem[200] = "";
        cr_assert_not(litmus_perpetual(test, refused[i].mode, problem, sizeof problem), "test %zu",
                      i);
        cr_assert_not_null(strstr(problem, refused[i].why), "test %zu: %s", i, problem);
        litmus_free(test);
    }
}
