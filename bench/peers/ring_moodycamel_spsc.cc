// ring_moodycamel_spsc.cc - C. Desrochers' ReaderWriterQueue.
#include "ring_item.hh"

#include <readerwriterqueue/readerwriterqueue.h>

template <size_t size> using pair_queue = moodycamel::ReaderWriterQueue<ring_item<size>>;

RING_QUEUE(rwq, pair_queue)

template <size_t size> static inline bool rwq_push(void *to, const void *item, size_t)
{
    return static_cast<pair_queue<size> *>(to)->try_enqueue(ring_item_at<size>(item));
}

template <size_t size> static inline bool rwq_pop(void *from, void *item, size_t)
{
    return static_cast<pair_queue<size> *>(from)->try_dequeue(ring_item_at<size>(item));
}

RING_EACH(rwq, true)

static const ring_candidate candidates[] = {
    {"moody-rwq", "moodycamel", "moodycamel::ReaderWriterQueue::try_enqueue, try_dequeue",
     RING_PAIR | RING_SINGLE | RING_ABOUT, rwq_create, rwq_destroy, RING_CALLS(rwq)},
};

const ring_family ring_moodycamel_spsc = RING_FAMILY(candidates);
