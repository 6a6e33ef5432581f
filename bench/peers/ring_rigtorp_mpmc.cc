// ring_rigtorp_mpmc.cc - E. Rigtorp's MPMCQueue: its calls that wait (they spin, and never yield), and those
// that do not.
#include "ring_item.hh"

#include <rigtorp/MPMCQueue.h>

template <size_t size> using crowd_queue = rigtorp::MPMCQueue<ring_item<size>>;

RING_QUEUE(mpmc, crowd_queue)

template <size_t size> static inline bool try_push(void *to, const void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(to)->try_push(ring_item_at<size>(item));
}

template <size_t size> static inline bool try_pop(void *from, void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(from)->try_pop(ring_item_at<size>(item));
}

RING_EACH(try, false)

template <size_t size> static inline bool mpmc_push(void *to, const void *item, size_t)
{
    static_cast<crowd_queue<size> *>(to)->push(ring_item_at<size>(item));
    return true;
}

template <size_t size> static inline bool mpmc_pop(void *from, void *item, size_t)
{
    static_cast<crowd_queue<size> *>(from)->pop(ring_item_at<size>(item));
    return true;
}

RING_BLOCKING(mpmc, false)

static const ring_candidate candidates[] = {
    {"rigtorp-mpmc", "rigtorp", "rigtorp::MPMCQueue::push, pop", RING_SINGLE | RING_BLOCKS,
     mpmc_create, mpmc_destroy, RING_CALLS(mpmc)},
    {"rigtorp-mpmc-try", "rigtorp", "rigtorp::MPMCQueue::try_push, try_pop", RING_SINGLE,
     mpmc_create, mpmc_destroy, RING_CALLS(try)},
};

const ring_family ring_rigtorp_mpmc = RING_FAMILY(candidates);
