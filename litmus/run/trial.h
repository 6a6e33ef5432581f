/* trial.h - one test on this machine, run in slices, each with knobs of its own; all that they count adds up. */
#ifndef CORDON_LITMUS_RUN_TRIAL_H
#define CORDON_LITMUS_RUN_TRIAL_H

#include "campaign.h"
#include "engine.h"
#include "tune.h"

enum { TRIAL_MODES = LITMUS_PERPETUAL_ALL + 1 };

/* What a slice in which something sought was seen was run with; of several, the one that showed it soonest. */
struct trial_hit {
    bool any;
    struct knobs knobs;
    double seconds; /* until the first: at most so long */
};

struct trial {
    const struct campaign *campaign;
    const struct litmus_test *test;
    const struct outcome_set *allowed;    /* sought is what is not in it; NULL: what is weak */
    struct litmus_code code[TRIAL_MODES]; /* once it was asked for */
    bool loaded[TRIAL_MODES];
    struct engine_result sum; /* of all slices */
    uint64_t instances;       /* of the array engine among them */
    enum litmus_mode mode;    /* what they are, taken together: the array engine's if all are */
    struct trial_hit hit;
    char problem[512]; /* why the last slice could not be run */
};

/* trial_options - how the engine is asked to run with these knobs. */
struct engine_options trial_options(const struct run_options *options, const struct knobs *knobs,
                                    uint64_t nanoseconds);

/* trial_begin - nothing is loaded yet. */
void trial_begin(struct trial *trial, const struct campaign *campaign,
                 const struct litmus_test *test);

/* trial_load - get the code that this engine runs, if it is not there yet. False, and trial->problem, if it cannot be
 * had.
 */
bool trial_load(struct trial *trial, enum litmus_mode engine);

/* trial_slice - run so long with these knobs, and add what came out to the sum, and to *score, if it is not NULL.
 * False, and trial->problem, if that cannot be done.
 */
bool trial_slice(struct trial *trial, const struct knobs *knobs, uint64_t nanoseconds,
                 struct tune_score *score);

/* trial_until_seen - run with these knobs, in slices that grow, until what is sought shows, or so long. How long
 * that took, or a negative number. Nothing is added to the sum.
 */
double trial_until_seen(struct trial *trial, const struct knobs *knobs, uint64_t nanoseconds);

/* trial_lost - the exit status, if a thread of a test has come to where it cannot be brought back from: then no test
 * can run any more, what its threads use stays, and all that is left is to tell what was measured. Else 0.
 */
int trial_lost(void);

/* trial_end - unload; the sum stays, and whoever took its outcomes frees them. */
void trial_end(struct trial *trial);

#endif
