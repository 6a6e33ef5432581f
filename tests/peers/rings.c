/* The rings beside those of Concurrency Kit, and beside liburcu's wait-free concurrent queue, an
 * unbounded FIFO. Alone, the same calls must get the same answers; among threads, every item must
 * arrive once, and those of one producer in their order.
 */
#include "../stress/stress.h"

#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>

#include <ck_ring.h>
#include <urcu/wfcqueue.h>

#include <string.h>

enum { SLOTS = 64, CAPACITY = SLOTS - 1, PRODUCERS = 2, CONSUMERS = 2, ITEMS = 200000 };

/* Of numbers from 0 to ITEMS - 1, each of which is pushed once at most. */
struct queue {
    const char *name;
    void (*init)(void);
    bool (*push)(uint64_t value);
    bool (*pop)(uint64_t *value);
    size_t (*size)(void); /* or NULL: not bounded either */
};

#define OURS(kind)                                                                            \
    static struct cordon_##kind our_##kind;                                                   \
    static uint64_t our_##kind##_memory[64 * SLOTS];                                          \
    static void our_##kind##_init(void)                                                       \
    {                                                                                         \
        const uintptr_t at = (uintptr_t)our_##kind##_memory;                                  \
        void *memory = (void *)((at + CORDON_LINE - 1) & ~(uintptr_t)(CORDON_LINE - 1));      \
        CHECK(cordon_##kind##_bytes(CAPACITY, sizeof(uint64_t)) + CORDON_LINE <=              \
                  sizeof our_##kind##_memory,                                                 \
              "memory");                                                                      \
        CHECK(cordon_##kind##_init(&our_##kind, memory, CAPACITY, sizeof(uint64_t)), "init"); \
    }                                                                                         \
    static bool our_##kind##_push(uint64_t value)                                             \
    {                                                                                         \
        return cordon_##kind##_try_push(&our_##kind, &value) == CORDON_OK;                    \
    }                                                                                         \
    static bool our_##kind##_pop(uint64_t *value)                                             \
    {                                                                                         \
        return cordon_##kind##_try_pop(&our_##kind, value) == CORDON_OK;                      \
    }                                                                                         \
    static size_t our_##kind##_size(void)                                                     \
    {                                                                                         \
        return cordon_##kind##_size(&our_##kind);                                             \
    }
OURS(spsc)
OURS(mpmc)

static ck_ring_t ck;
static ck_ring_buffer_t ck_buffer[SLOTS];

static void ck_init(void)
{
    ck_ring_init(&ck, SLOTS);
}

static size_t ck_size(void)
{
    return ck_ring_size(&ck);
}

#define THEIRS(kind)                                                                   \
    static bool ck_##kind##_push(uint64_t value)                                       \
    {                                                                                  \
        return ck_ring_enqueue_##kind(&ck, ck_buffer, (void *)(uintptr_t)(value + 1)); \
    }                                                                                  \
    static bool ck_##kind##_pop(uint64_t *value)                                       \
    {                                                                                  \
        void *item;                                                                    \
        if (!ck_ring_dequeue_##kind(&ck, ck_buffer, &item)) {                          \
            return false;                                                              \
        }                                                                              \
        *value = (uint64_t)(uintptr_t)item - 1;                                        \
        return true;                                                                   \
    }
THEIRS(spsc)
THEIRS(mpmc)

static struct cds_wfcq_head urcu_head;
static struct cds_wfcq_tail urcu_tail;
static struct cds_wfcq_node urcu_nodes[ITEMS];

static void urcu_init(void)
{
    cds_wfcq_init(&urcu_head, &urcu_tail);
}

static bool urcu_push(uint64_t value)
{
    cds_wfcq_node_init(&urcu_nodes[value]);
    cds_wfcq_enqueue(&urcu_head, &urcu_tail, &urcu_nodes[value]);
    return true;
}

static bool urcu_pop(uint64_t *value)
{
    struct cds_wfcq_node *node = cds_wfcq_dequeue_blocking(&urcu_head, &urcu_tail);
    if (node == NULL) {
        return false;
    }
    *value = (uint64_t)(node - urcu_nodes);
    return true;
}

static const struct queue spsc = {"spsc", our_spsc_init, our_spsc_push, our_spsc_pop,
                                  our_spsc_size};
static const struct queue mpmc = {"mpmc", our_mpmc_init, our_mpmc_push, our_mpmc_pop,
                                  our_mpmc_size};
static const struct queue ck_spsc = {"ck spsc", ck_init, ck_spsc_push, ck_spsc_pop, ck_size};
static const struct queue ck_mpmc = {"ck mpmc", ck_init, ck_mpmc_push, ck_mpmc_pop, ck_size};
static const struct queue urcu = {"urcu wfcqueue", urcu_init, urcu_push, urcu_pop, NULL};

/* The same calls, in turn: runs of pushes and of pops, so that both ends are reached. */
static void same_answers(const struct queue *ours, const struct queue *theirs)
{
    uint64_t random = 1, pushed = 0;
    unsigned long full = 0, empty = 0;
    ours->init();
    theirs->init();
    while (pushed < ITEMS) {
        random = random * 6364136223846793005u + 1442695040888963407u;
        const bool push = (random >> 63) != 0;
        for (uint64_t run = random >> 57 & 63; run > 0 && pushed < ITEMS; --run) {
            if (push && theirs->size == NULL && ours->size() == CAPACITY) {
                break;
            }
            uint64_t a = 0, b = 0;
            const bool did = push ? ours->push(pushed) : ours->pop(&a);
            const bool they = push ? theirs->push(pushed) : theirs->pop(&b);
            CHECK(did == they && a == b, "%s: %d, %lu; %s: %d, %lu", ours->name, did,
                  (unsigned long)a, theirs->name, they, (unsigned long)b);
            CHECK(theirs->size == NULL || ours->size() == theirs->size(), "%s: %zu; %s: %zu",
                  ours->name, ours->size(), theirs->name, theirs->size());
            pushed += push && did;
            full += push && !did;
            empty += !push && !did;
        }
    }
    CHECK(empty > 0 && (full > 0 || theirs->size == NULL), "neither end was reached");
}

/* Producer p pushes p, p + producers, p + 2 * producers, ... */
static struct {
    const struct queue *queue;
    unsigned producers;
    uint64_t items;
    CORDON_ATOMIC(uint64_t) popped;
    CORDON_ATOMIC(unsigned char) seen[ITEMS];
} work;

static void produce_or_consume(unsigned index, void *argument)
{
    (void)argument;
    const unsigned producers = work.producers;
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (index < producers) {
        for (uint64_t i = index; i < work.items; i += producers) {
            while (!work.queue->push(i)) {
                cordon_wait_step(&waiter);
            }
        }
        return;
    }
    uint64_t next[PRODUCERS] = {0}, value;
    while (atomic_load_explicit(&work.popped, memory_order_relaxed) < work.items) {
        if (!work.queue->pop(&value)) {
            cordon_wait_step(&waiter);
            continue;
        }
        CHECK(value < work.items, "%s made %lu up", work.queue->name, (unsigned long)value);
        CHECK(value >= next[value % producers], "%s: %lu came late", work.queue->name,
              (unsigned long)value);
        next[value % producers] = value + 1;
        CHECK(atomic_exchange_explicit(&work.seen[value], 1, memory_order_relaxed) == 0,
              "%s: %lu came twice", work.queue->name, (unsigned long)value);
        atomic_fetch_add_explicit(&work.popped, 1, memory_order_relaxed);
    }
}

static void workload(const struct queue *queue, unsigned producers, unsigned consumers)
{
    work.queue = queue;
    work.producers = producers;
    work.items = stress_scale(ITEMS - 1);
    atomic_store_explicit(&work.popped, 0, memory_order_relaxed);
    for (uint64_t i = 0; i < ITEMS; ++i) {
        atomic_store_explicit(&work.seen[i], 0, memory_order_relaxed);
    }
    queue->init();
    stress_run(producers + consumers, produce_or_consume, NULL);
    for (uint64_t i = 0; i < work.items; ++i) {
        CHECK(atomic_load_explicit(&work.seen[i], memory_order_relaxed) == 1, "%s lost %lu",
              queue->name, (unsigned long)i);
    }
    printf("%s: %u producers, %u consumers: %lu items\n", queue->name, producers, consumers,
           (unsigned long)work.items);
}

int main(void)
{
    same_answers(&spsc, &ck_spsc);
    same_answers(&mpmc, &ck_mpmc);
    same_answers(&spsc, &urcu);
    same_answers(&mpmc, &urcu);
    const struct queue *const two[] = {&spsc, &ck_spsc};
    for (size_t i = 0; i < sizeof two / sizeof *two; ++i) {
        workload(two[i], 1, 1);
    }
    const struct queue *const many[] = {&mpmc, &ck_mpmc, &urcu};
    for (size_t i = 0; i < sizeof many / sizeof *many; ++i) {
        workload(many[i], 1, 1);
        workload(many[i], PRODUCERS, CONSUMERS);
    }
    return 0;
}
