/* parts.h - what the engine's files share: the run of one test.
 *
 *   engine.c   its threads, from their creation to the tally of what they counted
 *   batches.c  what each of them does, batch after batch
 *   plan.c     how a batch is to be: layout, who plays whom; of the engine `threads` by chance
 *   layout.c   where the instances lie
 *   place.c    which CPU is whose
 *   pace.c     blocks of a batch that begin together
 *   cache.c    what is done to cache lines before a batch runs
 *   meet.c     meeting
 *   enemy.c    threads that get in the way
 *   blocks.c   which stretches of the run others disturbed
 */
#ifndef CORDON_LITMUS_PARTS_H
#define CORDON_LITMUS_PARTS_H

#include "chance.h"
#include "engine.h"
#include "meet.h"

#include <pthread.h>

/* Without sync=barrier three batches are in work at a time: one is run, one counted, one reset. */
enum { SETS = 3 };

/* Of shuffled instances there are so many orders, which take turns. */
enum { ORDERS = 4 };

/* Kinds of batches that have a pace of their own. */
enum { PACES = 16 };

/* How the locations of an instance, and those of its neighbours, share lines. */
enum lines {
    LINES_ROWS,     /* each location has a row of lines, with all its instances */
    LINES_APART,    /* each location of each instance has its own */
    LINES_PAGES,    /* rows that begin at the same place in a page */
    LINES_TOGETHER, /* those of an instance share a line */
    LINES_PACKED,   /* those of several instances share lines */
    LINES_KINDS
};

/* What is done to a line before a batch. */
enum cache_step { CACHE_NOTHING, CACHE_LOAD, CACHE_LOAD_TO_STORE, CACHE_FLUSH, CACHE_STEPS };

struct layout {
    size_t offset, plane, stride; /* from the memory's beginning; see struct litmus_batch */
};

/* How one batch is to be run. */
struct plan {
    struct litmus_batch batch;
    bool by_loader;                            /* who resets: the loader, or each its slice */
    unsigned char player[LITMUS_MOST_THREADS]; /* which worker plays each of the test's threads */
    enum lines lines;
    uint64_t number;
    size_t block;  /* instances that begin together by the clock; 0: all */
    int lag;       /* a thread begins so many eighths of the pace later than the one before it */
    unsigned kind; /* whose pace it is; if there are blocks */
};

/* What came out of the batches of one kind. */
struct score {
    uint64_t instances, weak;
};

/* What chance chose, and what came out of it. */
struct scores {
    struct score lines[LINES_KINDS];
    struct score player[LITMUS_MOST_THREADS]; /* of thread 0 */
    struct score cache[LITMUS_MOST_THREADS][LITMUS_MOST_LOCATIONS][CACHE_STEPS];
};

/* See blocks.c; of worker 0, but for `number`, which is written and read as `stop` is. */
struct blocks {
    uint64_t number[2]; /* of the block that the batch is in */
    uint64_t current, judged;
    uint64_t began, total; /* when the current one did, and the instances until then */
    struct {
        uint64_t took, instances;
    } ended[2];
    double recent[32], usual; /* ns for an instance */
    uint64_t weak;            /* outcomes, until the last one that was judged */
    struct disturbance found;
};

struct shared {
    const struct litmus_test *test;
    const struct litmus_code *code;
    const struct engine_options *options;
    const struct knobs *knobs; /* of the options */
    struct worker *worker;
    unsigned workers;
    struct meeting meeting;
    unsigned loader[LITMUS_MOST_LOCATIONS];
    uint64_t loads[LITMUS_MOST_LOCATIONS],
        stores[LITMUS_MOST_LOCATIONS]; /* a bit for each thread */
    bool observes_memory;
    bool paced; /* batches may be run in blocks */
    /* In sixteenths of a tick, from the beginning of a block to that of the next; changed by worker 0 when all have
     * come to the end of a batch, read after the next meeting.
     */
    uint32_t pace16[PACES];
    /* Of plan.c: which kind of batch shows most; guarded by the meetings between its writing and its use. */
    unsigned favourite[2];
    struct {
        double rate[PACES]; /* weak outcomes in a tick; of worker 0 only, as is the rest */
        uint64_t weak, since;
    } seen;
    uint32_t *weak_key; /* the table's keys of weak outcomes */
    size_t weak_keys;
    /* of layout.c */
    unsigned char *memory;
    int32_t *result;
    uint32_t *order;                   /* ORDERS of them, if instances are shuffled */
    size_t memory_size, results, unit; /* of one set; a location's size */
    /* of engine.c */
    pthread_mutex_t gate; /* held until all threads exist, or one could not be made */
    pthread_cond_t ended;
    unsigned ended_count; /* guarded by gate */
    bool cancelled;
    /* Written by worker 0 before a meeting, read by all after it. Where they go on to the next one at once, two
     * take turns: who is slow still reads the last.
     */
    bool stop[2];
    size_t count; /* instances in the batch at hand */
    size_t most;  /* that it may have */
    uint64_t total, batches, start, end;
    struct blocks blocks;
};

/* table_size - of a worker's table, without the one counter behind it. */
static inline size_t table_size(const struct shared *shared)
{
    return (size_t)1 << shared->code->bits * shared->test->observed_count;
}

struct worker {
    CORDON_ALIGNED(CORDON_LINE) struct shared *shared;
    unsigned index;
    pthread_t handle;
    bool unpinned, out_of_memory, overrun;
    uint64_t
        weak; /* seen before the last batch of a round; written before the meeting that ends it */
    uint32_t late; /* for how many blocks; written before the meeting that ends the batch */
    uint64_t took; /* ns, of a client's batch; written before the meeting that ends it */
    uint64_t *table;
    struct outcome_set others;
    uint64_t other_weak;   /* of what went into others */
    uint64_t first;        /* when a weak outcome had been counted, or 0 */
    struct scores *scores; /* or NULL */
    uint64_t block;        /* it is in */
    long switches;         /* until the block began */
    struct {
        long switches; /* in the block */
        uint64_t weak; /* outcomes at its end */
    } ended[2];        /* of the last two; read by worker 0 after another meeting */
};

/* layout_take - the memory of all batches. NULL, or what is wrong. */
const char *layout_take(struct shared *shared);
void layout_free(struct shared *shared);

/* layout_turn - that of the array engine's n-th turn, or of a perpetual test, and what else of a plan goes with it. */
struct layout layout_turn(const struct shared *shared, uint64_t turn, struct plan *plan);

/* layout_draw - one by chance, of that kind. */
struct layout layout_draw(const struct shared *shared, enum lines lines, struct chance *chance);

/* plan_make - the plan of the n-th batch, the same for whoever asks. */
void plan_make(const struct shared *shared, uint64_t n, struct plan *plan);

/* plan_ends_round - is the n-th batch the last one of its kind for now? Then plan_favour, by worker 0, when all have come
 * to the end of it.
 */
bool plan_ends_round(const struct shared *shared, uint64_t n);
void plan_favour(struct shared *shared, const struct plan *plan);

/* place_stay - after so many batches some may go to other CPUs. */
uint64_t place_stay(const struct shared *shared);

/* place_cpu - the CPU of a worker while the n-th batch is run. */
unsigned place_cpu(const struct shared *shared, unsigned worker, uint64_t n);

/* place_players - who plays whom in the n-th batch. */
void place_players(const struct shared *shared, uint64_t n, unsigned char *player);

/* pace_run - run the batch as that thread of the test, block by block; *late: for how many it came too late. */
void pace_run(const struct shared *shared, const struct plan *plan, unsigned thread,
              uint32_t *late);

/* pace_start, _adjust - before the first batch; when all have come to the end of one, by worker 0. */
void pace_start(struct shared *shared);
void pace_adjust(struct shared *shared, const struct plan *plan);

/* cache_step_of - what that thread does to that location before the batch. */
enum cache_step cache_step_of(const struct shared *shared, uint64_t n, unsigned thread,
                              unsigned location);

/* cache_prepare - do it, to all instances. */
void cache_prepare(const struct shared *shared, const struct plan *plan, unsigned thread);

/* cache_can_flush - is there an instruction for it that a program may use? */
bool cache_can_flush(void);

/* batches_run - what a worker does until it is over. */
void batches_run(struct worker *me);

/* batches_hits - the weak outcomes that this worker has counted; of LITMUS_PERPETUAL those without a common iteration. */
uint64_t batches_hits(const struct worker *me);

/* blocks_begin - by worker 0, when the clock is started. */
void blocks_begin(struct shared *shared);

/* blocks_decide - by worker 0 before a meeting, as it writes stop[at]: does another block begin? It does if it is over. */
void blocks_decide(struct shared *shared, size_t at, bool over);

/* blocks_follow - by each after that meeting, before it ends. */
void blocks_follow(struct worker *me, size_t at);

/* blocks_end - what was found, when all threads have ended. */
void blocks_end(struct shared *shared, struct disturbance *result);

/* scores_tell - which choices showed the most, as one line; empty if nothing was seen. */
void scores_tell(const struct shared *shared, char *text, size_t size);

/* enemies_start, _end - those that the knobs ask for; *enemies is NULL if they ask for none. Returns NULL, or what
 * is wrong, and then there are none.
 */
struct enemies;
const char *enemies_start(const struct shared *shared, struct enemies **enemies);
void enemies_end(struct enemies *enemies);

#endif
