/* contest.h - the parts of bench_litmus. */
#ifndef CORDON_BENCH_LITMUS_CONTEST_H
#define CORDON_BENCH_LITMUS_CONTEST_H

#include "classic.h"
#include "stats.h"

#include "machine/machine.h"
#include "run/batch.h"
#include "run/compile.h"
#include "run/engine.h"

/* What is compared. The perpetual engine has two rows: its frames, and those without an iteration in common. */
enum method { CLASSIC, ARRAY, THREADS, PERPETUAL, DISTINCT, METHODS };

enum { MOST_REPETITIONS = 99 };

struct samples {
    bool measured;
    double instances[MOST_REPETITIONS], weak[MOST_REPETITIONS]; /* in a second */
};

struct row {
    const struct classic_shape *shape;
    bool forbidden;      /* this machine must not show the weak outcome, */
    bool forbidden_seen; /* and did */
    unsigned workers;    /* threads that played the test's */
    struct classic_setting setting;
    struct samples of[METHODS];
};

struct contest {
    const char *catalogue; /* a directory */
    struct compiler compiler;
    struct machine machine;
    unsigned cpu[CLASSIC_MOST_THREADS];
    size_t cpus;
    uint64_t slice; /* ns that each measurement takes */
    unsigned repetitions;
    struct row row[CLASSIC_SHAPES];
    unsigned rows;
};

/* contest_measure - the next row; false, and *problem, if it could not. */
bool contest_measure(struct contest *contest, const struct classic_shape *shape, char *problem,
                     size_t size);

void contest_print(FILE *stream, const struct contest *contest);
bool contest_write(const char *path, const struct contest *contest);

#endif
