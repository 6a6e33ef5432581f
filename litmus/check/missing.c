/* missing.c - the synchronisation that is missing between two accesses.
 *
 * We ask how few accesses would have to be stronger for the first to happen before the second. What
 * an event knows of the first comes to it in four ways, just as the four views that event_views
 * computes: happens-before itself, what its last release fence knew, what the writes it has read
 * carried (an acquire fence would learn it), and what a write carries itself. Each of these costs as
 * many accesses as are too weak on the cheapest way there; the events are taken in an order in which
 * all they depend on comes first.
 */
#define _GNU_SOURCE
#include "missing.h"

#include "check.h"
#include "label.h"
#include "synchronise.h"

#include <stdlib.h>
#include <string.h>

enum way { HB, RELF, PEND, MSG, WAYS };
enum {
    WEAK = 1 << 16, /* an access that is too weak costs more than any number of reads on the way */
    HOP = 1,
    NEVER = 1 << 30
};

/* The cheapest way to know of the first access. */
struct knowledge {
    int cost;
    int32_t from;
    uint8_t from_way;
    bool weak, hop;
};

static struct knowledge (*known)[WAYS]; /* by event */

static void learn(int32_t event, enum way way, int32_t from, enum way from_way, bool weak, bool hop)
{
    const int before = known[from][from_way].cost;
    const int cost = before + (weak ? WEAK : 0) + (hop ? HOP : 0);
    if (before < NEVER && cost < known[event][way].cost) {
        known[event][way] = (struct knowledge){cost, from, (uint8_t)from_way, weak, hop};
    }
}

static void learn_event(int32_t name)
{
    const struct event *e = &events[name];
    const bool release = sync_always() || is_release(e->order);
    const bool acquire = sync_always() || is_acquire(e->order);
    if (e->index > 0) {
        const int32_t previous = graph->thread[e->thread].at[e->index - 1];
        learn(name, HB, previous, HB, false, false);
        learn(name, RELF, previous, RELF, false, false);
        learn(name, PEND, previous, PEND, false, false);
    }
    if (e->kind == READ && e->rf >= 0) {
        learn(name, PEND, e->rf, MSG, false, true);
        learn(name, HB, e->rf, MSG, !acquire, true);
    } else if ((e->kind == START || e->kind == JOIN) && e->rf >= 0) {
        learn(name, HB, e->rf, HB, false, true);
    } else if (e->kind == FENCE) {
        learn(name, HB, name, PEND, !acquire, false);
    }
    if (e->kind == FENCE || e->kind == CREATE) {
        learn(name, RELF, name, HB, e->kind == FENCE && !release, false);
    } else if (e->kind == WRITE) {
        learn(name, MSG, name, HB, !release, false);
        if (e->order != PLAIN) {
            learn(name, MSG, name, RELF, false, false);
        }
        if (e->rmw && e->index > 0) {
            const int32_t read = graph->thread[e->thread].at[e->index - 1];
            if (events[read].rf >= 0) {
                learn(name, MSG, events[read].rf, MSG, false, true);
            }
        }
        for (int i = e->index - 1; i >= 0 && !options.cxx20 && e->order != PLAIN; --i) {
            const int32_t earlier = graph->thread[e->thread].at[i];
            if (events[earlier].kind == WRITE && events[earlier].location == e->location &&
                events[earlier].order != PLAIN) {
                learn(name, MSG, earlier, MSG, false, false);
                break;
            }
        }
    }
}

static bool learn_all(int thread, int after)
{
    known = malloc(((size_t)event_count + 1) * sizeof *known);
    if (known == NULL) {
        return false;
    }
    for (int i = 0; i < graph->trace.count; ++i) {
        const int32_t name = graph->trace.at[i];
        for (int way = 0; way < WAYS; ++way) {
            known[name][way] = (struct knowledge){.cost = NEVER, .from = -1};
        }
        if (events[name].thread == thread && events[name].index >= after) {
            known[name][HB].cost = 0;
        }
        learn_event(name);
    }
    return true;
}

/* "store at ring.c:41 (4)" */
static void add_event(const struct rows *rows, int32_t name, struct text *text)
{
    const struct event *e = &events[name];
    text_add(text, "%s", label_deed(e));
    if (e->pc != 0) {
        text_add(text, " at ");
        label_event_place(e, text);
    }
    if (rows_number(rows, name) > 0) {
        text_add(text, " (%d)", rows_number(rows, name));
    }
}

static void add_weakness(const struct rows *rows, int32_t name, enum way way, struct text *text)
{
    const struct event *e = &events[name];
    const bool acquire = way == HB;
    text_add(text, "the %s", label_deed(e));
    if (rows_number(rows, name) > 0) {
        text_add(text, " (%d)", rows_number(rows, name));
    } else {
        text_add(text, " at ");
        label_event_place(e, text);
    }
    if (e->order == PLAIN) {
        text_add(text, " is not atomic");
        return;
    }
    text_add(text, " is %s: it must be %s", label_order(e->order), acquire ? "acquire" : "release");
    if (e->kind == READ && e->op == OP_CAS && !e->rmw) {
        text_add(text, " also when it fails");
    } else if (acquire ? is_release(e->order) : is_acquire(e->order)) {
        text_add(text, " as well");
    }
}

/* The cheapest way's reads from other threads, first one first. */
static void add_hops(const struct rows *rows, int32_t name, enum way way, struct text *text)
{
    const struct knowledge k = known[name][way];
    if (k.from < 0) {
        return;
    }
    const size_t before = text->used;
    add_hops(rows, k.from, (enum way)k.from_way, text);
    const struct event *e = &events[name], *w = &events[k.from];
    if (k.hop && (e->kind == READ || e->kind == WRITE) && e->thread != w->thread) {
        const int32_t read = e->kind == READ ? name : graph->thread[e->thread].at[e->index - 1];
        text_add(text, "%sT%d's ", text->used > before ? "; " : "", e->thread);
        add_event(rows, read, text);
        text_add(text, " reads `");
        label_variable(e, text);
        text_add(text, "` from T%d's ", w->thread);
        add_event(rows, k.from, text);
    }
}

static void add_weak_ones(const struct rows *rows, int32_t name, enum way way, struct text *text,
                          const char **between)
{
    const struct knowledge k = known[name][way];
    if (k.from < 0) {
        return;
    }
    add_weak_ones(rows, k.from, (enum way)k.from_way, text, between);
    if (k.weak) {
        text_add(text, "%s", *between);
        add_weakness(rows, name, way, text);
        *between = ", and ";
    }
}

bool missing_explain(const struct rows *rows, int thread, int after, int32_t second,
                     struct text *text)
{
    const int reader = events[second].thread;
    const char *between = ", but ";
    if (!learn_all(thread, after)) {
        return true;
    }
    const int cost = known[second][HB].cost;
    if (cost >= NEVER) {
        text_add(text,
                 "T%d has read nothing so far, also not through others, that T%d wrote after it",
                 reader, thread);
    } else if (cost >= WEAK) {
        add_hops(rows, second, HB, text);
        add_weak_ones(rows, second, HB, text, &between);
    }
    free(known);
    known = NULL;
    return cost < NEVER;
}
