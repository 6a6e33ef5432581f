/* ring_turn.c - a reference: the queue of tickets and turns, as the strongest published ones work at single
 * items. A push takes a ticket with one fetch_add, which names a slot and a lap; each slot, on lines of its
 * own, has a turn that says whose it is (2 * lap: the push of that lap, 2 * lap + 1: the pop of it). A call
 * that has its ticket waits for its turn and cannot give up. Waits as the loops do (cordon_wait_step).
 *
 * After E. Rigtorp's MPMCQueue and Facebook's folly::MPMCQueue, which work so; none of their code is here.
 */
#include "rings/loops.h"

/* As dense as lines are on most processors. */
#define SLOT 64

struct queue {
    CORDON_ALIGNED(CORDON_LINE) unsigned char *slots;
    size_t mask, stride;
    unsigned lap; /* a ticket's lap is what is left of it after so many bits */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) tail;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) head;
};

struct slot {
    CORDON_ATOMIC(uint64_t) turn;
    uint64_t word[];
};

static void *create(size_t capacity, size_t size)
{
    struct queue *queue = ring_memory(sizeof *queue);
    const size_t stride = (sizeof(struct slot) + size + SLOT - 1) / SLOT * SLOT;
    if (queue != NULL && (queue->slots = ring_memory(capacity * stride)) == NULL) {
        free(queue);
        return NULL;
    }
    if (queue != NULL) {
        queue->stride = stride;
        queue->mask = capacity - 1;
        while ((size_t)1 << queue->lap < capacity) {
            ++queue->lap;
        }
    }
    return queue;
}

static void destroy(void *ring, size_t size)
{
    struct queue *queue = ring;
    (void)size;
    free(queue->slots);
    free(queue);
}

static inline struct slot *slot_of(const struct queue *queue, uint64_t ticket)
{
    return (struct slot *)(void *)(queue->slots + (ticket & queue->mask) * queue->stride);
}

static inline void await_turn(const struct slot *slot, uint64_t turn)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (atomic_load_explicit(&slot->turn, memory_order_acquire) != turn) { /* A0 <- R0, R1 */
        cordon_wait_step(&waiter);
    }
}

static inline bool turn_push(void *to, const void *item, size_t size)
{
    struct queue *queue = to;
    const uint64_t ticket = atomic_fetch_add_explicit(&queue->tail, 1, memory_order_relaxed);
    struct slot *slot = slot_of(queue, ticket);
    const uint64_t turn = ticket >> queue->lap << 1;
    await_turn(slot, turn);
    memcpy(slot->word, item, size);
    atomic_store_explicit(&slot->turn, turn + 1, memory_order_release); /* R0 -> A0 */
    return true;
}

static inline bool turn_pop(void *from, void *item, size_t size)
{
    struct queue *queue = from;
    const uint64_t ticket = atomic_fetch_add_explicit(&queue->head, 1, memory_order_relaxed);
    struct slot *slot = slot_of(queue, ticket);
    const uint64_t turn = ticket >> queue->lap << 1;
    await_turn(slot, turn + 1);
    memcpy(item, slot->word, size);
    atomic_store_explicit(&slot->turn, turn + 2, memory_order_release); /* R1 -> A0 */
    return true;
}

RING_BLOCKING(turn, false)

static const struct ring_candidate candidates[] = {
    {"turn", "reference", "turn queue (reference): tickets by fetch_add, a turn in each slot",
     RING_SINGLE | RING_BLOCKS, create, destroy, RING_CALLS(turn)},
};

const struct ring_family ring_turn = RING_FAMILY(candidates);
