/* report.h - what became of the tests of a run, and telling it. */
#ifndef CORDON_LITMUS_REPORT_H
#define CORDON_LITMUS_REPORT_H

#include "client.h"
#include "engine.h"
#include "knobs.h"
#include "reproducer.h"
#include "score.h"

/* What became of one test. UNFIT: not for the engine that was asked for. ELSEWHERE: for another
 * architecture. DONE: what was measured stands in the rest. */
struct report {
    const struct litmus_test *test;
    struct client *client; /* or NULL */
    enum {
        NOT_RUN,
        SKIPPED,
        UNFIT,
        ELSEWHERE,
        REFUSED,
        FAILED,
        DONE,
        INTERRUPTED,
        CRASHED,
        STUCK
    } state;
    struct outcome_set outcomes; /* empty where nothing was run */
    struct outcome_tally tally;
    double seconds;
    enum verdict verdict;
    bool by_log;                       /* is it the reference log that judges? */
    const struct outcome_set *allowed; /* then what it lists of this test; NULL: no such test */
    struct knobs knobs;                /* of the longest part of the run, if it is no client */
    enum litmus_mode mode;             /* of a client LITMUS_ARRAY */
    uint64_t instances;                /* of the array engine; the rest are frames */
    uint64_t iterations, distinct;     /* of a perpetual test, see engine.h */
    uint64_t endless;                  /* see there, too */
    char best[400];                    /* of the engine threads: see engine.h */
    unsigned workers;                  /* likewise */
    struct disturbance disturbance;
    struct score_count mutants;   /* of a test whose outcome is forbidden, and was not seen */
    struct reproducer reproducer; /* of a violation */
    char *wrong;                  /* of a client: what to say of it at the end, in lines */
};

struct report_totals {
    size_t done, violations, skipped, unfit, elsewhere, refused, failed, not_run;
};

/* report_take - what the engine gave; the outcomes are the report's from here on. */
void report_take(struct report *report, const struct engine_result *result, bool on_x86);

/* report_judge - the verdict of what was seen so far. */
enum verdict report_judge(const struct report *report, const struct outcome_set *seen, bool on_x86);

/* report_forbidden - of a violation: how often was seen what must not be. */
uint64_t report_forbidden(const struct report *report);

/* report_free - what a report holds. */
void report_free(struct report *report);

/* report_rates - outcomes, and weak ones, per second in which nobody disturbed. */
void report_rates(const struct report *report, double *all, double *weak);

/* report_is_violation - does it fail the run? */
bool report_is_violation(const struct report *report);

/* report_has_certainty - of LITMUS_PERPETUAL_ALL nothing is said: a frame has iterations in common with as many
 * others as there are; nor that what was not seen of LITMUS_PERPETUAL is rare.
 */
bool report_has_certainty(const struct report *report);

/* report_certainty - if weak outcomes were seen, how likely another such run sees one, too: 1 - e^-x for
 * x hits; else, with a certainty of 95 %, fewer than this share of instances are weak: 3/n.
 */
double report_certainty(const struct report *report);

/* report_print_result - litmus7's text, the rates, how sure one may be, the verdict. */
void report_print_result(const struct report *report);

/* report_print_reproducer - of a violation: how to see it again, if that is known. */
void report_print_reproducer(const struct report *report);

/* report_complain - what a client did wrong, in lines, into report->wrong, which is for free(). Its texts come
 * from its source: no terminal is to obey them.
 */
void report_complain(struct report *report, const struct client_result *result);

/* report_print_client - the same as report_print_result, of a client. */
void report_print_client(const struct report *report, size_t cpus);

/* report_count - how many of each kind. */
struct report_totals report_count(const struct report *reports, size_t count);

/* report_print_summary - the table of all of them, and what was violated. `mutants` are those of all tests, and `rest`
 * says what it takes to run those that were not: "" or "; ...".
 */
void report_print_summary(const struct report *reports, size_t count, size_t cpus,
                          struct score_count mutants, const char *rest);

#endif
