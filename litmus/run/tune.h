/* tune.h - which knobs show most: random search, and the poor candidates dropped early.
 *
 * Nobody knows beforehand which knobs make a test's weak outcome frequent on a machine, and the rates differ
 * by factors of hundreds. So candidates are drawn at random, from a seed; all of them run for a short time; the
 * better half goes on for twice the time, and so on until one is left (successive halving: K. Jamieson,
 * A. Talwalkar, "Non-stochastic Best Arm Identification and Hyperparameter Optimization", AISTATS 2016).
 * Each round takes the same share of the time.
 *
 * What is better is told by the weak outcomes per second (of the perpetual engine, by those without an iteration in
 * common). Where two candidates have shown none, since it is forbidden, or rare, the one is better whose histogram
 * tells more bits per second: the entropy of its states, times their rate. Threads that do not meet always leave
 * the same states, and those tell nothing.
 */
#ifndef CORDON_LITMUS_TUNE_H
#define CORDON_LITMUS_TUNE_H

#include "knobs.h"
#include "outcome/outcome.h"

/* What a candidate has shown. */
struct tune_score {
    double hits;    /* weak outcomes */
    double bits;    /* entropy of the histogram, times what it counts */
    double seconds; /* that took */
};

/* tune_bits - of what one slice counted. */
double tune_bits(const struct outcome_set *outcomes);

/* tune_better - is `a` better than `b`? What has not run is worse than all that has. */
bool tune_better(const struct tune_score *a, const struct tune_score *b);

/* What may be turned. */
struct tune_space {
    enum litmus_mode engine[8]; /* the first is that of the default knobs */
    unsigned engines;
    bool sized;    /* size is given, and stays */
    unsigned cpus; /* to run on */
    unsigned threads;
};

#define TUNE_MOST 64u

struct tune_candidate {
    struct knobs knobs;
    struct tune_score score;
};

/* tune_random - the next number of a sequence that the state, any number, determines. */
uint64_t tune_random(uint64_t *state);

/* tune_seed - where the sequence for one test begins: tests of one run get different candidates, and the same
 * again in the next.
 */
uint64_t tune_seed(uint64_t seed, const char *name);

/* tune_draw - as many candidates as there is room for. `first` are those to try before the random ones, the default
 * knobs foremost. The same arguments give the same candidates in the same order.
 */
void tune_draw(uint64_t seed, const struct tune_space *space, const struct knobs *first,
               size_t first_count, struct tune_candidate *candidate, size_t count);

/* Runs these knobs for so long and adds to the score; false if they cannot be run: then they are dropped. */
typedef bool tune_measure(void *context, const struct knobs *knobs, uint64_t nanoseconds,
                          struct tune_score *score);

/* tune_search - sort the candidates: best first. It takes about so many nanoseconds. Returns false if none
 * could be run.
 */
bool tune_search(struct tune_candidate *candidate, size_t count, uint64_t nanoseconds,
                 tune_measure *measure, void *context);

#endif
