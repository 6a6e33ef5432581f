/* Units of litmus/run/tune: what is drawn is the same for the same seed, and the search drops what is poor. */
#include "run/tune.h"

#include <criterion/criterion.h>

#include <string.h>

enum { MANY = 64 };

static const struct tune_space two_cpus = {
    .engine = {LITMUS_ARRAY, LITMUS_THREADS, LITMUS_PERPETUAL},
    .engines = 3,
    .cpus = 2,
    .threads = 2};

static void draw(uint64_t seed, const struct tune_space *space, struct tune_candidate *candidate)
{
    const struct knobs first[2] = {knobs_default(LITMUS_ARRAY), {.size = 77, .seed = 3}};
    tune_draw(seed, space, first, 2, candidate, MANY);
}

/* How many of the candidates are alike, place by place. */
static unsigned alike(const struct tune_candidate *a, const struct tune_candidate *b)
{
    unsigned same = 0;
    for (unsigned i = 0; i < MANY; ++i) {
        char one[400], other[400];
        same += strcmp(knobs_write(&a[i].knobs, one, sizeof one),
                       knobs_write(&b[i].knobs, other, sizeof other)) == 0;
    }
    return same;
}

Test(tune, a_seed_is_a_sequence)
{
    struct tune_candidate a[MANY], b[MANY], c[MANY];
    draw(tune_seed(5, "SB+rlx"), &two_cpus, a);
    draw(tune_seed(5, "SB+rlx"), &two_cpus, b);
    cr_assert_eq(alike(a, b), MANY);
    draw(tune_seed(6, "SB+rlx"), &two_cpus, c);
    cr_assert_eq(alike(a, c), 2, "only those that are given are the same with another seed");
    draw(tune_seed(5, "SB+ra"), &two_cpus, c);
    cr_assert_eq(alike(a, c), 2, "nor does another test get the same");
}

/* What is drawn can be told, and read again; all that may be turned is; what may not, is not. */
Test(tune, what_is_drawn)
{
    struct tune_candidate candidate[MANY];
    struct tune_space sized = two_cpus;
    bool engine[LITMUS_THREADS + 1] = {false}, turned[7] = {false};
    draw(1, &two_cpus, candidate);
    cr_assert_eq(candidate[0].knobs.seed, 1);
    cr_assert_eq(candidate[1].knobs.size, 77);
    for (unsigned i = 2; i < MANY; ++i) {
        const struct knobs *k = &candidate[i].knobs;
        struct knobs again = knobs_default(LITMUS_ARRAY);
        char text[400], copy[400], problem[200];
        cr_assert(knobs_read(knobs_write(k, text, sizeof text), &again, problem, sizeof problem),
                  "%s", problem);
        cr_assert_str_eq(knobs_write(&again, copy, sizeof copy), text);
        cr_assert(again.padded == k->padded && again.cache == k->cache && again.place == k->place,
                  "%s: what is not named is the engine's own", text);
        again = knobs_default(LITMUS_ARRAY);
        again.seed = k->seed;
        cr_assert_str_neq(knobs_write(&again, copy, sizeof copy), text, "nothing is turned");
        engine[k->engine] = true;
        turned[0] |= k->size != 0;
        turned[1] |= k->stride != 0;
        turned[2] |= k->sync != SYNC_BARRIER;
        turned[3] |= k->cache == CACHE_SPLIT;
        turned[4] |= k->place == PLACE_CLOSE;
        turned[5] |= k->skew != 0;
        turned[6] |= k->memory_enemies != 0;
        cr_assert(!litmus_counts_frames(k->engine) || (k->stride == 0 && k->sync == SYNC_BARRIER));
    }
    cr_assert(engine[LITMUS_ARRAY] && engine[LITMUS_THREADS] && engine[LITMUS_PERPETUAL]);
    cr_assert_not(engine[LITMUS_PERPETUAL_ALL]);
    for (unsigned i = 0; i < sizeof turned / sizeof *turned; ++i) {
        cr_assert(turned[i], "knob %u is never turned", i);
    }
    sized.sized = true;
    sized.engines = 1;
    draw(1, &sized, candidate);
    for (unsigned i = 2; i < MANY; ++i) {
        cr_assert_eq(candidate[i].knobs.size, 0, "a size that was given has to stay");
        cr_assert_eq(candidate[i].knobs.engine, LITMUS_ARRAY);
    }
}

/* A machine on which a candidate's rate is told by its seed: what was asked of it. */
struct machine {
    uint64_t asked[MANY], spent[MANY]; /* how often each ran, and for how long */
    uint64_t all;
    bool forbidden; /* nothing weak: the entropy tells */
};

static bool measure(void *context, const struct knobs *knobs, uint64_t nanoseconds,
                    struct tune_score *score)
{
    struct machine *machine = context;
    const double seconds = (double)nanoseconds / 1e9;
    ++machine->asked[knobs->seed];
    machine->spent[knobs->seed] += nanoseconds;
    machine->all += nanoseconds;
    if (knobs->seed == 13) { /* it cannot be run */
        return false;
    }
    score->seconds += seconds;
    score->hits += machine->forbidden ? 0 : seconds * (double)(1000 * knobs->seed);
    score->bits += machine->forbidden ? seconds * (double)knobs->seed : 1e9;
    return true;
}

static void number(struct tune_candidate *candidate, unsigned count)
{
    memset(candidate, 0, count * sizeof *candidate);
    for (unsigned i = 0; i < count; ++i) {
        candidate[i].knobs.seed = (i * 5 + 3) % count; /* in no order */
    }
}

static void check_search(bool forbidden)
{
    struct tune_candidate candidate[16];
    struct machine machine = {.forbidden = forbidden};
    number(candidate, 16);
    cr_assert(tune_search(candidate, 16, 1600000, measure, &machine));
    cr_assert_eq(candidate[0].knobs.seed, 15, "the best wins");
    /* 16, 8, 4, 2: four rounds of the same share. */
    cr_assert_eq(machine.all, 1600000);
    cr_assert_eq(machine.asked[0], 1, "the worst runs once");
    cr_assert_eq(machine.asked[6], 1);
    cr_assert_eq(machine.asked[7], 2);
    cr_assert_eq(machine.asked[11], 3);
    cr_assert_eq(machine.asked[13], 1, "what cannot be run is dropped, however good");
    cr_assert_eq(machine.asked[15], 4);
    cr_assert_eq(machine.spent[15], 25000 + 50000 + 100000 + 200000, "each time twice as long");
}

Test(tune, the_poor_are_dropped_early)
{
    check_search(false);
}

Test(tune, without_weak_outcomes_entropy_tells)
{
    check_search(true);
}

Test(tune, odd_numbers_and_nothing_that_runs)
{
    struct tune_candidate candidate[7];
    struct machine machine = {0};
    number(candidate, 7);
    cr_assert(tune_search(candidate, 7, 700000, measure, &machine));
    cr_assert_eq(candidate[0].knobs.seed, 6);
    for (unsigned i = 0; i < 7; ++i) {
        candidate[i] = (struct tune_candidate){.knobs.seed = 13};
    }
    cr_assert_not(tune_search(candidate, 7, 700000, measure, &machine));
}

/* Those that are equally good: the first, which are the default knobs. */
Test(tune, ties)
{
    struct tune_candidate candidate[3] = {{.knobs.seed = 2}, {.knobs.seed = 2}, {.knobs.seed = 2}};
    struct machine machine = {0};
    candidate[0].knobs.size = 1;
    cr_assert(tune_search(candidate, 3, 1000, measure, &machine));
    cr_assert_eq(candidate[0].knobs.size, 1);
}

/* One weak outcome counts more than any entropy. */
Test(tune, better)
{
    const struct tune_score none = {0}, dull = {.bits = 1, .seconds = 1},
                            rich = {.bits = 9, .seconds = 1}, once = {.hits = 1, .seconds = 1},
                            often = {.hits = 1, .seconds = 0.5};
    cr_assert(tune_better(&rich, &dull) && !tune_better(&dull, &rich));
    cr_assert(tune_better(&once, &rich) && !tune_better(&rich, &once));
    cr_assert(tune_better(&often, &once));
    cr_assert(tune_better(&dull, &none) && !tune_better(&none, &dull) &&
              !tune_better(&none, &none));
}

Test(tune, bits)
{
    struct outcome_set set;
    outcome_init(&set, 1);
    cr_assert_eq(tune_bits(&set), 0);
    for (int64_t i = 0; i < 4; ++i) {
        cr_assert(outcome_add(&set, &i, 100));
    }
    cr_assert_float_eq(tune_bits(&set), 800, 1e-9, "four equal states: two bits each time");
    outcome_free(&set);
    cr_assert(outcome_add(&set, &(int64_t){7}, 1000));
    cr_assert_float_eq(tune_bits(&set), 0, 1e-9, "always the same tells nothing");
    outcome_free(&set);
}
