// ring_moodycamel.cc - C. Desrochers' ConcurrentQueue: with and without its tokens, which are one for each
// thread and spare it a look-up. try_enqueue does not allocate; so it holds about the capacity.
#include "ring_item.hh"

#include <concurrentqueue/concurrentqueue.h>

template <size_t size> using crowd_queue = moodycamel::ConcurrentQueue<ring_item<size>>;

RING_QUEUE(cq, crowd_queue)

template <size_t size> static inline bool cq_push(void *to, const void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(to)->try_enqueue(ring_item_at<size>(item));
}

template <size_t size> static inline bool cq_pop(void *from, void *item, size_t)
{
    return static_cast<crowd_queue<size> *>(from)->try_dequeue(ring_item_at<size>(item));
}

RING_EACH(cq, false)

// One thread's end of it.
template <size_t size, class Token> struct end {
    crowd_queue<size> *queue;
    Token token;
    explicit end(void *ring) : queue(static_cast<crowd_queue<size> *>(ring)), token(*queue)
    {
    }
};
template <size_t size> using producer_end = end<size, moodycamel::ProducerToken>;
template <size_t size> using consumer_end = end<size, moodycamel::ConsumerToken>;

template <size_t size> static inline bool token_push(void *to, const void *item, size_t)
{
    auto *mine = static_cast<producer_end<size> *>(to);
    return mine->queue->try_enqueue(mine->token, ring_item_at<size>(item));
}

template <size_t size> static inline bool token_pop(void *from, void *item, size_t)
{
    auto *mine = static_cast<consumer_end<size> *>(from);
    return mine->queue->try_dequeue(mine->token, ring_item_at<size>(item));
}

template <size_t size> static void token_produce(ring_side *side)
{
    producer_end<size> mine(side->ring);
    ring_produce_each(side, &mine, size, token_push<size>);
}

template <size_t size> static void token_consume(ring_side *side)
{
    consumer_end<size> mine(side->ring);
    ring_consume_each(side, &mine, size, false, token_pop<size>);
}

template <size_t size> static inline size_t bulk_push(void *to, const void *items, size_t n, size_t)
{
    auto *mine = static_cast<producer_end<size> *>(to);
    return mine->queue->try_enqueue_bulk(mine->token, &ring_item_at<size>(items), n) ? n : 0;
}

template <size_t size> static inline size_t bulk_pop(void *from, void *items, size_t n, size_t)
{
    auto *mine = static_cast<consumer_end<size> *>(from);
    return mine->queue->try_dequeue_bulk(mine->token, &ring_item_at<size>(items), n);
}

template <size_t size> static void bulk_produce(ring_side *side)
{
    producer_end<size> mine(side->ring);
    ring_produce_batch(side, &mine, size, bulk_push<size>);
}

template <size_t size> static void bulk_consume(ring_side *side)
{
    consumer_end<size> mine(side->ring);
    ring_consume_batch(side, &mine, size, false, bulk_pop<size>, bulk_pop<size>);
}

static const ring_candidate candidates[] = {
    {"moody-cq", "moodycamel", "moodycamel::ConcurrentQueue::try_enqueue, try_dequeue",
     RING_SINGLE | RING_ABOUT, cq_create, cq_destroy, RING_CALLS(cq)},
    {"moody-cq-token", "moodycamel", "the same, with a token for each thread",
     RING_SINGLE | RING_ABOUT, cq_create, cq_destroy, RING_ONE_WAY_CALLS(token)},
    {"moody-cq-bulk", "moodycamel", "try_enqueue_bulk, try_dequeue_bulk, with tokens",
     RING_BATCHES | RING_ABOUT, cq_create, cq_destroy, RING_ONE_WAY_CALLS(bulk)},
};

const ring_family ring_moodycamel = RING_FAMILY(candidates);
