// ring_boost.cc - Boost.Lockfree's spsc_queue and queue.
#include "ring_item.hh"

#include <boost/lockfree/queue.hpp>
#include <boost/lockfree/spsc_queue.hpp>

template <size_t size> using pair_queue = boost::lockfree::spsc_queue<ring_item<size>>;
template <size_t size>
using crowd_queue = boost::lockfree::queue<ring_item<size>, boost::lockfree::fixed_sized<true>>;

RING_QUEUE(spsc, pair_queue)
RING_QUEUE(queue, crowd_queue)

template <size_t size> static inline bool spsc_push(void *to, const void *item, size_t)
{
    return static_cast<pair_queue<size> *>(to)->push(ring_item_at<size>(item));
}

template <size_t size> static inline bool spsc_pop(void *from, void *item, size_t)
{
    return static_cast<pair_queue<size> *>(from)->pop(ring_item_at<size>(item));
}

RING_EACH(spsc, true)

template <size_t size>
static inline size_t spsc_array_push(void *to, const void *items, size_t n, size_t)
{
    return static_cast<pair_queue<size> *>(to)->push(&ring_item_at<size>(items), n);
}

template <size_t size>
static inline size_t spsc_array_pop(void *from, void *items, size_t n, size_t)
{
    return static_cast<pair_queue<size> *>(from)->pop(&ring_item_at<size>(items), n);
}

#define spsc_array_pop_rest spsc_array_pop
RING_BATCH(spsc_array, true)

template <size_t size> static inline bool queue_push(void *to, const void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(to)->push(ring_item_at<size>(item));
}

template <size_t size> static inline bool queue_pop(void *from, void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(from)->pop(ring_item_at<size>(item));
}

RING_EACH(queue, false)

static const ring_candidate candidates[] = {
    {"boost-spsc", "boost", "boost::lockfree::spsc_queue::push, pop", RING_PAIR | RING_SINGLE,
     spsc_create, spsc_destroy, RING_CALLS(spsc)},
    {"boost-spsc-array", "boost", "boost::lockfree::spsc_queue::push, pop of arrays: what fits",
     RING_PAIR | RING_BATCHES, spsc_create, spsc_destroy, RING_ONE_WAY_CALLS(spsc_array)},
    {"boost-queue", "boost", "boost::lockfree::queue::push, pop; of a fixed size", RING_SINGLE,
     queue_create, queue_destroy, RING_CALLS(queue)},
};

const ring_family ring_boost = RING_FAMILY(candidates);
