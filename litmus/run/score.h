/* score.h - the mutation score: could this run have seen a violation?
 *
 * That a forbidden outcome was not seen says little by itself: perhaps the threads never met. So it is asked of the
 * test's mutants (gen/mutate.h), which are nearly the same, and whose outcome this machine allows: on how many of
 * them was it seen, here, with the knobs of this run? One that was is killed; the score is the share of the
 * killed ones (R. Levine and others, "MC Mutants", ASPLOS 2023).
 *
 * Mutants of several tests may be the same, and may be tests of the run themselves: each is run once. That one is
 * killed, whoever's knobs did it, counts for all.
 */
#ifndef CORDON_LITMUS_RUN_SCORE_H
#define CORDON_LITMUS_RUN_SCORE_H

#include "parse/test.h"

struct score; /* what is known of tests and mutants, by their structure */

struct score_count {
    size_t killed, run, all; /* all: that this machine allows, run or not */
};

/* score_new - knows nothing. NULL: no memory. */
struct score *score_new(bool on_x86);
void score_free(struct score *score);

/* score_note - a test of the run: has it shown its outcome? Knows nothing of what is not in C. */
void score_note(struct score *score, const struct litmus_test *test, bool seen);

/* Runs a mutant; *seen: has it shown its outcome? False if it could not be run. */
typedef bool score_run(void *context, const struct litmus_test *mutant, bool *seen);

/* score_mutants - make the mutants of a test whose outcome is forbidden, and run those of which nothing is
 * known, unless `run` is NULL. `run` is asked for each. Called again of the same test, it counts anew.
 */
struct score_count score_mutants(struct score *score, struct litmus_test *test, score_run *run,
                                 void *context);

/* score_relatives - the first mutants of a test whose outcome is forbidden, at most so many, for litmus_free. How
 * many there are.
 */
unsigned score_relatives(const struct score *score, struct litmus_test *test,
                         struct litmus_test **mutant, unsigned most);

/* score_total - of all mutants that were made, each once. */
struct score_count score_total(const struct score *score);

#endif
