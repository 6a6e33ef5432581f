/* outcome.h - what came out of a test: how often each final state was seen, what that says about
 * the test's condition, and the verdict.
 *
 * Silicon, simulator and explorer all fill in an outcome set; what is said about one is written
 * here, once. A state is one int for each of the test's observed registers and locations, in that
 * order. The states that the condition singles out are called weak: those that satisfy an exists
 * or a ~exists, those that contradict a forall. (litmus7 marks the same ones with a star.)
 */
#ifndef CORDON_LITMUS_OUTCOME_H
#define CORDON_LITMUS_OUTCOME_H

#include "parse/test.h"

struct outcome_set {
    unsigned columns;
    size_t count, room;
    int64_t *values; /* count states of `columns` each, sorted by the last column, then on down */
    uint64_t *seen;
};

/* outcome_init - an empty set over so many observed things. */
void outcome_init(struct outcome_set *set, unsigned columns);
void outcome_free(struct outcome_set *set);

/* outcome_add - so many more sightings of a state. False: out of memory. */
bool outcome_add(struct outcome_set *set, const int64_t *state, uint64_t seen);

/* outcome_merge - add all of `from`. False: out of memory. */
bool outcome_merge(struct outcome_set *set, const struct outcome_set *from);

/* outcome_has - is the state in the set? */
bool outcome_has(const struct outcome_set *set, const int64_t *state);

/* outcome_is_weak - does the condition single this state out? */
bool outcome_is_weak(const struct litmus_test *test, const int64_t *state);

struct outcome_tally {
    uint64_t weak, other;
};
struct outcome_tally outcome_tally(const struct litmus_test *test, const struct outcome_set *set);

/* outcome_print - the text of litmus7: from "Test NAME Allowed" to "Time NAME 1.00".
 * Its Hash line is left out: it names a test by digesting litmus7's own normal form.
 */
void outcome_print(FILE *stream, const struct litmus_test *test, const struct outcome_set *set,
                   double seconds);

/* outcome_print_state - "0:r0=1; [x]=2;" */
void outcome_print_state(FILE *stream, const struct litmus_test *test, const int64_t *state);

enum verdict {
    VERDICT_NONE, /* the test's file says nothing */
    VERDICT_ALLOWED_SEEN,
    VERDICT_ALLOWED_NOT_SEEN,
    VERDICT_FORBIDDEN_NOT_SEEN,
    VERDICT_VIOLATION,     /* seen, and C11 forbids it; of instructions, their processor's model */
    VERDICT_VIOLATION_TSO, /* seen on x86, and x86-TSO forbids it though C11 would not */
    VERDICT_VIOLATION_LOG, /* a state was seen that the reference log has not */
};

/* outcome_verdict - by the test's info lines C11=allowed|forbidden and TSO=allowed|forbidden.
 * TSO counts where the code ran on x86. A file that tells only TSO is judged by it there. Instructions are
 * judged by their processor's model: TSO, AArch64 or RVWMO.
 */
enum verdict outcome_verdict(const struct litmus_test *test, struct outcome_tally tally,
                             bool on_x86);

/* outcome_verdict_by - the same by a reference: the states that may be seen. */
enum verdict outcome_verdict_by(const struct litmus_test *test, const struct outcome_set *seen,
                                const struct outcome_set *allowed);

/* verdict_name - "allowed, seen" and so on. */
const char *verdict_name(enum verdict verdict);

/* verdict_is_violation - does it fail the run? */
bool verdict_is_violation(enum verdict verdict);

#endif
