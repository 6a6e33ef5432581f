/* results.h - what a page tells of each test, from the JSON of cordon-litmus run or merge.
 *
 * The document may have been written elsewhere, or by hand: what is missing in it, or of another kind
 * than it should be, is empty here.
 */
#ifndef CORDON_LITMUS_REPORT_RESULTS_H
#define CORDON_LITMUS_REPORT_RESULTS_H

#include <jansson.h>

#include <stdbool.h>
#include <stddef.h>

/* In the order in which a reader looks for them. */
enum results_kind {
    RESULTS_VIOLATION,
    RESULTS_SEEN,      /* allowed */
    RESULTS_NOT_SEEN,  /* allowed */
    RESULTS_FORBIDDEN, /* and not seen */
    RESULTS_NO_VERDICT,
    RESULTS_NOT_RUN,
    RESULTS_KINDS
};

/* results_kinds - what each is called: "allowed, seen". */
extern const char *const results_kinds[RESULTS_KINDS];

struct results_test {
    json_t *json;
    const char *name;
    const char *form; /* what follows the family in its name; the name itself if there is none */
    const char *result, *verdict;
    enum results_kind kind;
    unsigned threads; /* 0: nobody knows */
    unsigned cpus;    /* that these had to share; 0: each had its own, as far as is known */
    double total, weak, seconds;
    double rate;     /* weak ones in a second */
    double all_rate; /* all of them in a second */
    double limit;    /* if none was seen: at 95 % there are fewer in a second; 0: nobody can say */
};

/* Tests of one shape, neighbours in the array. */
struct results_family {
    char *name;
    const struct results_test *test;
    size_t count;
    size_t kinds[RESULTS_KINDS];
};

struct results {
    json_t *document;
    struct results_test *test;
    size_t count;
    struct results_family *family;
    size_t family_count;
    size_t kinds[RESULTS_KINDS];
};

/* results_read - of a document of that schema, which has to live as long. Ends the program if memory does. */
void results_read(struct results *results, json_t *document);
void results_free(struct results *results);

/* results_text - the string at that key, or "". */
const char *results_text(json_t *object, const char *key);

/* results_info - what the test's file says at that key ("Why", "Cycle"), or "". */
const char *results_info(const struct results_test *test, const char *key);

/* results_tell - one line about a test: "SB+rlx: allowed, seen; 15846 of 491520, 761 k/s". Returns text. */
#define RESULTS_LINE 320
const char *results_tell(const struct results_test *test, char text[RESULTS_LINE]);

/* results_why_not - why it was not run. */
const char *results_why_not(const struct results *results, const struct results_test *test,
                            char text[RESULTS_LINE]);

#endif
