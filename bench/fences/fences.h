/* fences.h - the parts of `cordon-bench fences`.
 *
 *     kernels.c      the loops that are timed: one for each fence and access, and one without
 *     plan.c         which loops are measured in which contexts
 *     measure.c      runs them against each other and keeps the samples
 *     crowd.c        the same loop on other CPUs at once
 *     analyse.c      medians, what is noise, the ladder's lines
 *     fit.c          slope and knee of a curve
 *     membarrier.c   what a heavy fence costs its caller and everybody else
 *     effect.c       what a fence buys: weak outcomes with and without it
 *     report.c, sections.c, json.c   what was found, for people and for programs
 *     command.c      the command line
 */
#ifndef CORDON_BENCH_FENCES_H
#define CORDON_BENCH_FENCES_H

#include "fit.h"
#include "../clock.h"
#include "../code.h"
#include "../stats.h"
#include "machine/machine.h"

#include <jansson.h>

#include <cordon/atomic.h>
#include <cordon/cpu.h>

/* Lines stored to, or loaded from, before the fence: as an option says, and in the ladder. */
#define FENCE_MOST_STORES 128
#define FENCE_MOST_LINES  160

/* Other CPUs that the lines travel to, at most. */
#define FENCE_MOST_PARTNERS 15

/* Memory that the loops touch, each word on a line of its own. */
struct fence_word {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) word;
};

enum fence_turn { FENCE_TURN_MEASURER, FENCE_TURN_PARTNER, FENCE_TURN_END };

/* What one run of a loop is given, and what it gives back. */
struct fence_work {
    struct fence_word turn; /* whose turn it is, where a partner takes the lines */
    struct fence_word own;  /* what the accesses access */
    struct fence_word zero; /* likewise, of those that compare: it stays 0 */
    struct fence_word read; /* loaded after the fence; nobody writes it */
    struct fence_word line[FENCE_MOST_LINES];
    CORDON_ALIGNED(CORDON_LINE) uint32_t stores; /* how many lines are stored to, each round */
    uint32_t loads; /* how many lines of `far` are loaded from before that */
    uint32_t taken; /* does the partner take the lines before each round? Then rounds are timed */
    const struct fence_word *far; /* far_mask + 1 lines, a power of two */
    uint64_t far_mask, place;     /* `place`: of the last load, before it is masked */
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
    FENCE_ACCESS,         /* a C11 access: in a table of its own */
};

struct fence {
    const char *name;
    const char *what;
    const char *against; /* what stands in its place in the other loop; "": a compiler barrier */
    enum fence_kind kind;
    fence_kernel *with[FENCE_LAYOUTS];     /* the loop with it */
    fence_kernel *without[FENCE_LAYOUTS];  /* the same loop with the other */
    struct code_span code, reference_code; /* the instructions of both, inside the first copies */
};

/* There are no more of them than this. */
#define FENCE_MOST 64

extern const struct fence fences[];
extern const unsigned fence_count;

/* The fence that must be no dearer than the full references. */
#define FENCE_FULL_NAME "full"

/* fence_find - its index; fence_count if there is none of that name. */
unsigned fence_find(const char *name);

/* fence_partner - take turns with a kernel until FENCE_TURN_END, taking all its lines each time. */
void fence_partner(struct fence_work *work);

/* fence_partner_pause - once no kernel runs, wait until the partner has its hands off `work`, which may
 * then be changed.
 */
void fence_partner_pause(struct fence_work *work);

/* fence_partner_end - once no kernel runs, make the partner return. */
void fence_partner_end(struct fence_work *work);

/* The sections of the report, each of which can be left out. */
enum fence_part {
    FENCE_COSTS,
    FENCE_ACCESSES,
    FENCE_LADDER,
    FENCE_MEMBARRIER,
    FENCE_EFFECT,
    FENCE_PARTS
};
extern const char *const fence_part_names[FENCE_PARTS];

/* What is before the fence: nothing, stores to lines of this core's, stores to lines that another core
 * has just modified, loads that miss; or stores to own lines while all other CPUs do the same.
 */
enum fence_place { FENCE_EMPTY, FENCE_OWN, FENCE_TAKEN, FENCE_LOADS, FENCE_ALL, FENCE_PLACES };
extern const char *const fence_place_names[FENCE_PLACES];

/* The samples of one fence in one context: marginal cost in ns, and the two costs it is made of. */
struct fence_result {
    unsigned count; /* samples; 0 if there were too few of them to say anything */
    double *with, *without, *marginal;
    uint64_t rounds; /* per block */
    uint64_t limit;  /* ticks: a longer round was disturbed */
    struct stats_interval interval;
    double median_with, median_without;
    bool noise;
};

/* One context: a place, how many stores or loads, and the CPUs that take part. */
struct fence_context {
    bool column, rung; /* of the tables; of the ladder; or both */
    enum fence_place place;
    unsigned count;                 /* stores or loads before the fence */
    unsigned cpu, partner;          /* os numbers; the partner matters for FENCE_TAKEN */
    enum machine_distance distance; /* of the two */
    bool *rows;                     /* which of fences[] are measured in it */
    bool done;                      /* measured, at least in part */
    struct fence_result *result;    /* one for each of fences[] */
    unsigned repetitions;           /* rounds over all fences that were completed */
    double resolution;              /* ns: half a core cycle, or what the controls showed */
};

/* The curve of one fence over the rungs of one place and partner, from the fewest stores on. */
struct fence_curve {
    unsigned fence;
    unsigned rung[FIT_MOST_RUNGS]; /* indices of contexts */
    unsigned rungs;
    struct fit_ladder fit; /* of stores; not of loads */
};

/* What a heavy fence costs its caller, while so many other threads of the process run. */
struct fence_caller {
    unsigned others;
    unsigned count;
    double *sample;
    struct stats_interval interval;
};

#define FENCE_MOST_CALLERS 16
#define FENCE_PACES        6

struct fence_membarrier {
    bool refused, measured;
    struct fence_caller caller[FENCE_MOST_CALLERS];
    unsigned callers;
    unsigned victim;        /* os number of its CPU, if there are samples of it */
    unsigned count;         /* samples of the victim: */
    double *victim_samples; /* ns that each heavy fence took from it */
    struct stats_interval interval;
    bool noise;
    /* Medians at each of the paces that were tried, the first without any: */
    double rate[FENCE_PACES]; /* heavy fences per second */
    double lost[FENCE_PACES]; /* the share of the victim's time */
};

/* What a fence buys: shapes of litmus tests, and what stands in the place of their fences. */
enum { FENCE_SHAPES = 4, FENCE_REMEDIES = 5, FENCE_MOST_SLICES = 64 };

struct fence_remedy {
    const char *name;
    const char *fence, *partner; /* of fences[]; the other thread's, or NULL if it is the same */
    unsigned code[2];            /* enum effect_fence, of each thread */
    unsigned forbids;            /* bit s: the weak outcome of shape s, in C11 */
};

extern const char *const fence_shape_names[FENCE_SHAPES];
extern const struct fence_remedy fence_remedies[FENCE_REMEDIES];

struct fence_tally {
    uint64_t weak, frames;
    unsigned slices;
    double ns[FENCE_MOST_SLICES]; /* per frame, in each slice */
    struct stats_interval interval;
};

struct fence_effect {
    unsigned cpu, partner;
    enum machine_distance distance;
    struct fence_tally tally[FENCE_REMEDIES][FENCE_SHAPES];
};

/* fences_forbids - may the weak outcome of this shape not be seen with it? */
bool fences_forbids(const struct fence_remedy *remedy, unsigned shape);

/* fences_shown - is it among the fences that were asked for? */
struct fence_run;
bool fences_shown(const struct fence_run *run, const struct fence_remedy *remedy);

/* The whole run. */
struct fence_run {
    struct machine machine;
    struct bench_clock clock;
    const struct machine_cpu *cpu; /* on which is measured */
    const bool *selected;          /* one for each of fences[] */
    bool narrowed;                 /* by --only */
    bool part[FENCE_PARTS];
    unsigned stores;
    bool cycles; /* print core cycles, not ns */
    unsigned repetitions;
    uint64_t time;        /* ns, for everything together */
    uint64_t started;     /* since when */
    double weight, spent; /* shares of the time: of all, and of what is done */
    struct fence_context *context;
    unsigned context_count;
    struct fence_curve *curve;
    unsigned curve_count;
    struct fence_membarrier membarrier;
    struct fence_effect *effect; /* one for each partner */
    unsigned effect_count;
    size_t far_bytes;               /* the memory that the loads miss in */
    unsigned long blocks, repeated; /* pairs of blocks timed; those done again as preempted */
};

/* fences_plan - choose the contexts: on the first of these CPUs, with each further one as a partner. An
 * empty list is the first allowed one, and a partner at each distance there is.
 */
struct cli_cpus;
void fences_plan(struct fence_run *run, const struct cli_cpus *cpus);

/* fences_measure - fill in every context, or as many as fit before an interrupt.
 * Returns 0, or -1 after saying what is wrong with the environment.
 */
int fences_measure(struct fence_run *run);

/* fences_share - how long what has this weight may take. */
uint64_t fences_share(const struct fence_run *run, double weight);

/* fences_progress - what is being done, at most ten times a second. */
void fences_progress(const struct fence_run *run, const char *what);

/* fences_analyse - after measuring: medians, what is noise, the curves. */
void fences_analyse(struct fence_run *run);

/* fences_free - all that the above allocated. */
void fences_free(struct fence_run *run);

/* fences_membarrier, fences_effect - their sections, in so many ns. Return 0, or -1 after saying what is
 * wrong.
 */
int fences_membarrier(struct fence_run *run, uint64_t time);
int fences_effect(struct fence_run *run, struct fence_effect *effect, uint64_t time);

/* crowd.c: threads on other CPUs that run a kernel while this one does. */
struct fence_crowd;

/* fence_crowd_start - one on each of these CPUs, each with lines of its own, asleep. NULL after saying
 * what is wrong.
 */
struct fence_crowd *fence_crowd_start(const unsigned *cpu, unsigned count);

/* fence_crowd_run - the first `count` of them run this kernel over and over, so many rounds at a time;
 * returns when they do.
 */
void fence_crowd_run(struct fence_crowd *crowd, unsigned count, uint32_t stores,
                     fence_kernel *kernel, uint64_t rounds);

/* fence_crowd_stop - returns when they have; how often one of them was preempted meanwhile. */
long fence_crowd_stop(struct fence_crowd *crowd);
void fence_crowd_end(struct fence_crowd *crowd);

/* How the full fence stands against the cheapest full reference in one context. */
struct fence_comparison {
    const struct fence *cheapest;
    struct stats_interval difference; /* full minus cheapest, ns */
    bool dearer, cheaper;             /* beyond the interval and the resolution */
};

/* fences_compare - false if one of them was not measured there. */
bool fences_compare(const struct fence_context *context, struct fence_comparison *comparison);

/* fences_violation - was something seen that a fence forbids? */
bool fences_violation(const struct fence_run *run);

/* fences_print - the whole report. */
void fences_print(FILE *stream, const struct fence_run *run);

/* Its parts. */
void fences_print_ladder(FILE *stream, const struct fence_run *run);
void fences_print_membarrier(FILE *stream, const struct fence_run *run);
void fences_print_effect(FILE *stream, const struct fence_run *run);

/* fences_cell - "5.31 [5.28, 5.35]", "~0", "~0 (< 3.1)" or "-" into a cell of BENCH_CELL. */
void fences_cell(const struct fence_result *result, double scale, char *text);

/* fences_print_list - what can be measured here. */
void fences_print_list(FILE *stream);

/* fences_document - gbench_document's; NULL if there is no memory. */
json_t *fences_document(const struct fence_run *run);

#endif
