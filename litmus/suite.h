/* suite.h - the tests that a command line names. */
#ifndef CORDON_LITMUS_SUITE_H
#define CORDON_LITMUS_SUITE_H

#include "catalogue.h"
#include "parse/test.h"
#include "run/client.h"

struct suite {
    struct litmus_test **test;
    struct client **client; /* of a test that is a client; else NULL */
    char **from; /* what names it on a command line: a file, a name of the catalogue, "-" */
    size_t count, room;
    unsigned refused; /* inputs that are no tests; each has been reported */
};

/* suite_read - the tests named by the arguments: files, directories (their *.litmus), clients (files
 * *.c), names in the catalogue (SB+rlx) or of a family in it (SB), "-" for standard input; without
 * arguments the whole catalogue. What cannot be read is reported in one line, and the rest is read.
 */
void suite_read(struct suite *suite, char *const *arguments, int count);
void suite_free(struct suite *suite);

/* What suite_read is made of.
 *
 * suite_add - one more, with what names it; client may be NULL.
 * suite_add_test - the test that was read from `from`, or the report of what is wrong there, if it is NULL.
 * suite_add_named - those of the catalogue that the name means; false: none.
 * suite_add_all - the whole catalogue.
 */
void suite_add(struct suite *suite, struct litmus_test *test, struct client *client,
               const char *from);
void suite_add_test(struct suite *suite, struct litmus_test *test, const char *from,
                    const struct litmus_error *error);
bool suite_add_named(struct suite *suite, const char *name);
void suite_add_all(struct suite *suite);

/* suite_entry - the first test of the catalogue that a name means, or the next one after `after`:
 * SB means SB+rlx and all others of its family, unless there is a plain SB. NULL: no more.
 */
const struct catalogue_entry *suite_entry(const char *name, const struct catalogue_entry *after);

/* suite_nearest - which name in the catalogue was probably meant, or NULL. */
const char *suite_nearest(const char *name);

/* suite_list - one line for each test: name, threads (of a client only its compiler could tell), what
 * its file says of it.
 */
void suite_list(const struct suite *suite);

#endif
