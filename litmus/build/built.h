/* built.h - a suite that is compiled into the executable that runs it.
 *
 * `cordon-litmus build` writes the catalogue (catalogue.h), which then holds the suite, and what is below, and links them
 * with the sources of the command run. built.c stands there in the place of compile.c, and answers from this table.
 */
#ifndef CORDON_LITMUS_BUILT_H
#define CORDON_LITMUS_BUILT_H

#include "run/batch.h"

/* How a built suite's code is compiled; what links it is -static. */
#define BUILT_FLAGS "-std=c11 -O2 -fwrapv -pthread -w"

/* The kinds of code that a test can have: those of LITMUS_ARRAY, LITMUS_PERPETUAL and LITMUS_PERPETUAL_ALL. */
enum { BUILT_KINDS = LITMUS_PERPETUAL_ALL + 1 };

struct built_test {
    struct {
        litmus_thread_code *const *threads; /* NULL: the test has none of this kind */
        litmus_reset_code *reset;
        litmus_count_code *count;
    } code[BUILT_KINDS];
};

extern const struct built_test built_tests[]; /* one for each entry of the catalogue */
extern const char built_command[], built_flags[], built_version[]; /* the compiler that made them */

#endif
