/* Store buffering, the shape that every full fence must forbid: of two threads that each store,
 * fence and load what the other stored, at least one sees the other. Run with each helper that
 * promises it, and once with none, to show that the harness can see what the fences forbid. And
 * message passing through fences over plain payload, which ThreadSanitizer must not report.
 */
#include "stress.h"

#include <cordon/fence.h>

enum kind { NONE, FULL, STORE_LOAD, STORE_FULL, ASYMMETRIC };

struct pair {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) flag[2 * CORDON_LINE / sizeof(uint32_t)];
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) arrived;
    uint32_t seen[2];
    enum kind kind;
    unsigned long rounds, both_missed;
};

static void store_then_fence(CORDON_ATOMIC(uint32_t) * mine, uint32_t value, enum kind kind,
                             unsigned index)
{
    if (kind == STORE_FULL) {
        cordon_store_full(mine, value);
        return;
    }
    atomic_store_explicit(mine, value, memory_order_relaxed);
    if (kind == FULL) {
        cordon_fence_full();
    } else if (kind == STORE_LOAD) {
        cordon_fence_store_load();
    } else if (kind == ASYMMETRIC && index == 0) {
        cordon_fence_light();
    } else if (kind == ASYMMETRIC) {
        CHECK(cordon_fence_heavy(), "heavy fence refused");
    }
}

static void meet(struct pair *pair, uint32_t target)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    atomic_fetch_add_explicit(&pair->arrived, 1, memory_order_acq_rel);
    while (atomic_load_explicit(&pair->arrived, memory_order_acquire) < target) {
        cordon_wait_step(&waiter);
    }
}

static void duel(unsigned index, void *argument)
{
    struct pair *pair = (struct pair *)argument;
    CORDON_ATOMIC(uint32_t) *mine = &pair->flag[index * CORDON_LINE / sizeof(uint32_t)];
    CORDON_ATOMIC(uint32_t) *other = &pair->flag[(1 - index) * CORDON_LINE / sizeof(uint32_t)];
    for (uint32_t round = 1; round <= pair->rounds; ++round) {
        meet(pair, 4 * (round - 1) + 2);
        store_then_fence(mine, round, pair->kind, index);
        pair->seen[index] = atomic_load_explicit(other, memory_order_relaxed);
        meet(pair, 4 * (round - 1) + 4);
        if (index == 0 && pair->seen[0] != round && pair->seen[1] != round) {
            ++pair->both_missed;
        }
    }
}

static unsigned long missed(enum kind kind, unsigned long rounds)
{
    static struct pair pair;
    pair.kind = kind;
    pair.rounds = stress_scale(rounds);
    pair.both_missed = 0;
    atomic_store_explicit(&pair.arrived, 0, memory_order_relaxed);
    stress_run(2, duel, &pair);
    return pair.both_missed;
}

static struct {
    CORDON_ATOMIC(uint32_t) ready;
    unsigned long payload;
} box;

static void message(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0) {
        box.payload = 42;
        cordon_fence_store_store();
        atomic_store_explicit(&box.ready, 1, memory_order_relaxed);
    } else {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        while (atomic_load_explicit(&box.ready, memory_order_relaxed) == 0) {
            cordon_wait_step(&waiter);
        }
        cordon_fence_load_load();
        CHECK(box.payload == 42, "read %lu", box.payload);
    }
}

int main(void)
{
    static const char *const names[] = {"none", "full", "store_load", "store_full", "asymmetric"};
    for (int kind = NONE; kind <= ASYMMETRIC; ++kind) {
        const unsigned long both = missed((enum kind)kind, kind == ASYMMETRIC ? 20000 : 200000);
        printf("store buffering, fence %-10s: both loads missed the store %lu times\n", names[kind],
               both);
        CHECK(kind == NONE || both == 0, "%s does not order a store before a load", names[kind]);
    }
    stress_run(2, message, NULL);
    return 0;
}
