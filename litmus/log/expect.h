/* expect.h - a model's log as the judge of a run: what it lists of a test may be seen, and nothing else. */
#ifndef CORDON_LITMUS_EXPECT_H
#define CORDON_LITMUS_EXPECT_H

#include "outcome/outcome.h"
#include "suite.h"

struct expect {
    struct outcome_set *allowed; /* of each test of the suite */
    bool *known;                 /* is it in the log? */
    size_t count;
};

/* expect_read - from a log in herd7's form. Ends the program with one line that says what is wrong, if it is
 * none, or does not tell what a test observes.
 */
void expect_read(struct expect *expect, const char *path, const struct suite *suite);
void expect_free(struct expect *expect);

/* expect_of - the states that the i-th test of the suite may show; NULL: the log has no such test. */
const struct outcome_set *expect_of(const struct expect *expect, size_t i);

#endif
