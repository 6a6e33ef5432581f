/* seqlocks.h - the parts of `cordon-bench seqlocks`.
 *
 *     loops.h     the reader's and the writer's loop: a template, included once for each design and size
 *     locked.h    a template above it: the read and the write of a design in which the two exclude
 *                 each other
 *     ours.c      our designs, and the copy without any protection
 *     designs.c   all designs there are: ours, and those of ../peers
 *     measure.c   runs them against each other
 *     report.c    the tables
 *     advice.c    the comparisons, and what follows from them
 *     document.c  the JSON
 *     command.c   the command line
 */
#ifndef CORDON_BENCH_SEQLOCKS_H
#define CORDON_BENCH_SEQLOCKS_H

#include "../clock.h"
#include "../contest.h"
#include "../histogram.h"
#include "../team.h"
#include "machine/machine.h"

#include <jansson.h>

/* The sizes of the record, in bytes; the loops are compiled for each, as a program's would be. */
#define SEQ_SIZES 3
extern const unsigned seq_sizes[SEQ_SIZES];

/* What keeps a reader's copy whole. Designs of one kind are compared with each other. */
enum seq_kind {
    SEQ_NOTHING,  /* nothing does */
    SEQ_RETRY,    /* a reader that met a writer reads again */
    SEQ_VERSIONS, /* an old version stays for who reads it: readers never wait */
    SEQ_RWLOCK,   /* a writer and the readers exclude each other */
    SEQ_LOCK,     /* everybody excludes everybody */
    SEQ_KINDS
};

struct seq_design {
    const char *name;
    const char *library;
    enum seq_kind kind;
    bool of_writers;     /* reads as another design does: not in contests without a writer */
    const char *readers; /* what they may have to wait for */
    const char *writers;
    const char *handler; /* may a signal handler read, on top of the writer too? */
    const char *memory;  /* of old versions */
    unsigned bytes;      /* of it, beside the data */
    unsigned each;       /* of every reader */
    unsigned copies;     /* of the data, while nobody writes */
    void (*begin)(void *state, unsigned size);
    /* The record as it is in the end, and the end of what begin made. */
    void (*end)(void *state, unsigned size, uintptr_t *record);
    team_work *read[SEQ_SIZES], *write[SEQ_SIZES];
};

/* State and data of a design take no more than that. */
#define SEQ_ROOM 2048

/* A library's designs; none if it was not found when the tool was built. */
struct seq_library {
    const struct seq_design *design;
    const unsigned *count;
    const char *name;
};

/* seq_libraries - all that are known, ours first. */
extern const struct seq_library seq_libraries[];
extern const unsigned seq_library_count;

/* What one thread did in a block. */
struct seq_thread {
    CORDON_ALIGNED(CORDON_LINE) uint64_t operations;
    uint64_t retries;
    uint64_t torn, backwards; /* reads that were not whole, or older than the one before */
    uint64_t ns;
    uint64_t longest;         /* ticks, of a batch; of one write if the rate is given */
    struct histogram latency; /* ticks, of single operations */
};

/* What all loops are given in a block. */
struct seq_work {
    void *state;
    struct seq_thread *thread; /* one for each member */
    const struct seq_design *design;
    unsigned readers;
    unsigned size_index;
    bool timed;         /* latencies, too */
    uint64_t period;    /* ticks from write to write; 0: as fast as it can */
    uint64_t phase;     /* ticks to the first */
    double tick;        /* ns */
    uint64_t nap, wake; /* ticks: sleep if there is more time left than that, until so little is */
};

/* Writes a second. */
#define SEQ_NO_WRITES   0
#define SEQ_MOST_WRITES UINT64_MAX /* as fast as it can */

enum seq_part { SEQ_SCALING, SEQ_WRITER, SEQ_WRITE };

/* Operations of which the first is timed by itself, where latencies are. */
#define SEQ_READ_BATCH  64
#define SEQ_WRITE_BATCH 16

/* What is known of one design in one scenario, over all its blocks. */
struct seq_result {
    unsigned blocks;
    double reads, retries, writes;
    double read_ns, write_ns; /* of the threads, added up */
    double jain;              /* added up over the blocks */
    uint64_t longest_read, longest_write;
    struct histogram read, write;
    uint64_t checked;               /* reads of these and all other blocks */
    uint64_t torn, backwards, lost; /* lost: the record at the end was not the last one written */
};

struct seq_scenario {
    enum seq_part part;
    unsigned readers;
    uint64_t writes; /* a second */
    uint64_t block;  /* ns */
    struct contest contest;
    unsigned *design;          /* of each candidate: its index in seq_run.design */
    struct seq_result *result; /* of each candidate */
};

#define SEQ_MOST_SCENARIOS 32

struct seq_run {
    struct machine machine;
    struct bench_clock clock;
    const struct seq_design **design; /* those that take part */
    unsigned design_count;
    unsigned size_index;
    unsigned *cpu; /* os numbers */
    unsigned cpu_count;
    unsigned repetitions;
    struct contest_plan plan;
    struct seq_scenario scenario[SEQ_MOST_SCENARIOS];
    unsigned scenario_count;
    json_t *advice; /* sentences, and comparisons: see advice.c */
    json_t *ratios;
    bool broken; /* a design other than the control failed a check */
};

/* seq_measure - fill in every scenario. Returns 0, or -1 if nothing could be measured (and says why,
 * unless it was interrupted).
 */
int seq_measure(struct seq_run *run);

/* seq_free - what seq_measure and seq_advise allocated. */
void seq_free(struct seq_run *run);

/* seq_find - the candidate of a scenario that is this design; -1 if it is none, or too little of it
 * was measured.
 */
int seq_find(const struct seq_scenario *scenario, unsigned design);

/* seq_scenario - the one of that kind, or NULL. */
const struct seq_scenario *seq_scenario(const struct seq_run *run, enum seq_part part,
                                        unsigned readers, uint64_t writes);

static inline bool seq_is_ours(const struct seq_design *design)
{
    return design->library[0] == 'c' && design->library[1] == 'o';
}

static inline bool seq_is_broken(const struct seq_result *result)
{
    return result->torn > 0 || result->backwards > 0 || result->lost > 0;
}

const char *seq_kind_text(enum seq_kind kind);

/* seq_rate_text - "1000 times a second", "as fast as it can". Returns text. */
const char *seq_rate_text(uint64_t writes, char text[64]);

/* seq_time_text - "12 ns", "3.4 us", "5.0 ms". Returns text. */
const char *seq_time_text(double ns, char text[64]);

/* seq_advise - the comparisons of ours with the best peer of the same kind, and the sentences. */
void seq_advise(struct seq_run *run);

void seq_print(FILE *stream, const struct seq_run *run);

/* seq_print_list - the designs that take part and what they promise, and what was not found. */
void seq_print_list(FILE *stream, const struct seq_run *run);

/* seq_document - gbench_document's; NULL if there is no memory. */
json_t *seq_document(const struct seq_run *run);

#endif
