/* effect.c - what a fence buys: how often the outcome that it forbids is seen with it and without.
 *
 * The tests are those of the litmus catalogue, run by the array engine of `cordon-litmus run` on the pair of
 * CPUs that the costs were measured on; only what stands in the place of the fence differs. Time is cut into
 * slices, and each slice runs another test with another fence, in random order.
 */
#define _GNU_SOURCE
#include "effect.h"
#include "fences.h"
#include "cli/cli.h"
#include "run/engine.h"

#include <cordon/fence.h>

#include <string.h>

enum {
    LEAST_SLICES = 5,
    BATCH = 1024,            /* instances: where the engine shows most */
    SLOW_BATCH = 32,         /* of those that call the kernel */
    SHORTEST_SLICE = 2000000 /* ns */
};

#define SB 1u
#define R  2u
#define MP 4u
#define LB 8u

const char *const fence_shape_names[FENCE_SHAPES] = {"SB", "R", "MP", "LB"};

/* Of a load and a store in either order, which pairs it keeps in order decides what it forbids: the
 * catalogue says the same of these shapes with fences of that order (X+fences-ar, X+fences-sc).
 */
const struct fence_remedy fence_remedies[FENCE_REMEDIES] = {
    {"none", "compiler", NULL, {EFFECT_compiler, EFFECT_compiler}, 0},
    {"acq_rel", "acq_rel", NULL, {EFFECT_acq_rel, EFFECT_acq_rel}, MP | LB},
    {"full", "full", NULL, {EFFECT_full, EFFECT_full}, SB | R | MP | LB},
    {"light, light", "light", NULL, {EFFECT_light, EFFECT_light}, 0},
    {"light, heavy", "light", "heavy", {EFFECT_light, EFFECT_heavy}, SB | R | MP | LB},
};

bool fences_forbids(const struct fence_remedy *remedy, unsigned shape)
{
    /* Where membarrier is refused a light fence is a full one. */
    const bool symmetric = cordon_fence_asymmetric_probe() != CORDON_FENCE_MEMBARRIER;
    const bool light = strcmp(remedy->fence, "light") == 0;
    return (remedy->forbids & 1u << shape) != 0 || (light && symmetric);
}

bool fences_shown(const struct fence_run *run, const struct fence_remedy *remedy)
{
    return run->selected[fence_find(remedy->fence)] ||
           (remedy->partner != NULL && run->selected[fence_find(remedy->partner)]);
}

bool fences_violation(const struct fence_run *run)
{
    bool any = false;
    for (unsigned e = 0; e < run->effect_count; ++e) {
        for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
            for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
                any |=
                    fences_forbids(&fence_remedies[r], s) && run->effect[e].tally[r][s].weak != 0;
            }
        }
    }
    return any;
}

static const struct effect_shape *shape_of(unsigned shape)
{
    const struct effect_shape *found = effect_shapes;
    while (strcmp(found->name, fence_shape_names[shape]) != 0) {
        ++found;
    }
    return found;
}

static bool run_slice(const struct fence_effect *effect, const struct litmus_test *test,
                      unsigned remedy, unsigned shape, uint64_t time, struct fence_tally *tally)
{
    const struct effect_shape *tested = shape_of(shape);
    const unsigned *fence = fence_remedies[remedy].code;
    /* A thread is the same code whatever stands in the other. */
    litmus_thread_code *const threads[2] = {tested->code[fence[0]].threads[0],
                                            tested->code[fence[1]].threads[1]};
    const struct litmus_code code = {.threads = threads,
                                     .reset = tested->code[fence[0]].reset,
                                     .count = tested->code[fence[0]].count,
                                     .bits = litmus_bits(test)};
    const unsigned cpu[2] = {effect->cpu, effect->partner};
    struct knobs knobs = knobs_default(LITMUS_ARRAY);
    knobs.size = fence[1] == EFFECT_heavy ? SLOW_BATCH : BATCH;
    const struct engine_options options = {
        .nanoseconds = time, .knobs = knobs, .cpu = cpu, .cpu_count = 2, .stop = &cli_interrupted};
    struct engine_result result;
    char problem[256];
    if (!engine_run(test, &code, &options, &result, problem, sizeof problem)) {
        cli_error("%s on CPU %u and CPU %u: %s", test->name, effect->cpu, effect->partner, problem);
        return false;
    }
    tally->weak += outcome_tally(test, &result.outcomes).weak;
    tally->frames += result.total;
    if (result.total > 0) {
        tally->ns[tally->slices++] = result.seconds * 1e9 / (double)result.total;
    }
    outcome_free(&result.outcomes);
    return true;
}

int fences_effect(struct fence_run *run, struct fence_effect *effect, uint64_t time)
{
    struct litmus_test *test[FENCE_SHAPES];
    unsigned order[FENCE_REMEDIES * FENCE_SHAPES], cells = 0;
    struct stats_random random = {2};
    const uint64_t started = cordon_now();
    bool fine = true;
    char what[64];
    for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
        struct litmus_error error;
        const char *text = shape_of(s)->text;
        test[s] = litmus_parse(text, strlen(text), &error);
        if (test[s] == NULL) {
            cli_die(CLI_UNFIT, "%s: %s", fence_shape_names[s], error.text);
        }
    }
    for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
        for (unsigned s = 0; s < FENCE_SHAPES && fences_shown(run, &fence_remedies[r]); ++s) {
            order[cells++] = r * FENCE_SHAPES + s;
        }
    }
    uint64_t slice = time / cells / 8;
    slice = slice < SHORTEST_SLICE ? SHORTEST_SLICE : slice;
    for (unsigned round = 0; round < FENCE_MOST_SLICES && fine && !cli_interrupted; ++round) {
        if (round >= LEAST_SLICES && cordon_now() - started + slice * cells > time) {
            break;
        }
        snprintf(what, sizeof what, "what they buy: round %u", round + 1);
        stats_shuffle(&random, order, cells);
        for (unsigned i = 0; i < cells && fine && !cli_interrupted; ++i) {
            const unsigned r = order[i] / FENCE_SHAPES, s = order[i] % FENCE_SHAPES;
            fences_progress(run, what);
            fine = run_slice(effect, test[s], r, s, slice, &effect->tally[r][s]);
        }
    }
    for (unsigned s = 0; s < FENCE_SHAPES; ++s) {
        for (unsigned r = 0; r < FENCE_REMEDIES; ++r) {
            struct fence_tally *tally = &effect->tally[r][s];
            double scratch[FENCE_MOST_SLICES];
            if (tally->slices > 0) {
                tally->interval = stats_bootstrap(tally->ns, tally->slices, scratch);
            }
        }
        litmus_free(test[s]);
    }
    return fine ? 0 : -1;
}
