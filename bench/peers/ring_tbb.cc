// ring_tbb.cc - oneTBB's concurrent_bounded_queue.
#include "ring_item.hh"

#include <tbb/concurrent_queue.h>

template <size_t size> struct crowd_queue : tbb::concurrent_bounded_queue<ring_item<size>> {
    explicit crowd_queue(size_t capacity)
    {
        this->set_capacity(static_cast<std::ptrdiff_t>(capacity));
    }
};

RING_QUEUE(bounded, crowd_queue)

template <size_t size> static inline bool bounded_push(void *to, const void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(to)->try_push(ring_item_at<size>(item));
}

template <size_t size> static inline bool bounded_pop(void *from, void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(from)->try_pop(ring_item_at<size>(item));
}

RING_EACH(bounded, false)

static const ring_candidate candidates[] = {
    {"tbb-bounded", "tbb", "tbb::concurrent_bounded_queue::try_push, try_pop", RING_SINGLE,
     bounded_create, bounded_destroy, RING_CALLS(bounded)},
};

const ring_family ring_tbb = RING_FAMILY(candidates);
