/* ring_dpdk.c - DPDK's rte_ring, over memory of our own; its environment (EAL) is not started. Compiled
 * without strict aliasing (../rings/CMakeLists.txt): its copies do not keep to the type of what they copy.
 */
#include "rings/loops.h"

#include <sys/types.h> /* ssize_t, which rte_ring.h takes for granted */

#include <rte_ring.h>
#include <rte_ring_elem.h>
#include <rte_ring_peek_zc.h>

static void *create(size_t capacity, size_t size, unsigned flags)
{
    const ssize_t bytes = rte_ring_get_memsize_elem((unsigned)size, (unsigned)capacity);
    struct rte_ring *ring = bytes > 0 ? ring_memory((size_t)bytes) : NULL;
    if (ring != NULL && rte_ring_init(ring, "bench", (unsigned)capacity, flags) != 0) {
        free(ring);
        return NULL;
    }
    return ring;
}

static void *create_sp_sc(size_t capacity, size_t size)
{
    return create(capacity, size, RING_F_SP_ENQ | RING_F_SC_DEQ);
}

static void *create_mt(size_t capacity, size_t size)
{
    return create(capacity, size, 0);
}

static void *create_hts(size_t capacity, size_t size)
{
    return create(capacity, size, RING_F_MP_HTS_ENQ | RING_F_MC_HTS_DEQ);
}

static void *create_rts(size_t capacity, size_t size)
{
    return create(capacity, size, RING_F_MP_RTS_ENQ | RING_F_MC_RTS_DEQ);
}

static void destroy(void *ring, size_t size)
{
    (void)size;
    free(ring);
}

/* DPDK(NAME, SP, SC, PAIR) - the loops, one at a time and in batches, around the calls of one way of
 * synchronising: producers SP, consumers SC.
 */
#define DPDK(name, sp, sc, pair)                                                                   \
    static inline bool name##_push(void *to, const void *item, size_t size)                        \
    {                                                                                              \
        return rte_ring_##sp##_enqueue_bulk_elem(to, item, (unsigned)size, 1, NULL) != 0;          \
    }                                                                                              \
    static inline bool name##_pop(void *from, void *item, size_t size)                             \
    {                                                                                              \
        return rte_ring_##sc##_dequeue_bulk_elem(from, item, (unsigned)size, 1, NULL) != 0;        \
    }                                                                                              \
    RING_EACH(name, pair)                                                                          \
    static inline size_t name##_bulk_push(void *to, const void *items, size_t n, size_t size)      \
    {                                                                                              \
        return rte_ring_##sp##_enqueue_bulk_elem(to, items, (unsigned)size, (unsigned)n, NULL);    \
    }                                                                                              \
    static inline size_t name##_bulk_pop(void *from, void *items, size_t n, size_t size)           \
    {                                                                                              \
        return rte_ring_##sc##_dequeue_bulk_elem(from, items, (unsigned)size, (unsigned)n, NULL);  \
    }                                                                                              \
    static inline size_t name##_bulk_pop_rest(void *from, void *items, size_t n, size_t size)      \
    {                                                                                              \
        return rte_ring_##sc##_dequeue_burst_elem(from, items, (unsigned)size, (unsigned)n, NULL); \
    }                                                                                              \
    RING_BATCH(name##_bulk, pair)

DPDK(sp_sc, sp, sc, true)
DPDK(mt, mp, mc, false)
DPDK(hts, mp_hts, mc_hts, false)
DPDK(rts, mp_rts, mc_rts, false)

/* In place, as far as the slots lie side by side. */
static inline void *zc_reserve(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    struct rte_ring_zc_data data;
    (void)scratch;
    const unsigned got =
        rte_ring_enqueue_zc_burst_elem_start(ring, (unsigned)size, (unsigned)*n, &data, NULL);
    *n = got < data.n1 ? got : data.n1;
    return got > 0 ? data.ptr1 : NULL;
}

static inline void zc_commit(void *ring, size_t n, uint64_t *scratch)
{
    (void)scratch;
    rte_ring_enqueue_zc_elem_finish(ring, (unsigned)n);
}

static inline void *zc_peek(void *ring, size_t *n, uint64_t *scratch, size_t size)
{
    struct rte_ring_zc_data data;
    (void)scratch;
    const unsigned got =
        rte_ring_dequeue_zc_burst_elem_start(ring, (unsigned)size, (unsigned)*n, &data, NULL);
    *n = got < data.n1 ? got : data.n1;
    return got > 0 ? data.ptr1 : NULL;
}

static inline void zc_release(void *ring, size_t n, uint64_t *scratch)
{
    (void)scratch;
    rte_ring_dequeue_zc_elem_finish(ring, (unsigned)n);
}

#define sp_sc_zc_reserve zc_reserve
#define sp_sc_zc_commit  zc_commit
#define sp_sc_zc_peek    zc_peek
#define sp_sc_zc_release zc_release
RING_PLACE(sp_sc_zc, true)

static const struct ring_candidate candidates[] = {
    {"dpdk-sp-sc", "dpdk", "rte_ring_sp_enqueue_elem, rte_ring_sc_dequeue_elem",
     RING_PAIR | RING_SINGLE | RING_ONE_LESS, create_sp_sc, destroy, RING_CALLS(sp_sc)},
    {"dpdk-sp-sc-bulk", "dpdk", "rte_ring_sp_enqueue_bulk_elem, _sc_dequeue_bulk_elem",
     RING_PAIR | RING_BATCHES | RING_ONE_LESS, create_sp_sc, destroy,
     RING_ONE_WAY_CALLS(sp_sc_bulk)},
    {"dpdk-sp-sc-zc", "dpdk", "rte_ring_enqueue_zc_burst_elem_start, _finish, ...: in place",
     RING_PAIR | RING_SINGLE | RING_BATCHES | RING_ONE_LESS, create_sp_sc, destroy,
     RING_ONE_WAY_CALLS(sp_sc_zc)},
    {"dpdk-mt", "dpdk", "rte_ring_mp_enqueue_elem, rte_ring_mc_dequeue_elem",
     RING_SINGLE | RING_ONE_LESS, create_mt, destroy, RING_CALLS(mt)},
    {"dpdk-mt-bulk", "dpdk", "rte_ring_mp_enqueue_bulk_elem, _mc_dequeue_bulk_elem",
     RING_BATCHES | RING_ONE_LESS, create_mt, destroy, RING_ONE_WAY_CALLS(mt_bulk)},
    {"dpdk-hts", "dpdk", "rte_ring_mp_hts_enqueue_bulk_elem, ...: head and tail in step",
     RING_SINGLE | RING_ONE_LESS, create_hts, destroy, RING_CALLS(hts)},
    {"dpdk-hts-bulk", "dpdk", "the same, several at once", RING_BATCHES | RING_ONE_LESS, create_hts,
     destroy, RING_ONE_WAY_CALLS(hts_bulk)},
    {"dpdk-rts", "dpdk", "rte_ring_mp_rts_enqueue_bulk_elem, ...: relaxed tail",
     RING_SINGLE | RING_ONE_LESS, create_rts, destroy, RING_CALLS(rts)},
    {"dpdk-rts-bulk", "dpdk", "the same, several at once", RING_BATCHES | RING_ONE_LESS, create_rts,
     destroy, RING_ONE_WAY_CALLS(rts_bulk)},
};

const struct ring_family ring_dpdk = RING_FAMILY(candidates);
