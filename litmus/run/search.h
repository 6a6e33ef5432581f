/* search.h - the search for knobs, test by test; what was best for one of a shape is tried first for the next.
 *
 * Of a test whose outcome the machine allows, that is looked for. One that is forbidden is not to be seen, with
 * whatever knobs: then its mutants are run instead, as many as SEARCH_MUTANTS of them, and those knobs are best which
 * show their outcome most often (R. Levine and others, "MC Mutants", ASPLOS 2023, tune in that way). How well the
 * entropy of the test's own histogram tells what is best was tried, too: see docs/litmus.md.
 */
#ifndef CORDON_LITMUS_RUN_SEARCH_H
#define CORDON_LITMUS_RUN_SEARCH_H

#include "score.h"
#include "trial.h"

enum { SEARCH_MUTANTS = 2 };

struct search;

/* search_new - nothing is known yet. For so many tests; NULL: no memory. */
struct search *search_new(size_t tests);
void search_free(struct search *search);

/* search_fits - can this engine run the test? */
bool search_fits(const struct litmus_test *test, enum litmus_mode engine);

/* search_knobs - those to run the trial's test with: the command line's, or, if there is to be a search, what it
 * found in so many nanoseconds. `test` is the trial's. What is counted of the test goes to the trial, what was seen
 * of mutants to the score.
 */
struct knobs search_knobs(struct search *search, struct trial *trial, struct litmus_test *test,
                          struct score *score, uint64_t nanoseconds);

/* search_again - others for another round of the trial's test: what was best for some test, or, one time in four, drawn
 * at random; if there is nothing to search through, the command line's, with another seed.
 */
struct knobs search_again(const struct search *search, const struct trial *trial, uint64_t *seed);

#endif
