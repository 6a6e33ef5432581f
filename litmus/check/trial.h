/* trial.h - explore the program again, with other memory orders. */
#ifndef CORDON_CHECK_TRIAL_H
#define CORDON_CHECK_TRIAL_H

#include "operations.h"
#include "options.h"
#include "verdict.h"

#include <stdint.h>

/* What came of it: WRONG at one of the levels, or RIGHT at all of them; else why there is no answer. */
struct outcome {
    enum verdict verdict;
    enum finding finding; /* WRONG: what was found */
    int level;            /* which level said so, if not RIGHT */
    char words[40];       /* "data race", "verified", "timeout" */
    uint64_t executions;
};

/* Operations with other orders than they were written with, and what came of that. */
struct change {
    const struct operation *operation;
    struct orders to;
    struct outcome outcome;
};
struct changes {
    struct operations operations;
    struct change *at;
    int count;
    /* Of suggestions: */
    bool stronger; /* the program is wrong as it stands, and these cure it */
    bool found;    /* orders with which it verifies, if only those it has */
    bool minimal;  /* no operation can be a step weaker */
};
void changes_free(struct changes *changes);

/* trial - with the orders given, by operation. Of levels where that changes nothing the verdict is known
 * and taken. On a terminal it shows how far it is after `title`, if not NULL.
 */
struct outcome trial(const struct command *command, const struct level *levels,
                     const struct operations *all, const struct orders *orders, const char *title);

/* trial_strongest - with seq_cst everywhere; adds the operations that executions came by. */
struct outcome trial_strongest(const struct command *command, const struct level *levels,
                               struct operations *found, const char *title);

#endif
