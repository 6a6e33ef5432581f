/* ours.c - cordon/ring/spsc.h and mpmc.h as candidates of `cordon-bench rings`. */
#include "loops.h"

#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>

static void *spsc_create(size_t capacity, size_t size)
{
    struct cordon_spsc *ring = ring_memory(sizeof *ring);
    if (ring != NULL && !cordon_spsc_create(ring, capacity, size)) {
        free(ring);
        return NULL;
    }
    return ring;
}

static void spsc_destroy(void *ring, size_t size)
{
    (void)size;
    cordon_spsc_destroy(ring);
    free(ring);
}

static inline bool spsc_push(void *to, const void *item, size_t size)
{
    (void)size;
    return cordon_spsc_try_push(to, item) == CORDON_OK;
}

static inline bool spsc_pop(void *from, void *item, size_t size)
{
    (void)size;
    return cordon_spsc_try_pop(from, item) == CORDON_OK;
}

RING_EACH(spsc, true)

static inline bool spsc_block_push(void *to, const void *item, size_t size)
{
    (void)size;
    return cordon_spsc_push(to, item) == CORDON_OK;
}

static inline bool spsc_block_pop(void *from, void *item, size_t size)
{
    (void)size;
    return cordon_spsc_pop(from, item) == CORDON_OK;
}

RING_BLOCKING(spsc_block, true)

static inline size_t spsc_n_push(void *to, const void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_spsc_try_push_n(to, items, n) == CORDON_OK ? n : 0;
}

static inline size_t spsc_n_pop(void *from, void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_spsc_try_pop_n(from, items, n) == CORDON_OK ? n : 0;
}

static inline size_t spsc_some_push(void *to, const void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_spsc_try_push_some(to, items, n);
}

static inline size_t spsc_some_pop(void *from, void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_spsc_try_pop_some(from, items, n);
}

#define spsc_n_pop_rest    spsc_some_pop
#define spsc_some_pop_rest spsc_some_pop
RING_BATCH(spsc_n, true)
RING_BATCH(spsc_some, true)

static inline void *spsc_place_reserve(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    (void)scratch;
    (void)size;
    return cordon_spsc_reserve(ring, n);
}

static inline void spsc_place_commit(void *ring, size_t n, uint64_t *scratch)
{
    (void)scratch;
    cordon_spsc_commit(ring, n);
}

static inline void *spsc_place_peek(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    (void)scratch;
    (void)size;
    return cordon_spsc_peek(ring, n);
}

static inline void spsc_place_release(void *ring, size_t n, uint64_t *scratch)
{
    (void)scratch;
    cordon_spsc_release(ring, n);
}

RING_PLACE(spsc_place, true)

static void *mpmc_create(size_t capacity, size_t size)
{
    struct cordon_mpmc *ring = ring_memory(sizeof *ring);
    if (ring != NULL && !cordon_mpmc_create(ring, capacity, size)) {
        free(ring);
        return NULL;
    }
    return ring;
}

static void mpmc_destroy(void *ring, size_t size)
{
    (void)size;
    cordon_mpmc_destroy(ring);
    free(ring);
}

static inline bool mpmc_push(void *to, const void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_try_push(to, item) == CORDON_OK;
}

static inline bool mpmc_pop(void *from, void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_try_pop(from, item) == CORDON_OK;
}

RING_EACH(mpmc, false)

static inline bool mpmc_block_push(void *to, const void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_push(to, item) == CORDON_OK;
}

static inline bool mpmc_block_pop(void *from, void *item, size_t size)
{
    (void)size;
    return cordon_mpmc_pop(from, item) == CORDON_OK;
}

RING_BLOCKING(mpmc_block, false)

static inline size_t mpmc_n_push(void *to, const void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_mpmc_try_push_n(to, items, n) == CORDON_OK ? n : 0;
}

static inline size_t mpmc_n_pop(void *from, void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_mpmc_try_pop_n(from, items, n) == CORDON_OK ? n : 0;
}

static inline size_t mpmc_some_push(void *to, const void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_mpmc_try_push_some(to, items, n);
}

static inline size_t mpmc_some_pop(void *from, void *items, size_t n, size_t size)
{
    (void)size;
    return cordon_mpmc_try_pop_some(from, items, n);
}

#define mpmc_n_pop_rest    mpmc_some_pop
#define mpmc_some_pop_rest mpmc_some_pop
RING_BATCH(mpmc_n, false)
RING_BATCH(mpmc_some, false)

/* The ticket stays in the loop's scratch. */
_Static_assert(sizeof(struct cordon_mpmc_ticket) <= RING_SCRATCH * sizeof(uint64_t), "no room");

static inline void *mpmc_place_reserve(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    (void)size;
    *n = 1;
    return cordon_mpmc_reserve(ring, (void *)scratch);
}

static inline void mpmc_place_commit(void *ring, size_t n, uint64_t *scratch)
{
    (void)n;
    cordon_mpmc_commit(ring, (void *)scratch);
}

static inline void *mpmc_place_peek(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    (void)size;
    *n = 1;
    return cordon_mpmc_peek(ring, (void *)scratch);
}

static inline void mpmc_place_release(void *ring, size_t n, uint64_t *scratch)
{
    (void)n;
    cordon_mpmc_release(ring, (void *)scratch);
}

RING_PLACE(mpmc_place, false)

static const struct ring_candidate candidates[] = {
    {"spsc", "cordon", "cordon_spsc_try_push, _try_pop", RING_PAIR | RING_SINGLE, spsc_create,
     spsc_destroy, RING_CALLS(spsc)},
    {"spsc-block", "cordon", "cordon_spsc_push, _pop: they sleep if they must",
     RING_PAIR | RING_SINGLE | RING_BLOCKS, spsc_create, spsc_destroy, RING_CALLS(spsc_block)},
    {"spsc-place", "cordon", "cordon_spsc_reserve, _commit, _peek, _release: in place",
     RING_PAIR | RING_SINGLE | RING_BATCHES, spsc_create, spsc_destroy,
     RING_ONE_WAY_CALLS(spsc_place)},
    {"spsc-n", "cordon", "cordon_spsc_try_push_n, _try_pop_n: all or none",
     RING_PAIR | RING_BATCHES, spsc_create, spsc_destroy, RING_ONE_WAY_CALLS(spsc_n)},
    {"spsc-some", "cordon", "cordon_spsc_try_push_some, _try_pop_some: what fits",
     RING_PAIR | RING_BATCHES, spsc_create, spsc_destroy, RING_ONE_WAY_CALLS(spsc_some)},
    {"mpmc", "cordon", "cordon_mpmc_try_push, _try_pop", RING_SINGLE, mpmc_create, mpmc_destroy,
     RING_CALLS(mpmc)},
    {"mpmc-block", "cordon", "cordon_mpmc_push, _pop: they sleep if they must",
     RING_SINGLE | RING_BLOCKS, mpmc_create, mpmc_destroy, RING_CALLS(mpmc_block)},
    {"mpmc-place", "cordon", "cordon_mpmc_reserve, _commit, _peek, _release: in place", RING_SINGLE,
     mpmc_create, mpmc_destroy, RING_ONE_WAY_CALLS(mpmc_place)},
    {"mpmc-n", "cordon", "cordon_mpmc_try_push_n, _try_pop_n: all or none", RING_BATCHES,
     mpmc_create, mpmc_destroy, RING_ONE_WAY_CALLS(mpmc_n)},
    {"mpmc-some", "cordon", "cordon_mpmc_try_push_some, _try_pop_some: what fits", RING_BATCHES,
     mpmc_create, mpmc_destroy, RING_ONE_WAY_CALLS(mpmc_some)},
};

const struct ring_family ring_cordon = RING_FAMILY(candidates);
