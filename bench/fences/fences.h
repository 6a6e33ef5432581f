/* fences.h - the parts of `cordon-bench fences`.
 *
 *     kernels.c   the loops that are timed: one for each fence, and two without
 *     measure.c   runs them against each other and keeps the samples
 *     report.c    the table, the sentence, the JSON
 *     command.c   the command line
 */
#ifndef CORDON_BENCH_FENCES_H
#define CORDON_BENCH_FENCES_H

#include "../clock.h"
#include "../stats.h"
#include "machine/machine.h"

#include <jansson.h>

#include <cordon/atomic.h>
#include <cordon/cpu.h>

/* Lines stored to before the fence, at most. */
#define FENCE_MOST_STORES 128

/* Memory that the loops touch, each word on a line of its own. */
struct fence_word {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) word;
};

enum fence_turn { FENCE_TURN_MEASURER, FENCE_TURN_PARTNER, FENCE_TURN_END };

/* What one run of a loop is given, and what it gives back. */
struct fence_work {
    struct fence_word turn; /* whose turn it is, where a partner takes the lines */
    struct fence_word own;  /* stored to by cordon_store_full and the plain store */
    struct fence_word read; /* loaded after the fence; nobody writes it */
    struct fence_word line[FENCE_MOST_STORES];
    CORDON_ALIGNED(CORDON_LINE) uint32_t stores; /* how many lines are stored to, each round */
    uint32_t taken; /* does the partner take the lines before each round? Then rounds are timed */
    uint64_t limit; /* ticks; a round that took longer was disturbed, and is dropped */
    uint64_t ticks; /* spent in the timed rounds */
    uint64_t kept;  /* timed rounds */
};

/* Each loop exists in so many copies that lie differently in their cache lines; samples take them
 * in turn, so that a lucky or unlucky place is part of the spread and not of the figure.
 */
#define FENCE_LAYOUTS 4

typedef void fence_kernel(struct fence_work *work, uint64_t rounds);

enum fence_kind {
    FENCE_CONTROL,        /* must read as nothing */
    FENCE_HELPER,         /* of cordon/fence.h or cordon/cpu.h */
    FENCE_REFERENCE,      /* what else could stand there */
    FENCE_FULL_REFERENCE, /* a reference that is a full fence: the full helper is compared to it */
};

struct fence {
    const char *name;
    const char *what;
    enum fence_kind kind;
    fence_kernel *with[FENCE_LAYOUTS];    /* the loop with it */
    fence_kernel *without[FENCE_LAYOUTS]; /* the same loop, a compiler barrier in its place */
    const unsigned char *begin, *end;     /* its instructions inside with[0] */
};

extern const struct fence fences[];
extern const unsigned fence_count;

/* The fence that must be no dearer than the full references. */
#define FENCE_FULL_NAME "full"

/* fence_partner - take turns with a kernel until FENCE_TURN_END, taking all its lines each time. */
void fence_partner(struct fence_work *work);

/* fence_partner_end - once no kernel runs, make the partner return. */
void fence_partner_end(struct fence_work *work);

/* Where the stores before the fence go. */
enum fence_place { FENCE_EMPTY, FENCE_OWN, FENCE_TAKEN };

/* The samples of one fence in one context: marginal cost in ns, and the two costs it is made of. */
struct fence_result {
    unsigned count; /* samples; 0 if there were too few of them to say anything */
    double *with, *without, *marginal;
    uint64_t rounds; /* per block */
    struct stats_interval interval;
    bool noise;
};

/* One context: a place, and the CPUs that take part. */
struct fence_context {
    enum fence_place place;
    unsigned cpu, partner;          /* os numbers; the partner matters for FENCE_TAKEN */
    enum machine_distance distance; /* of the two */
    bool done;                      /* measured, at least in part */
    struct fence_result *result;    /* one for each of fences[] */
    unsigned repetitions;           /* rounds over all fences that were completed */
    double resolution;              /* ns: half a core cycle, or what the controls showed */
};

#define FENCE_MOST_CONTEXTS 16

/* The whole run. */
struct fence_run {
    struct machine machine;
    struct bench_clock clock;
    const bool *selected; /* one for each of fences[] */
    unsigned stores;
    bool cycles; /* print core cycles, not ns */
    unsigned repetitions;
    uint64_t time; /* ns, for all contexts together */
    struct fence_context context[FENCE_MOST_CONTEXTS];
    unsigned context_count;
    unsigned long blocks, repeated; /* pairs of blocks timed; those done again as preempted */
};

/* fences_measure - fill in every context, or as many as fit before an interrupt.
 * Returns 0, or -1 after saying what is wrong with the environment.
 */
int fences_measure(struct fence_run *run);

/* fences_free - the samples. */
void fences_free(struct fence_run *run);

/* fences_print - the table, the instructions, the sentence about the full fence. */
void fences_print(FILE *stream, const struct fence_run *run);

/* fences_print_list - what can be measured here. */
void fences_print_list(FILE *stream);

/* fences_document - gbench_document's; NULL if there is no memory. */
json_t *fences_document(const struct fence_run *run);

/* How the full fence stands against the cheapest full reference in one context. */
struct fence_comparison {
    const struct fence *cheapest;
    struct stats_interval difference; /* full minus cheapest, ns */
    bool dearer, cheaper;             /* beyond the interval and the resolution */
};

/* fences_compare - false if one of them was not measured there. */
bool fences_compare(const struct fence_context *context, struct fence_comparison *comparison);

#endif
