/* candidates.c - all queues that were built in: ours, the references, and the peers that were installed
 * (BENCH_RING_NAME for each), and the names of those that were not.
 */
#include "rings.h"

const unsigned ring_size[RING_SIZES] = {
#define BYTES(bytes) bytes,
    RING_EVERY_SIZE(BYTES)};

static const struct ring_family *const families[] = {
    &ring_cordon,
#ifdef BENCH_RING_CK
    &ring_ck,
#endif
#ifdef BENCH_RING_DPDK
    &ring_dpdk,
#endif
#ifdef BENCH_RING_BOOST
    &ring_boost,
#endif
#ifdef BENCH_RING_MOODYCAMEL_SPSC
    &ring_moodycamel_spsc,
#endif
#ifdef BENCH_RING_MOODYCAMEL
    &ring_moodycamel,
#endif
#ifdef BENCH_RING_TBB
    &ring_tbb,
#endif
#ifdef BENCH_RING_URCU
    &ring_urcu,
#endif
#ifdef BENCH_RING_RIGTORP_SPSC
    &ring_rigtorp_spsc,
#endif
#ifdef BENCH_RING_RIGTORP_MPMC
    &ring_rigtorp_mpmc,
#endif
    &ring_turn,
    &ring_mutex,
#ifdef BENCH_RING_BROKEN
    &ring_broken, /* of the tests */
#endif
};

const struct ring_candidate *ring_candidate_at(unsigned index)
{
    for (size_t i = 0; i < sizeof families / sizeof *families; ++i) {
        if (index < families[i]->count) {
            return &families[i]->candidate[index];
        }
        index -= families[i]->count;
    }
    return NULL;
}

const char *ring_absent(void)
{
    return BENCH_RINGS_ABSENT;
}
