/* verdict.h - what became of each optimisation level, as text. */
#ifndef CORDON_CHECK_VERDICT_H
#define CORDON_CHECK_VERDICT_H

#include "check.h"
#include "options.h"
#include "supervise.h"

#include <stddef.h>

enum verdict {
    VERDICT_RIGHT,    /* every execution asked for is right */
    VERDICT_WRONG,    /* the program is wrong */
    VERDICT_NO_INPUT, /* it cannot be explored as it is */
    VERDICT_NONE,     /* something came in between */
    VERDICT_NOT_RUN
};

struct level {
    const char *name; /* "-O2" */
    char *program;    /* the shared object, or NULL */
    enum ending ending;
    struct result *result; /* NULL: not explored */
    double seconds;
};

enum verdict level_verdict(const struct level *level, const struct options *wanted);

/* level_words - the verdict in a few words: "verified", "data race", "interrupted". */
const char *level_words(const struct level *level, const struct options *wanted);

/* level_bounds - what limits the verdict: "none", "unroll 3", "part 2/3". Returns `text`. */
const char *level_bounds(const struct level *level, const struct options *wanted, char *text,
                         size_t size);

/* verdict_table - a row for each level, and what must be said besides. */
void verdict_table(const struct level *levels, const struct command *command);

/* verdict_edges - the synchronises-with edges of a level, by source line. */
void verdict_edges(const struct level *level);

#endif
