/* effect.h - the litmus tests that show what a fence buys, as emit.c writes them.
 *
 * Each shape of the catalogue is there with each of these in the place of its fences. They are the very
 * macros and functions that kernels.c times.
 */
#ifndef CORDON_BENCH_EFFECT_H
#define CORDON_BENCH_EFFECT_H

#include "run/batch.h"

#include <cordon/fence.h>

#define EFFECT_FENCES(X)                 \
    X(compiler, cordon_fence_compiler()) \
    X(acq_rel, cordon_fence_acq_rel())   \
    X(full, cordon_fence_full())         \
    X(light, cordon_fence_light())       \
    X(heavy, (void)cordon_fence_heavy())

#define EFFECT_NUMBER_(name, call) EFFECT_##name,
enum effect_fence { EFFECT_FENCES(EFFECT_NUMBER_) EFFECT_FENCE_COUNT };

struct effect_code {
    litmus_thread_code *const *threads;
    litmus_reset_code *reset;
    litmus_count_code *count;
};

struct effect_shape {
    const char *name; /* "SB" */
    const char *text; /* the test, as the catalogue has it */
    struct effect_code code[EFFECT_FENCE_COUNT];
};

extern const struct effect_shape effect_shapes[];

#endif
