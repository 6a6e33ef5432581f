// ring_rigtorp_spsc.cc - E. Rigtorp's SPSCQueue.
#include "ring_item.hh"

#include <rigtorp/SPSCQueue.h>

template <size_t size> using pair_queue = rigtorp::SPSCQueue<ring_item<size>>;

RING_QUEUE(spsc, pair_queue)

template <size_t size> static inline bool spsc_push(void *to, const void *item, size_t)
{
    return static_cast<pair_queue<size> *>(to)->try_push(ring_item_at<size>(item));
}

template <size_t size> static inline bool spsc_pop(void *from, void *item, size_t)
{
    auto *queue = static_cast<pair_queue<size> *>(from);
    const ring_item<size> *front = queue->front();
    if (front == nullptr) {
        return false;
    }
    ring_item_at<size>(item) = *front;
    queue->pop();
    return true;
}

RING_EACH(spsc, true)

static const ring_candidate candidates[] = {
    {"rigtorp-spsc", "rigtorp", "rigtorp::SPSCQueue::try_push, front, pop", RING_PAIR | RING_SINGLE,
     spsc_create, spsc_destroy, RING_CALLS(spsc)},
};

const ring_family ring_rigtorp_spsc = RING_FAMILY(candidates);
