/* fit.c - slopes and knees, robustly. */
#include "fit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    FEWEST_RUNGS = 8,
    FEWEST_ASIDE = 4, /* rungs on either side of a knee */
    RESAMPLES = 200,
    STEPS = 64, /* places at which a knee is tried */
    FINE_STEPS = 24,
    REWEIGHTS = 12,
};

double fit_slope(const double *x, const double *y, unsigned count)
{
    double slope[FIT_MOST_RUNGS * (FIT_MOST_RUNGS - 1) / 2];
    size_t slopes = 0;
    for (unsigned i = 0; i < count; ++i) {
        for (unsigned k = 0; k < i; ++k) {
            slope[slopes++] = (y[i] - y[k]) / (x[i] - x[k]);
        }
    }
    return stats_median(slope, slopes);
}

/* A line y = term[0] + term[1] * min(x, bend) + term[2] * max(0, x - bend). */
struct bent {
    double bend, term[3];
    double misses; /* the sum of absolute deviations */
};

static double at(const struct bent *line, double x)
{
    const double beyond = x > line->bend ? x - line->bend : 0;
    return line->term[0] + line->term[1] * (x - beyond) + line->term[2] * beyond;
}

/* Solve the normal equations of weighted least squares in the first `terms` terms, by elimination. They
 * are positive definite wherever points lie on both sides of the bend.
 */
static void solve(double matrix[3][4], unsigned terms, double *term)
{
    for (unsigned i = 0; i < terms; ++i) {
        for (unsigned k = i + 1; k < terms; ++k) {
            const double factor = matrix[k][i] / matrix[i][i];
            for (unsigned column = i; column < 4; ++column) {
                matrix[k][column] -= factor * matrix[i][column];
            }
        }
    }
    for (unsigned i = terms; i-- > 0;) {
        double rest = matrix[i][3];
        for (unsigned k = i + 1; k < terms; ++k) {
            rest -= matrix[i][k] * term[k];
        }
        term[i] = rest / matrix[i][i];
    }
}

/* Least absolute deviations, as least squares over and over, each point weighted by how far the line
 * missed it. With two terms it is a straight line.
 */
static void fit_bent(const double *x, const double *y, unsigned count, unsigned terms,
                     struct bent *line)
{
    double spread = 0;
    for (unsigned i = 0; i < count; ++i) {
        spread = fmax(spread, fabs(y[i] - y[0]));
    }
    const double least = spread * 1e-6 + 1e-12;
    double weight[FIT_MOST_RUNGS];
    for (unsigned i = 0; i < count; ++i) {
        weight[i] = 1;
    }
    for (unsigned round = 0; round < REWEIGHTS; ++round) {
        double matrix[3][4] = {{0}};
        for (unsigned i = 0; i < count; ++i) {
            const double beyond = terms > 2 && x[i] > line->bend ? x[i] - line->bend : 0;
            const double row[4] = {1, x[i] - beyond, beyond, y[i]};
            for (unsigned a = 0; a < terms; ++a) {
                for (unsigned b = 0; b < terms; ++b) {
                    matrix[a][b] += weight[i] * row[a] * row[b];
                }
                matrix[a][3] += weight[i] * row[a] * row[3];
            }
        }
        solve(matrix, terms, line->term);
        if (terms < 3) {
            line->term[2] = line->term[1];
        }
        const double before = line->misses;
        line->misses = 0;
        for (unsigned i = 0; i < count; ++i) {
            const double miss = fabs(y[i] - at(line, x[i]));
            line->misses += miss;
            weight[i] = 1 / fmax(miss, least);
        }
        if (round > 2 && fabs(before - line->misses) < 1e-4 * line->misses) {
            break;
        }
    }
}

static void try_bends(const double *x, const double *y, unsigned count, double first, double step,
                      unsigned steps, struct bent *best)
{
    for (unsigned i = 0; i <= steps; ++i) {
        struct bent line = {.bend = first + step * i};
        fit_bent(x, y, count, 3, &line);
        if (line.misses < best->misses) {
            *best = line;
        }
    }
}

bool fit_knee(const double *x, const double *y, unsigned count, double *knee, double *before,
              double *after)
{
    if (count < 2 * FEWEST_ASIDE) {
        return false;
    }
    struct bent straight = {0}, best = {.misses = INFINITY};
    fit_bent(x, y, count, 2, &straight);
    /* Coarsely over all, then finely about the best. */
    double first = x[FEWEST_ASIDE - 1], step = (x[count - FEWEST_ASIDE] - first) / STEPS;
    try_bends(x, y, count, first, step, STEPS, &best);
    first = fmax(first, best.bend - step);
    try_bends(x, y, count, first, 2 * step / FINE_STEPS, FINE_STEPS, &best);
    *knee = best.bend;
    *before = best.term[1];
    *after = best.term[2];
    /* Much better than without; and what can be told from a line that merely wavers. */
    return best.misses < straight.misses / 2 && *after > 3 * fabs(*before);
}

static void ascending_interval(double *values, unsigned count, struct stats_interval *interval)
{
    qsort(values, count, sizeof *values, stats_ascending);
    interval->low = values[count / 40];
    interval->high = values[count - 1 - count / 40];
}

/* The rungs' medians; resampled if `random` is there. */
static void medians(const struct fit_rung *rung, unsigned rungs, struct stats_random *random,
                    double *scratch, double y[3][FIT_MOST_RUNGS])
{
    for (unsigned i = 0; i < rungs; ++i) {
        const double *const from[3] = {rung[i].with, rung[i].without, rung[i].marginal};
        double *const to[3] = {scratch, scratch + rung[i].count, scratch + 2 * rung[i].count};
        for (unsigned k = 0; k < rung[i].count; ++k) {
            const unsigned pick = random ? stats_random_below(random, rung[i].count) : k;
            for (unsigned which = 0; which < 3; ++which) {
                to[which][k] = from[which][pick];
            }
        }
        for (unsigned which = 0; which < 3; ++which) {
            y[which][i] = stats_median(to[which], rung[i].count);
        }
    }
}

struct found {
    double drain, cost, full;
    bool knee;
};

static struct found look(const double *x, double y[3][FIT_MOST_RUNGS], unsigned rungs)
{
    struct found found;
    double before, after;
    found.drain = fit_slope(x, y[0], rungs);
    /* From where each store waits for another to leave, one more costs what it takes to leave. */
    found.knee = fit_knee(x, y[1], rungs, &found.full, &before, &after) &&
                 after > found.drain / 2 && before < found.drain / 2;
    unsigned upto = rungs;
    while (found.knee && upto > 0 && x[upto - 1] > found.full) {
        --upto;
    }
    found.cost = fit_slope(x, y[2], upto);
    return found;
}

void fit_ladder(const struct fit_rung *rung, unsigned rungs, double resolution,
                struct fit_ladder *ladder)
{
    struct stats_random random = {0};
    double x[FIT_MOST_RUNGS], y[3][FIT_MOST_RUNGS];
    double drain[RESAMPLES], cost[RESAMPLES], full[RESAMPLES];
    unsigned most = 0, knees = 0;
    memset(ladder, 0, sizeof *ladder);
    for (unsigned i = 0; i < rungs; ++i) {
        x[i] = rung[i].stores;
        most = rung[i].count > most ? rung[i].count : most;
    }
    double *scratch = rungs < FEWEST_RUNGS ? NULL : calloc(3 * (size_t)most + 1, sizeof *scratch);
    if (scratch == NULL) {
        return;
    }
    medians(rung, rungs, NULL, scratch, y);
    const struct found whole = look(x, y, rungs);
    for (unsigned i = 0; i < RESAMPLES; ++i) {
        medians(rung, rungs, &random, scratch, y);
        const struct found again = look(x, y, rungs);
        drain[i] = again.drain;
        cost[i] = again.cost;
        if (again.knee) {
            full[knees++] = again.full;
        }
    }
    free(scratch);
    ladder->fitted = true;
    ascending_interval(drain, RESAMPLES, &ladder->drain);
    ascending_interval(cost, RESAMPLES, &ladder->cost);
    ladder->drain.middle = whole.drain;
    ladder->cost.middle = whole.cost;
    const double least = resolution / (x[rungs - 1] - x[0]);
    ladder->drain_noise = stats_is_noise(ladder->drain, least);
    ladder->cost_noise = stats_is_noise(ladder->cost, least);
    /* A knee that nearly every resample has. */
    ladder->knee = whole.knee && knees >= RESAMPLES - RESAMPLES / 10;
    if (ladder->knee) {
        ascending_interval(full, knees, &ladder->full);
        ladder->full.middle = whole.full;
    }
}
