/* Units of the engine's parts: instances do not overlap, orders are permutations, what is random can be drawn again,
 * CPUs are close or far as asked for; and whatever the knobs, each instance is reset, run and counted once, and what
 * is forbidden is not seen.
 */
#include "machine/machine.h"
#include "run/compile.h"
#include "run/parts.h"
#include "run/toolchain.h"

#include <criterion/criterion.h>

#include <stdlib.h>
#include <string.h>

static struct litmus_test *parse(const char *text)
{
    struct litmus_error error;
    struct litmus_test *test = litmus_parse(text, strlen(text), &error);
    cr_assert_not_null(test, "%u:%u: %s", error.place.line, error.place.column, error.text);
    return test;
}

#define THREE_LOCATIONS                                           \
    "C t\n{}\n"                                                   \
    "P0 (atomic_int* x, atomic_int* y, atomic_int* z) { "         \
    "atomic_store(x, 1); int r0 = atomic_load(y); *z = 1; }\n"    \
    "P1 (atomic_int* x, atomic_int* y) { atomic_store(y, 1); }\n" \
    "exists (0:r0=0)\n"

/* A run that is not run. */
struct still {
    struct shared shared;
    struct engine_options options;
    struct litmus_code code;
    unsigned cpu[8];
};

static void hold(struct still *still, struct litmus_test *test, const char *knobs)
{
    char problem[300];
    memset(still, 0, sizeof *still);
    for (unsigned i = 0; i < 8; ++i) {
        still->cpu[i] = i;
    }
    still->options.knobs = knobs_default(LITMUS_ARRAY);
    still->options.cpu = still->cpu;
    still->options.cpu_count = 8;
    cr_assert(knobs_read(knobs, &still->options.knobs, problem, sizeof problem), "%s", problem);
    still->code.mode = still->options.knobs.engine;
    still->shared.test = test;
    still->shared.code = &still->code;
    still->shared.options = &still->options;
    still->shared.knobs = &still->options.knobs;
    still->shared.workers = test->thread_count;
    litmus_uses(test, still->shared.loads, still->shared.stores);
    cr_assert_null(layout_take(&still->shared));
}

/* Each location of each instance has its own bytes, inside the memory. */
static void expect_apart(const struct shared *shared, const struct litmus_batch *batch)
{
    const size_t cells = shared->memory_size / sizeof(int32_t);
    unsigned char *taken = calloc(cells, 1);
    cr_assert_not_null(taken);
    for (unsigned l = 0; l < shared->test->location_count; ++l) {
        for (size_t i = 0; i < batch->count; ++i) {
            const size_t at = (size_t)(batch->memory - shared->memory) % shared->memory_size +
                              l * batch->plane + i * batch->stride;
            cr_assert_eq(at % sizeof(int32_t), 0);
            cr_assert_lt(at / sizeof(int32_t), cells, "beyond the memory");
            cr_assert_eq(taken[at / sizeof(int32_t)], 0, "location %u of %zu is another's", l, i);
            taken[at / sizeof(int32_t)] = 1;
        }
    }
    free(taken);
}

Test(litmus_engine, instances_do_not_overlap)
{
    static const char *const knobs[] = {
        "engine=array",
        "padded=no",
        "padded=no,stride=3",
        "stride=17,size=100",
        "size=1",
        "engine=threads,size=16",
        "engine=threads,size=1,padded=no",
        "engine=threads,padded=no,size=40",
        "engine=threads,padded=no,size=33,stride=20",
        "sync=none,size=100",
        "shuffle=yes",
        "shuffle=yes,padded=no",
        "shuffle=yes,padded=no,sync=none,size=100",
        "engine=threads,size=7,sync=none,padded=no",
    };
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct still still;
    struct plan plan;
    for (size_t k = 0; k < sizeof knobs / sizeof *knobs; ++k) {
        unsigned kinds = 0;
        hold(&still, test, knobs[k]);
        const uint64_t step = still.code.mode == LITMUS_THREADS ? 1 : 64;
        for (uint64_t n = 0; n < 100 * step; n += step) {
            plan_make(&still.shared, n, &plan);
            expect_apart(&still.shared, &plan.batch);
            kinds |= 1u << plan.lines;
        }
        if (still.code.mode == LITMUS_THREADS) {
            cr_assert_eq(kinds, still.options.knobs.padded ? 7u : 31u, "%s: %x", knobs[k], kinds);
        }
        layout_free(&still.shared);
    }
    litmus_free(test);
}

Test(litmus_engine, an_order_is_a_permutation)
{
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct still still, other;
    hold(&still, test, "shuffle=yes,size=1000,seed=7");
    hold(&other, test, "shuffle=yes,size=1000,seed=8");
    for (uint64_t n = 0; n < ORDERS; ++n) {
        struct plan plan, moved;
        unsigned char seen[1000] = {0};
        size_t in_place = 0;
        plan_make(&still.shared, n, &plan);
        plan_make(&other.shared, n, &moved);
        for (size_t i = 0; i < 1000; ++i) {
            cr_assert_lt(plan.batch.order[i], 1000);
            cr_assert_eq(seen[plan.batch.order[i]]++, 0);
            in_place += plan.batch.order[i] == i;
        }
        cr_assert_lt(in_place, 20, "hardly shuffled");
        cr_assert_neq(memcmp(plan.batch.order, moved.batch.order, 1000 * sizeof(uint32_t)), 0);
    }
    layout_free(&still.shared);
    layout_free(&other.shared);
    litmus_free(test);
}

/* The same seed, the same plans; another, others. */
Test(litmus_engine, chance_can_be_repeated)
{
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct still one, same, other;
    unsigned differ = 0, steps_differ = 0;
    hold(&one, test, "engine=threads,cache=random,place=random,seed=5");
    hold(&same, test, "engine=threads,cache=random,place=random,seed=5");
    hold(&other, test, "engine=threads,cache=random,place=random,seed=6");
    for (uint64_t n = 0; n < 200; ++n) {
        struct plan a, b, c;
        plan_make(&one.shared, n, &a);
        plan_make(&same.shared, n, &b);
        plan_make(&other.shared, n, &c);
        cr_assert_eq(a.batch.plane, b.batch.plane);
        cr_assert_eq(a.batch.stride, b.batch.stride);
        cr_assert_eq(a.batch.memory - one.shared.memory, b.batch.memory - same.shared.memory);
        cr_assert_eq(a.by_loader, b.by_loader);
        cr_assert_eq(a.player[0], b.player[0]);
        differ += a.batch.plane != c.batch.plane || a.player[0] != c.player[0];
        for (unsigned l = 0; l < 2; ++l) {
            cr_assert_eq(cache_step_of(&one.shared, n, 0, l), cache_step_of(&same.shared, n, 0, l));
            steps_differ +=
                cache_step_of(&one.shared, n, 0, l) != cache_step_of(&other.shared, n, 0, l);
        }
        for (unsigned w = 0; w < 2; ++w) {
            cr_assert_eq(place_cpu(&one.shared, w, n << 20), place_cpu(&same.shared, w, n << 20));
        }
    }
    cr_assert_gt(differ, 50);
    cr_assert_gt(steps_differ, 50);
    layout_free(&one.shared);
    layout_free(&same.shared);
    layout_free(&other.shared);
    litmus_free(test);
}

/* Two packages of two cores of two hardware threads. */
static unsigned far_between(struct still *still, uint64_t n)
{
    static const struct machine_cpu cpus[] = {
        {0, 0, 0, 0, 3, 0, 0}, {1, 1, 0, 0, 3, 0, 0}, {2, 2, 0, 1, 3, 1, 1}, {3, 3, 0, 1, 3, 1, 1},
        {4, 0, 1, 0, 3, 0, 0}, {5, 1, 1, 0, 3, 0, 0}, {6, 2, 1, 1, 3, 1, 1}, {7, 3, 1, 1, 3, 1, 1}};
    const unsigned a = place_cpu(&still->shared, 0, n), b = place_cpu(&still->shared, 1, n);
    cr_assert_neq(a, b);
    return machine_distance(&cpus[a], &cpus[b]);
}

Test(litmus_engine, close_and_spread)
{
    struct machine_cpu cpus[] = {
        {0, 0, 0, 0, 3, 0, 0}, {1, 1, 0, 0, 3, 0, 0}, {2, 2, 0, 1, 3, 1, 1}, {3, 3, 0, 1, 3, 1, 1},
        {4, 0, 1, 0, 3, 0, 0}, {5, 1, 1, 0, 3, 0, 0}, {6, 2, 1, 1, 3, 1, 1}, {7, 3, 1, 1, 3, 1, 1}};
    const struct machine machine = {.cpu = cpus, .cpu_count = 8};
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct still order, close, spread, random;
    unsigned distances = 0;
    hold(&order, test, "place=order");
    hold(&close, test, "place=close");
    hold(&spread, test, "place=spread");
    hold(&random, test, "place=random");
    close.options.machine = spread.options.machine = random.options.machine = &machine;
    for (uint64_t n = 0; n < 1 << 20; n += 1 << 12) {
        cr_assert_eq(place_cpu(&order.shared, 0, n), 0);
        cr_assert_eq(place_cpu(&order.shared, 1, n), 1);
        cr_assert_eq(far_between(&close, n), MACHINE_SAME_CORE);
        cr_assert_eq(far_between(&spread, n), MACHINE_OTHER_PACKAGE);
        distances |= 1u << far_between(&random, n);
    }
    cr_assert_eq(distances,
                 1u << MACHINE_SAME_CORE | 1u << MACHINE_OTHER_CORE | 1u << MACHINE_OTHER_PACKAGE);
    layout_free(&order.shared);
    layout_free(&close.shared);
    layout_free(&spread.shared);
    layout_free(&random.shared);
    litmus_free(test);
}

static void run_with(const struct litmus_test *test, const struct litmus_code *code,
                     const char *text, uint64_t nanoseconds, const atomic_int *stop)
{
    struct machine machine;
    struct engine_result result;
    char problem[512];
    unsigned cpu[2];
    uint64_t sum = 0;
    cr_assert_eq(machine_read(&machine), 0);
    cpu[0] = machine.cpu[0].os;
    cpu[1] = machine.cpu[machine.cpu_count - 1].os;
    struct engine_options options = {.nanoseconds = nanoseconds,
                                     .knobs = knobs_default(LITMUS_ARRAY),
                                     .cpu = cpu,
                                     .cpu_count = machine.cpu_count > 1 ? 2 : 1,
                                     .machine = &machine,
                                     .stop = stop};
    cr_assert(knobs_read(text, &options.knobs, problem, sizeof problem), "%s", problem);
    if (!engine_can(&options.knobs, problem, sizeof problem)) {
        machine_free(&machine);
        return; /* not this processor */
    }
    cr_assert(engine_run(test, code, &options, &result, problem, sizeof problem), "%s: %s", text,
              problem);
    for (size_t i = 0; i < result.outcomes.count; ++i) {
        sum += result.outcomes.seen[i];
    }
    cr_assert_gt(result.total, 0, "%s", text);
    cr_assert_eq(sum, result.total, "%s of %s: %zu counted of %zu", text, test->name, (size_t)sum,
                 (size_t)result.total);
    cr_assert_eq(outcome_tally(test, &result.outcomes).weak, 0, "%s: what %s forbids was seen",
                 text, test->name);
    cr_assert_leq(result.workers, options.cpu_count);
    outcome_free(&result.outcomes);
    machine_free(&machine);
}

/* All of these are forbidden; the first by nothing but that instances start afresh. */
static const char *const forbidden[] = {
    "C fresh\n{ y=5; }\n"
    "P0 (atomic_int* x, atomic_int* y) { int r0 = atomic_fetch_add_explicit(x, 1, "
    "memory_order_relaxed); int r1 = atomic_load_explicit(y, memory_order_relaxed); }\n"
    "P1 (atomic_int* x) { int r0 = atomic_fetch_add_explicit(x, 1, memory_order_relaxed); }\n"
    "forall (x=2 /\\ y=5 /\\ 0:r1=5 /\\ (0:r0=0 /\\ 1:r0=1 \\/ 0:r0=1 /\\ 1:r0=0))\n",
    "C SB\n{}\n"
    "P0 (atomic_int* x, atomic_int* y) { atomic_store(x, 1); int r = atomic_load(y); }\n"
    "P1 (atomic_int* x, atomic_int* y) { atomic_store(y, 1); int r = atomic_load(x); }\n"
    "exists (0:r=0 /\\ 1:r=0)\n",
    "C IRIW\n{}\n"
    "P0 (atomic_int* x) { atomic_store(x, 1); }\n"
    "P1 (atomic_int* y) { atomic_store(y, 1); }\n"
    "P2 (atomic_int* x, atomic_int* y) { int r0 = atomic_load(x); int r1 = atomic_load(y); }\n"
    "P3 (atomic_int* x, atomic_int* y) { int r0 = atomic_load(y); int r1 = atomic_load(x); }\n"
    "exists (2:r0=1 /\\ 2:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)\n",
};

static const char *const settings[] = {
    "engine=array",
    "size=1",
    "size=3000,stride=16",
    "padded=no",
    "shuffle=yes",
    "sync=timebase",
    "sync=none",
    "sync=none,size=7,shuffle=yes,padded=no",
    "cache=split",
    "cache=evict",
    "cache=touch",
    "cache=random,sync=none",
    "place=random",
    "place=close",
    "place=spread",
    "skew=20",
    "skew=20,sync=timebase,size=64",
    "memory-enemies=1",
    "launch-enemies=1",
    "engine=threads,cache=random,padded=no,place=random",
    "engine=threads,sync=timebase,size=16,cache=random,padded=no",
    "engine=threads,sync=none,size=5,shuffle=yes,cache=touch,skew=9,place=random",
};

Test(litmus_engine, no_knob_shows_what_is_forbidden)
{
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    for (size_t t = 0; t < sizeof forbidden / sizeof *forbidden; ++t) {
        struct litmus_test *test = parse(forbidden[t]);
        struct litmus_code code;
        char problem[512];
        cr_assert(litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem),
                  "%s", problem);
        for (size_t k = 0; k < sizeof settings / sizeof *settings; ++k) {
            code.mode =
                strncmp(settings[k], "engine=threads", 14) == 0 ? LITMUS_THREADS : LITMUS_ARRAY;
            run_with(test, &code, settings[k], 10000000, NULL);
        }
        litmus_unload(&code);
        litmus_free(test);
    }
}

/* x86 never shows these, and a thread that looks into the store buffer of another, whose CPU it shares, would. */
#if defined(__x86_64__)
Test(litmus_engine, threads_that_share_a_cpu_do_not_see_its_buffer)
{
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    struct litmus_test *test =
        parse("C IRIW\n{}\n"
              "P0 (volatile atomic_int* x) { atomic_store_explicit(x, 1, memory_order_relaxed); }\n"
              "P1 (volatile atomic_int* y) { atomic_store_explicit(y, 1, memory_order_relaxed); }\n"
              "P2 (volatile atomic_int* x, volatile atomic_int* y) {\n"
              "  int r0 = atomic_load_explicit(x, memory_order_acquire);\n"
              "  int r1 = atomic_load_explicit(y, memory_order_acquire); }\n"
              "P3 (volatile atomic_int* x, volatile atomic_int* y) {\n"
              "  int r0 = atomic_load_explicit(y, memory_order_acquire);\n"
              "  int r1 = atomic_load_explicit(x, memory_order_acquire); }\n"
              "exists (2:r0=1 /\\ 2:r1=0 /\\ 3:r0=1 /\\ 3:r1=0)\n");
    struct litmus_code code;
    char problem[512];
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    cr_assert(litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem), "%s",
              problem);
    run_with(test, &code, "stride=16,size=64", 300000000, NULL);
    litmus_unload(&code);
    litmus_free(test);
}
#endif

/* Enemies go when the test does, also if it is told to stop. */
Test(litmus_engine, enemies_end)
{
    static const atomic_int stop = 1;
    const struct compiler compiler = {.command = toolchain_find(NULL)};
    struct litmus_test *test = parse(forbidden[0]);
    struct litmus_code code;
    char problem[512];
    if (compiler.command == NULL) {
        cr_skip("no compiler");
    }
    cr_assert(litmus_compile(&compiler, test, LITMUS_ARRAY, &code, problem, sizeof problem), "%s",
              problem);
    run_with(test, &code, "memory-enemies=3,launch-enemies=2", UINT64_C(60000000000), &stop);
    litmus_unload(&code);
    litmus_free(test);
}

Test(litmus_engine, too_much_memory_is_refused)
{
    struct litmus_test *test = parse(THREE_LOCATIONS);
    const unsigned cpu = 0;
    struct engine_options options = {
        .nanoseconds = 1, .knobs = knobs_default(LITMUS_ARRAY), .cpu = &cpu, .cpu_count = 1};
    const struct litmus_code code = {.mode = LITMUS_ARRAY};
    struct engine_result result;
    char problem[512];
    options.knobs.size = 1000000;
    options.knobs.stride = 1024;
    cr_assert_not(engine_run(test, &code, &options, &result, problem, sizeof problem));
    cr_assert_not_null(strstr(problem, "GiB"), "%s", problem);
    litmus_free(test);
}

/* A run that is not run, in blocks. */
static void hold_paced(struct still *still, struct litmus_test *test, struct worker *workers)
{
    hold(still, test, "engine=array");
    still->shared.worker = workers;
    memset(workers, 0, test->thread_count * sizeof *workers);
    pace_start(&still->shared);
    if (!still->shared.paced) {
        layout_free(&still->shared);
        litmus_free(test);
        cr_skip("no clock to keep a pace by");
    }
}

Test(litmus_engine, the_pace_follows_who_is_late)
{
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct worker workers[2];
    struct still still;
    struct plan plan;
    hold_paced(&still, test, workers);
    plan_make(&still.shared, 0, &plan);
    cr_assert_gt(plan.block, 0);
    uint32_t *pace16 = &still.shared.pace16[plan.kind];
    const uint32_t first = *pace16;
    workers[1].late = (uint32_t)(plan.batch.count / plan.block);
    pace_adjust(&still.shared, &plan);
    cr_assert_gt(*pace16, first, "late, and not given more time");
    for (unsigned i = 0; i < 10000; ++i) {
        pace_adjust(&still.shared, &plan);
    }
    const uint32_t slowest = *pace16;
    pace_adjust(&still.shared, &plan);
    cr_assert_eq(*pace16, slowest, "no bound");
    workers[1].late = 0;
    pace_adjust(&still.shared, &plan);
    cr_assert_lt(*pace16, slowest, "in time, and still so slow");
    for (unsigned i = 0; i < 10000; ++i) {
        pace_adjust(&still.shared, &plan);
        cr_assert_gt(*pace16, 0);
    }
    layout_free(&still.shared);
    litmus_free(test);
}

/* What shows most gets most rounds, and the others still get theirs. */
Test(litmus_engine, the_favourite_is_found_and_not_all_there_is)
{
    enum { BATCHES = 64 * 4 * PACES * 3, GOOD = 5 };
    struct litmus_test *test = parse(THREE_LOCATIONS);
    struct worker workers[2];
    struct still still;
    uint64_t late[PACES] = {0};
    hold_paced(&still, test, workers);
    for (uint64_t n = 0; n < BATCHES; ++n) {
        struct plan plan;
        plan_make(&still.shared, n, &plan);
        late[plan.kind] += n >= BATCHES / 3;
        if (plan_ends_round(&still.shared, n)) {
            workers[n / 64 % 2].weak += plan.kind == GOOD ? 1000 : 0;
            plan_favour(&still.shared, &plan);
        }
    }
    for (unsigned kind = 0; kind < PACES; ++kind) {
        cr_assert_gt(late[kind], 0, "%u is never run any more", kind);
    }
    cr_assert_gt(late[GOOD], BATCHES * 2 / 3 * 7 / 10, "%zu of %zu", (size_t)late[GOOD],
                 (size_t)BATCHES * 2 / 3);
    layout_free(&still.shared);
    litmus_free(test);
}
