/* fit.h - lines through what a ladder of stores measured.
 *
 * One rung of the ladder is a loop with so many stores in it, timed with the fence and without. Against
 * the number of stores,
 *
 *     with       rises by what a store takes to leave the store buffer: each round waits for all of them
 *     without    rises by what a store takes to be issued, until the buffer is full; from there on each
 *                store waits for another to leave, so the line has a knee
 *     marginal   is their difference, the cost of the fence
 *
 * The lines are robust (Theil and Sen's median of slopes; least absolute deviations for the knee), and the
 * intervals come from resampling each rung.
 */
#ifndef CORDON_BENCH_FIT_H
#define CORDON_BENCH_FIT_H

#include "../stats.h"

#define FIT_MOST_RUNGS 32

struct fit_rung {
    double stores; /* ascending */
    unsigned count;
    const double *with, *without, *marginal; /* so many samples of each, in ns */
};

struct fit_ladder {
    bool fitted;                 /* there were rungs enough */
    struct stats_interval drain; /* ns that one more store adds to `with` */
    struct stats_interval cost;  /* and to `marginal`, up to the knee */
    bool drain_noise, cost_noise;
    bool knee;                  /* is there one? */
    struct stats_interval full; /* after how many stores */
};

/* fit_slope - Theil and Sen's: the median of the slopes between any two points; count > 1, no two at the
 * same x.
 */
double fit_slope(const double *x, const double *y, unsigned count);

/* fit_knee - where a line that bends once bends, with `before` and `after` as its slopes. False if one
 * straight line does nearly as well, or if it does not become steeper by far.
 */
bool fit_knee(const double *x, const double *y, unsigned count, double *at, double *before,
              double *after);

/* fit_ladder - all of it; rungs <= FIT_MOST_RUNGS. A slope is noise if over the whole ladder it does not
 * come to more than `resolution`, in ns.
 */
void fit_ladder(const struct fit_rung *rung, unsigned rungs, double resolution,
                struct fit_ladder *ladder);

#endif
