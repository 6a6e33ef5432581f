/* candidate.h - what an adapter of a queue gives to `cordon-bench rings`, and what it is given. In C and
 * in C++, since an adapter is in the language of its library.
 *
 * An adapter is a few small functions (push, pop) and loops around them, from loops.h, one for each size of
 * an item; the compiler puts the functions into the loops, so that nothing stands between them.
 */
#ifndef CORDON_BENCH_RINGS_CANDIDATE_H
#define CORDON_BENCH_RINGS_CANDIDATE_H

#include "../histogram.h"

#include <cordon/atomic.h>
#include <cordon/cpu.h>
#include <cordon/wait.h>

#include <string.h>

CORDON_BEGIN_DECLS

/* Sizes of an item in bytes, at compile time as in a program; RING_SIZES of them. */
#define RING_EVERY_SIZE(of) of(8) of(16) of(64) of(256)
#define RING_SIZES          4
#define RING_MOST_WORDS     32

/* Items in a batch, at most. */
#define RING_MOST_BATCH 256

/* An item's first word is its number: the producer's index in the high bits, how many it pushed before in
 * the low ones. The rest is made from the number.
 */
#define RING_SHIFT          48
#define RING_MOST_PRODUCERS 256
/* What tells a consumer that blocks that no more will come. */
#define RING_END UINT64_MAX

/* One thread's part in a block: what it is given, and what it gives back. */
struct ring_side {
    CORDON_ALIGNED(CORDON_LINE) void *ring;
    void *back;                           /* the other ring of a round trip: from echo to ping */
    const CORDON_ATOMIC(uint32_t) * stop; /* producers: push no more once it is other than zero */
    CORDON_ATOMIC(uint32_t) * producing;  /* producers that may yet push */
    uint64_t limit;                       /* items to push; or round trips to make */
    uint64_t first;                       /* the producer's first number */
    unsigned batch;                       /* items at a time; 1 unless the candidate does batches */
    unsigned consumers;                   /* how many there are */
    uint64_t pace;                        /* ticks from one round trip to the next */
    struct histogram *histogram;          /* of round trips, ticks */
    bool in_turn;   /* the numbers popped were looked at as a sequence; then there are no sums */
    uint64_t count; /* items pushed, or popped; round trips */
    uint64_t sum, squares; /* of the numbers popped */
    uint64_t wrong;        /* other than zero: out of turn, or damaged */
};

/* A loop around a queue's calls. */
typedef void ring_work(struct ring_side *side);

/* The loops for one size of an item. ping and echo are null where latency is not asked for: batches, and
 * items in place, differ from single ones in throughput.
 */
struct ring_calls {
    ring_work *produce, *consume, *ping, *echo;
};

/* What a queue is, and which measurements it takes part in. */
enum {
    RING_PAIR = 1,      /* one producer and one consumer are all it can have */
    RING_SINGLE = 2,    /* hands over items one at a time */
    RING_BATCHES = 4,   /* several at once */
    RING_UNBOUNDED = 8, /* never full */
    RING_ONE_LESS = 16, /* holds one less than the capacity */
    RING_ABOUT = 32,    /* holds about the capacity */
    RING_BLOCKS = 64,   /* its calls wait by themselves */
};

struct ring_candidate {
    const char *name;    /* for --only and the JSON */
    const char *library; /* as in the JSON */
    const char *what;    /* the calls used */
    unsigned traits;
    void *(*create)(size_t capacity, size_t size); /* NULL: no memory */
    void (*destroy)(void *ring, size_t size);
    struct ring_calls calls[RING_SIZES];
};

/* All that one adapter has. */
struct ring_family {
    const struct ring_candidate *candidate;
    unsigned count;
};
#define RING_FAMILY(candidates)                               \
    {                                                         \
        candidates, sizeof(candidates) / sizeof *(candidates) \
    }

extern const struct ring_family ring_cordon, ring_turn, ring_mutex;
extern const struct ring_family ring_ck, ring_urcu, ring_dpdk, ring_tbb, ring_boost,
    ring_moodycamel, ring_moodycamel_spsc, ring_rigtorp_mpmc, ring_rigtorp_spsc, ring_broken;

/* ring_memory - so many bytes on lines of their own, touched; free() it. NULL: there is none. */
static inline void *ring_memory(size_t bytes)
{
    void *memory = cordon_aligned_alloc(CORDON_LINE, bytes);
    if (memory != NULL) {
        memset(memory, 0, bytes);
    }
    return memory;
}

CORDON_END_DECLS

#endif
