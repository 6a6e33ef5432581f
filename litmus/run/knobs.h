/* knobs.h - all that can be turned about how a test is run.
 *
 * One set of knobs, a seed and the CPUs repeat a run as far as silicon lets itself be repeated. They are
 * what the tuner searches through, what --knobs sets by hand, and what a reproducer names; their text is the same
 * everywhere: "engine=array,size=1024,stride=2,sync=barrier".
 */
#ifndef CORDON_LITMUS_KNOBS_H
#define CORDON_LITMUS_KNOBS_H

#include "batch.h"

/* How the threads come to the same place at the same time. */
enum knobs_sync {
    SYNC_BARRIER, /* they meet at a spinning barrier before each batch (threads: each run) */
    SYNC_TIMEBASE, /* they agree on a time, and start when the clock (TSC, CNTVCT_EL0, rdtime) shows it */
    SYNC_NONE, /* they run on; only the counting waits for all */
};

/* What is done to the cache lines of an instance before it runs. */
enum knobs_cache {
    CACHE_LEAVE,
    CACHE_SPLIT, /* evict what the thread stores, touch what it loads */
    CACHE_EVICT, /* evict all */
    CACHE_TOUCH, /* load all */
    CACHE_RANDOM, /* one of flush, touch, touch for a store, nothing: for each thread and location anew */
};

/* Where the threads go among the CPUs. */
enum knobs_place {
    PLACE_ORDER,  /* thread i on the i-th CPU of the list */
    PLACE_RANDOM, /* shuffled now and then */
    PLACE_CLOSE,  /* on hardware threads of one core, then on those that share a cache */
    PLACE_SPREAD, /* as far from each other as there is */
};

struct knobs {
    enum litmus_mode engine;
    size_t size;     /* instances, or iterations, in a batch; 0: the engine's own */
    unsigned stride; /* units between neighbouring instances of a location; 0: they take turns */
    bool shuffle;    /* instances in random order: through an array of indices */
    bool padded;     /* locations on lines of their own: no false sharing */
    enum knobs_sync sync;
    enum knobs_cache cache;
    enum knobs_place place;
    unsigned skew;           /* random delay before an instance: up to so many loop steps */
    unsigned memory_enemies; /* threads that store and load all over memory meanwhile */
    unsigned launch_enemies; /* threads that create and join threads meanwhile */
    uint64_t seed;           /* of all that is random */
};

/* knobs_default - what an engine is run with if nobody says otherwise. */
struct knobs knobs_default(enum litmus_mode engine);

/* knobs_read - change what the text names: "size=4096,sync=none". If it names another engine, what it does not name
 * is as that engine has it by itself. False, and one line in `problem`, if it is none; then *knobs is as before.
 */
bool knobs_read(const char *text, struct knobs *knobs, char *problem, size_t size);

/* knobs_write - the engine, what differs from its defaults, and the seed, as knobs_read takes them. Returns `text`. */
const char *knobs_write(const struct knobs *knobs, char *text, size_t size);

#endif
