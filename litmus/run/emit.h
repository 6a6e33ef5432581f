/* emit.h - the parts of the generated code of a test that is not perpetual. */
#ifndef CORDON_LITMUS_EMIT_H
#define CORDON_LITMUS_EMIT_H

#include "batch.h"

/* emit_body - the thread's code proper, as a function P0: its parameters are the locations, then where its observed
 * registers are to be left. `wide`: these are 64 bits each, and if the thread has loops, one more tells
 * where to say that one went on for too long.
 */
void emit_body(FILE *stream, const struct litmus_test *test, unsigned thread, bool wide);

/* emit_parameters - the locations whose addresses the function gets, in order; of an array, its first element. There is
 * room for LITMUS_MOST_LOCATIONS. Returns how many.
 */
unsigned emit_parameters(const struct litmus_test *test, unsigned thread, unsigned *location);

/* emit_parameter_type - of the location, as the thread sees it. */
void emit_parameter_type(FILE *stream, const struct litmus_test *test, unsigned thread,
                         unsigned location);

/* emit_results - where the observed registers of instance i go, as arguments after those that `separator` follows;
 * returns what separates them from the next.
 */
const char *emit_results(FILE *stream, const struct litmus_test *test, unsigned thread,
                         const char *separator);

/* emit_proposition - as an expression; column c's value is what stands between `before` and `after`, as "s" c "". */
void emit_proposition(FILE *stream, const struct litmus_proposition *proposition,
                      const char *before, const char *after);

/* emit_wide - threads, reset and count of a test that has more than ints at known places. */
void emit_wide(FILE *stream, const struct litmus_test *test);

#endif
