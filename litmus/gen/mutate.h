/* mutate.h - from a test whose outcome is forbidden, tests nearly the same whose outcome is allowed.
 *
 * R. Levine, M. Cho, D. McKee, A. Quinn, T. Sorensen, "MC Mutants: Evaluating and Improving Testing for
 * Memory Consistency Specifications", ASPLOS 2023: whether a campaign could have seen a violation is
 * told by whether it sees what the mutants allow. Four changes are made, each alone:
 *
 *     weaken      one order is a weaker one; the strongest that allows the outcome
 *     unfence     one fence is gone
 *     swap        two neighbouring accesses of a thread change places
 *     retarget    one access goes to another location
 */
#ifndef CORDON_LITMUS_GEN_MUTATE_H
#define CORDON_LITMUS_GEN_MUTATE_H

#include "parse/test.h"

enum mutate_model { MUTATE_C11, MUTATE_TSO };

/* mutate_each - every mutant once (what differs only in names counts as one), as a file's text, to
 * `take`. How many there were; -1 if the test's outcome is not forbidden by the model, -2 if it is not
 * judged.
 */
int mutate_each(struct litmus_test *test, enum mutate_model model,
                void (*take)(void *context, const char *name, const char *text), void *context);

#endif
