/* sites.c - see sites.h */
#include "sites.h"

#include "check.h"
#include "native.h"

#include <sched.h>
#include <stdlib.h>

int sites_serving = -1;

static struct site *sites; /* an open hash table by pc */
static size_t slots, count;

static struct site *slot_of(uintptr_t pc)
{
    size_t i = (size_t)((uint64_t)pc * UINT64_C(0x9E3779B97F4A7C15) >> 32) & (slots - 1);
    while (sites[i].pc && sites[i].pc != pc) {
        i = (i + 1) & (slots - 1);
    }
    return &sites[i];
}

static void grow(void)
{
    struct site *old = sites;
    const size_t old_slots = slots;
    slots = slots ? 2 * slots : 64;
    sites = calloc(slots, sizeof *sites);
    for (size_t i = 0; i < old_slots; ++i) {
        if (old[i].pc) {
            *slot_of(old[i].pc) = old[i];
        }
    }
    free(old);
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
    struct site *site = slot_of(pc);
    if (!site->pc) {
        *site = (struct site){
            .pc = pc, .kind = e->kind, .op = e->op, .order = e->order, .failure = e->failure};
        ++count;
    }
    ++site->count;
    const struct mutation *mutation = &options.mutation;
    for (int i = 0; i < mutation->count; ++i) {
        if (mutation->pc[i] == pc) {
            e->order = e->success = mutation->order[i] == NO_FENCE ? RELAXED : mutation->order[i];
            e->failure = mutation->failure[i];
        }
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
        if (!sites[i].pc) {
            continue;
        }
        int k = 0;
        while (k < result->site_count && result->site[k].pc != sites[i].pc) {
            ++k;
        }
        if (k < result->site_count) {
            result->site[k].count += sites[i].count;
        } else if (k < MAX_SITES) {
            result->site[k] = sites[i];
            ++result->site_count;
        }
        sites[i].count = 0;
    }
    atomic_store_explicit(&result->lock, 0, memory_order_release);
}
