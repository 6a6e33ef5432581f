/* rings_broken.c - `cordon-bench rings` with queues that go wrong now and then: are they found out? */
#define _GNU_SOURCE
#include "bench.h"
#include "cli/cli.h"
#include "rings/loops.h"

#include <cordon/ring/mpmc.h>

/* One in so many items. */
#define SELDOM 1009

static void *create(size_t capacity, size_t size)
{
    struct cordon_mpmc *ring = ring_memory(sizeof *ring);
    if (ring != NULL && !cordon_mpmc_create(ring, capacity, size)) {
        free(ring);
        return NULL;
    }
    return ring;
}

static void destroy(void *ring, size_t size)
{
    (void)size;
    cordon_mpmc_destroy(ring);
    free(ring);
}

static bool seldom(void)
{
    static _Thread_local unsigned count;
    return ++count % SELDOM == 0;
}

static inline bool push(void *to, const void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_try_push(to, item) == CORDON_OK;
}

static inline bool pop(void *from, void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_try_pop(from, item) == CORDON_OK;
}

/* It loses an item. */
static inline bool loses_push(void *to, const void *item, size_t size)
{
    return seldom() || push(to, item, size);
}
#define loses_pop pop
RING_EACH(loses, false)

/* It hands one out twice. */
static inline bool doubles_push(void *to, const void *item, size_t size)
{
    return push(to, item, size) && (!seldom() || push(to, item, size) || true);
}
#define doubles_pop pop
RING_EACH(doubles, false)

/* One replaces another: as many come out as went in. */
static inline bool replaces_push(void *to, const void *item, size_t size)
{
    static _Thread_local uint64_t last[RING_MOST_WORDS];
    const bool pushed = push(to, seldom() ? last : item, size);
    memcpy(last, item, size);
    return pushed;
}
#define replaces_pop pop
RING_EACH(replaces, false)

/* Its last word is another one's. */
static inline bool damages_push(void *to, const void *item, size_t size)
{
    uint64_t copy[RING_MOST_WORDS];
    memcpy(copy, item, size);
    copy[size / sizeof *copy - 1] ^= seldom();
    return push(to, copy, size);
}
#define damages_pop pop
RING_EACH(damages, false)

/* Two change places. */
static inline bool swaps_pop(void *from, void *item, size_t size)
{
    static _Thread_local uint64_t kept[RING_MOST_WORDS];
    static _Thread_local bool keeps;
    if (!keeps && seldom() && pop(from, kept, size)) {
        keeps = true;
    }
    if (pop(from, item, size)) {
        return true;
    }
    if (!keeps) {
        return false;
    }
    keeps = false;
    memcpy(item, kept, size);
    return true;
}
#define swaps_push push
RING_EACH(swaps, false)

static const struct ring_candidate candidates[] = {
    {"loses", "reference", "", RING_SINGLE, create, destroy, RING_CALLS(loses)},
    {"doubles", "reference", "", RING_SINGLE, create, destroy, RING_CALLS(doubles)},
    {"replaces", "reference", "", RING_SINGLE, create, destroy, RING_CALLS(replaces)},
    {"damages", "reference", "", RING_SINGLE, create, destroy, RING_CALLS(damages)},
    {"swaps", "reference", "", RING_SINGLE, create, destroy, RING_CALLS(swaps)},
};

const struct ring_family ring_broken = RING_FAMILY(candidates);

int main(int argc, char **argv)
{
    cli_start("cordon-bench");
    return cli_finish(bench_rings(argc - 1, argv + 1)); /* without the word "rings" */
}
