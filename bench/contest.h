/* contest.h - several candidates measured against each other under the same conditions.
 *
 * One repetition takes one block of every candidate, in a new random order; so what changes slowly
 * (frequency, temperature, neighbours) hits all of them alike, and candidates are compared within each
 * repetition, not by figures taken minutes apart.
 */
#ifndef CORDON_BENCH_CONTEST_H
#define CORDON_BENCH_CONTEST_H

#include "stats.h"

/* The time that all contests of a run share, for what progress says. */
struct contest_plan {
    uint64_t time;        /* ns, for all of them */
    unsigned parts, part; /* contests, and how many were begun */
    uint64_t started;     /* set by the first contest */
    struct stats_random random;
    unsigned long blocks, repeated; /* measured; those that gave nothing and were done again */
};

/* One candidate's samples, one for each repetition that was completed; NAN: no block of it was good. */
struct contest_entry {
    double *sample;
    unsigned good;                  /* samples that are numbers */
    struct stats_interval interval; /* of their median; not filled in while good < CONTEST_LEAST */
};

#define CONTEST_LEAST 3

struct contest {
    unsigned candidates;
    unsigned repetitions; /* at most */
    unsigned least;       /* of them, however long it takes; CONTEST_LEAST or more */
    uint64_t time;        /* ns, for this contest */
    unsigned done;        /* repetitions */
    struct contest_entry *entry;
};

/* contest_block - measure one candidate once, for about so many ns. False: disturbed, try again (it is
 * asked a few times at most). The figure is more than zero; its unit is the caller's.
 */
typedef bool contest_block(void *context, unsigned candidate, uint64_t ns, double *figure);

/* contest_run - measure until the repetitions are made or the time is up, or the program is
 * interrupted; then the intervals are filled in. `block` ns are asked for each block, after one that is
 * not counted; `what` is for the progress line.
 */
void contest_run(struct contest *contest, struct contest_plan *plan, contest_block *measure,
                 void *context, uint64_t block, const char *what);

/* contest_analyse - fill in the intervals from the samples: contest_run does it; so may who computes
 * samples from those of a contest.
 */
void contest_analyse(struct contest *contest);

/* contest_has - has the candidate enough samples to be spoken of? */
bool contest_has(const struct contest *contest, unsigned candidate);

/* contest_ratio - figure of a over figure of b, within each repetition: the median of the ratios, and
 * its interval. False if there are too few.
 */
bool contest_ratio(const struct contest *contest, unsigned a, unsigned b,
                   struct stats_interval *ratio);

/* contest_differ - does the ratio lie on one side of 1, interval and all? */
bool contest_differ(struct stats_interval ratio);

/* contest_free - the samples. */
void contest_free(struct contest *contest);

#endif
