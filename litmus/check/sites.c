/* sites.c - see sites.h */
#include "sites.h"

#include "check.h"
#include "native.h"

#include <sched.h>
#include <stdlib.h>

int sites_serving = -1;

/* An open hash table by pc. */
static struct slot {
    struct site site;
    bool mutated; /* to these orders */
    uint8_t order, failure;
} * sites;
static size_t slots, count;

static struct slot *slot_of(uintptr_t pc)
{
    size_t i = (size_t)((uint64_t)pc * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (slots - 1);
    while (sites[i].site.pc && sites[i].site.pc != pc) {
        i = (i + 1) & (slots - 1);
    }
    return &sites[i];
}

static void grow(void)
{
    struct slot *old = sites;
    const size_t old_slots = slots;
    slots = slots ? 2 * slots : 64;
    sites = calloc(slots, sizeof *sites);
    for (size_t i = 0; i < old_slots; ++i) {
        if (old[i].site.pc) {
            *slot_of(old[i].site.pc) = old[i];
        }
    }
    free(old);
}

static void find_orders(struct slot *slot)
{
    const struct mutation *mutation = &options.mutation;
    slot->mutated = mutation->strongest && slot->site.order != HEAVY; /* there is none stronger */
    slot->order = slot->failure = SEQ_CST;
    for (int i = 0; i < mutation->count; ++i) {
        if (mutation->at[i].pc == slot->site.pc) {
            slot->mutated = true;
            slot->order = mutation->at[i].order == NO_FENCE ? RELAXED : mutation->at[i].order;
            slot->failure = mutation->at[i].failure;
        }
    }
}

void sites_apply(struct event *e)
{
    if (e->kind > FENCE || e->pc == 0 || e->order == PLAIN) {
        return;
    }
    if (2 * count >= slots) {
        grow();
    }
    const uintptr_t pc = e->pc - native_base();
    struct slot *slot = slot_of(pc);
    if (!slot->site.pc) {
        slot->site = (struct site){
            .pc = pc, .kind = e->kind, .op = e->op, .order = e->order, .failure = e->failure};
        find_orders(slot);
        ++count;
    }
    ++slot->site.count;
    if (slot->mutated) {
        e->order = e->success = slot->order;
        e->failure = slot->failure;
    }
}

void sites_flush(void)
{
    int free_lock = 0;
    while (!atomic_compare_exchange_weak_explicit(&result->lock, &free_lock, 1,
                                                  memory_order_acquire, memory_order_relaxed)) {
        free_lock = 0;
        sched_yield();
    }
    for (size_t i = 0; i < slots; ++i) {
        if (!sites[i].site.pc) {
            continue;
        }
        int k = 0;
        while (k < result->site_count && result->site[k].pc != sites[i].site.pc) {
            ++k;
        }
        if (k < result->site_count) {
            result->site[k].count += sites[i].site.count;
        } else if (k < MAX_SITES) {
            result->site[k] = sites[i].site;
            ++result->site_count;
        }
        sites[i].site.count = 0;
    }
    atomic_store_explicit(&result->lock, 0, memory_order_release);
}
