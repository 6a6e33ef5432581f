/* rings.h - the parts of `cordon-bench rings`.
 *
 *     candidate.h   what an adapter of a queue gives, and is given
 *     loops.h       the loops that are timed, which each adapter makes its own
 *     ours.c        our rings; the others are in ../peers/ring_*
 *     candidates.c  all that was built in
 *     measure.c     a contest for each mix of producers and consumers; the checks
 *     report.c      the tables, the JSON
 *     advice.c      what follows from them: ratios and sentences
 *     command.c     the command line, and which contests there are
 */
#ifndef CORDON_BENCH_RINGS_H
#define CORDON_BENCH_RINGS_H

#include "candidate.h"
#include "../clock.h"
#include "../contest.h"
#include "machine/machine.h"

#include <jansson.h>

/* ring_candidate_at - all that were built in, ours first; NULL after the last. */
const struct ring_candidate *ring_candidate_at(unsigned index);

/* ring_absent - the peers that were not found when this was built, parted by commas; empty: none. */
const char *ring_absent(void);

/* Bytes of an item, by its index. */
extern const unsigned ring_size[RING_SIZES];

#define RING_MOST_CANDIDATES 64

static inline bool ring_ours(const struct ring_candidate *candidate)
{
    return strcmp(candidate->library, "cordon") == 0;
}

/* One candidate in one contest, beside its samples. */
struct ring_score {
    char broken[96];             /* how its results were wrong; empty: they were right */
    double items;                /* in all timed blocks */
    double jain, jain_producers; /* the sums over the blocks; divide by how many */
    unsigned blocks;
    struct histogram *latency; /* of round trips, ticks; NULL unless that is measured */
};

/* One contest. */
struct ring_part {
    bool latency; /* one way through a nearly empty ring; else throughput */
    bool pair;    /* of queues for one producer and one consumer; else for any number */
    unsigned producers, consumers, batch;
    unsigned size;       /* index into ring_size */
    bool oversubscribed; /* more threads than CPUs */
    unsigned count;
    const struct ring_candidate *entry[RING_MOST_CANDIDATES];
    struct ring_score score[RING_MOST_CANDIDATES];
    struct contest contest; /* of ns per item; of ns one way */
};

#define RING_MOST_PARTS (RING_SIZES * 10)

struct ring_run {
    struct machine machine;
    struct bench_clock clock;
    unsigned *cpu; /* os numbers: the first threads of cores before the second */
    unsigned cpu_count;
    unsigned capacity;
    unsigned repetitions;
    uint64_t time; /* ns, for all parts */
    struct ring_part part[RING_MOST_PARTS];
    unsigned part_count;
    struct contest_plan plan;
    unsigned broken; /* candidates, over all parts */
    json_t *advice;  /* array of sentences; rings_advise makes both */
    json_t *ratios;  /* ours against peers, as in the JSON */
};

/* rings_measure - run every contest, or as many as fit before an interrupt.
 * Returns 0, or -1 after saying what is wrong with the environment.
 */
int rings_measure(struct ring_run *run);

/* rings_free - what rings_measure and rings_advise allocated. */
void rings_free(struct ring_run *run);

/* ring_best - the fastest candidate that has a figure, of ours or of the others; -1: none. */
int ring_best(const struct ring_part *part, bool ours);

/* ring_has - has it a figure, and was right throughout? */
static inline bool ring_has(const struct ring_part *part, unsigned index)
{
    return contest_has(&part->contest, index) && part->score[index].broken[0] == '\0';
}

/* ring_slow - ns per item that the slowest quarter of the blocks took, or more. Where threads outnumber CPUs
 * a queue may do well until the wrong thread is preempted; the median does not tell.
 */
double ring_slow(const struct ring_part *part, unsigned index);

/* ring_against - how many times better a is than b, from the same repetitions. */
static inline bool ring_against(const struct ring_part *part, unsigned a, unsigned b,
                                struct stats_interval *ratio)
{
    return contest_ratio(&part->contest, b, a, ratio);
}

/* ring_jain - how evenly the consumers were served, the mean over the blocks. */
static inline double ring_jain(const struct ring_part *part, unsigned index)
{
    const struct ring_score *score = &part->score[index];
    return score->blocks > 0 ? score->jain / score->blocks : 1;
}

#define RING_TITLE 128

/* ring_title - "2 producers, 2 consumers, 8-byte items, 32 at a time". Returns text. */
const char *ring_title(const struct ring_part *part, char text[RING_TITLE]);

/* ring_million - of items per second, from ns per item. */
static inline struct stats_interval ring_million(struct stats_interval ns)
{
    const struct stats_interval rate = {1e3 / ns.high, 1e3 / ns.middle, 1e3 / ns.low};
    return rate;
}

/* rings_advise - fill in run->advice and run->ratios. */
void rings_advise(struct ring_run *run);

void rings_print(FILE *stream, const struct ring_run *run);

/* rings_print_list - the candidates, and which peers are not there. */
void rings_print_list(FILE *stream);

/* rings_document - gbench_document's; NULL if there is no memory. */
json_t *rings_document(const struct ring_run *run);

#endif
