/* model.c - is a graph consistent?
 *
 * SC and TSO ask for a cycle in a union of relations, each of which has few immediate edges per
 * event: to the next in its thread, to who reads from it, to the next in coherence order; from a
 * read to the write after the one it read. The search follows these and stores nothing else.
 *
 * Of a light fence L under TSO and a heavy one of another thread (synchronise.h) it may be known on which
 * side of L the inserted fence is: where the other side would make a cycle. As in psc.c, L is two nodes:
 * all before L leads to "before L", and that, in the one case, to the end of the heavy fence; its begin
 * leads, in the other, to "after L", and that to all after L.
 *
 * A graph to which an event was added in the greatest place (a read of the co-maximal write, a write
 * after all others) is as consistent as before, since nothing leads on from the event. So there is
 * something to ask only after a revisit, and then most often only whether there is a cycle through the
 * event it changed: model_allows_last.
 */
#include "model.h"

#include "graph.h"
#include "psc.h"
#include "search.h"

#include <stddef.h>

enum { NONE = -1 };

/* What leads on from an event, by its name. */
struct onward {
    int32_t reader;      /* the first event that reads from it, starts or joins by it */
    int32_t next_reader; /* the next one with the same source */
    int32_t co_next;
};
static struct onward *onward;
static int32_t onward_room;
static bool tso;

/* Light fences, if there is also a heavy one, by thread; and the begins of heavy ones. */
static int32_t *lights, *heavies;
static int32_t light_room, light_count, heavy_room, heavy_count;
static int32_t first_light[MAX_THREADS + 1];
static struct sides {
    bool before, after; /* where the inserted fence is known to be */
} * sides;              /* by light and heavy fence */
static int32_t side_room;
static int32_t question_from, question_to; /* an edge that closes a cycle if there is a way back */

static bool has_source(const struct event *e)
{
    return (e->kind == READ || e->kind == START || e->kind == JOIN) && e->rf != INITIAL;
}

static void link_events(void)
{
    static const struct onward nowhere = {NONE, NONE, NONE};
    onward = search_reserve(onward, &onward_room, event_count, sizeof *onward);
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *names = &graph->thread[t];
        for (int32_t i = 0; i < names->count; ++i) {
            onward[names->at[i]] = nowhere;
        }
    }
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *names = &graph->thread[t];
        for (int32_t i = 0; i < names->count; ++i) {
            const struct event *e = &events[names->at[i]];
            /* What a thread reads from its own store buffer says nothing of memory. */
            if (has_source(e) && !(tso && events[e->rf].thread == e->thread)) {
                onward[names->at[i]].next_reader = onward[e->rf].reader;
                onward[e->rf].reader = names->at[i];
            }
        }
    }
    for (int32_t p = 0; p < graph->places; ++p) {
        const struct names *co = &graph->place[p].co;
        for (int32_t i = 0; i + 1 < co->count; ++i) {
            onward[co->at[i]].co_next = co->at[i + 1];
        }
    }
}

/* TSO: may it wait in the store buffer while the thread goes on? */
static bool is_buffered(const struct event *e)
{
    return e->kind == WRITE && !e->rmw && e->order != SEQ_CST;
}

/* TSO: may it overtake a buffered store? A fence that orders no store with a load is passed, like
 * the load, by what it lets pass. A compare-exchange locks and drains though it fails.
 */
static bool overtakes(const struct event *e)
{
    switch (e->kind) {
    case READ:
        return e->op == OP_NONE;
    case FENCE:
        return !is_seq_cst(e->order);
    default:
        return e->kind == START || e->kind == JOIN || e->kind == CHOICE;
    }
}

/* Edges that, closed under transitivity, are ppo. The buffered stores of a thread lead only to what
 * does not overtake them. All else leads to everything that follows: to the next event, and if that
 * is a buffered store, also to the first that is none.
 */
static void preserved_program_order(const struct event *e, bool buffered)
{
    const struct names *names = &graph->thread[e->thread];
    int32_t i = e->index + 1;
    if (buffered) {
        while (i < names->count && overtakes(&events[names->at[i]])) {
            ++i;
        }
    } else if (i < names->count && is_buffered(&events[names->at[i]])) {
        search_edge(names->at[i]);
        while (i < names->count && is_buffered(&events[names->at[i]])) {
            ++i;
        }
    }
    if (i < names->count) {
        search_edge(names->at[i]);
    }
}

static int32_t before_light(int32_t i)
{
    return event_count + i;
}

static int32_t after_light(int32_t i)
{
    return event_count + light_count + i;
}

static int32_t end_of(int32_t heavy)
{
    const struct event *e = &events[heavy];
    return graph->thread[e->thread].at[e->index + 1];
}

/* The nodes of light fences: from an event, and from these nodes themselves. */
static void light_edges(int32_t name)
{
    if (name >= after_light(0)) {
        preserved_program_order(&events[lights[name - after_light(0)]], false);
        return;
    }
    if (name >= before_light(0)) {
        const int32_t light = name - before_light(0);
        for (int32_t h = 0; h < heavy_count; ++h) {
            if (sides[light * heavy_count + h].after) {
                search_edge(end_of(heavies[h]));
            }
        }
        return;
    }
    const struct event *e = &events[name];
    for (int32_t i = first_light[e->thread]; i < first_light[e->thread + 1]; ++i) {
        if (e->index < events[lights[i]].index) {
            search_edge(before_light(i));
        }
    }
    for (int32_t h = 0; h < heavy_count && e->order == HEAVY; ++h) {
        for (int32_t i = 0; i < light_count && heavies[h] == name; ++i) {
            if (sides[i * heavy_count + h].before) {
                search_edge(after_light(i));
            }
        }
    }
}

static void successors(int32_t name)
{
    if (name == question_from) {
        search_edge(question_to);
    }
    if (light_count > 0) {
        light_edges(name);
    }
    if (name >= event_count) {
        return;
    }
    const struct event *e = &events[name];
    const struct names *names = &graph->thread[e->thread];
    if (tso) {
        preserved_program_order(e, is_buffered(e));
    } else if (e->index + 1 < names->count) {
        search_edge(names->at[e->index + 1]);
    }
    for (int32_t r = onward[name].reader; r != NONE; r = onward[r].next_reader) {
        search_edge(r);
    }
    int32_t later = onward[name].co_next;
    if (e->kind == READ) {
        const struct names *co = &graph->place[e->location].co;
        later = e->rf != INITIAL ? onward[e->rf].co_next : co->count > 0 ? co->at[0] : NONE;
    }
    if (later != NONE) {
        search_edge(later);
    }
}

static bool leads_to(int32_t from, int32_t to)
{
    question_from = to;
    question_to = from;
    search_start(event_count + 2 * light_count);
    const bool found = search_cycle(from, successors);
    question_from = NONE;
    return found;
}

/* Of a graph without cycles. */
static void find_sides(void)
{
    for (bool changed = true; changed;) {
        changed = false;
        for (int32_t i = 0; i < light_count * heavy_count; ++i) {
            const int32_t light = i / heavy_count, heavy = heavies[i % heavy_count];
            struct sides *known = &sides[i];
            if (events[lights[light]].thread == events[heavy].thread) {
                continue;
            }
            if (!known->after && leads_to(after_light(light), heavy)) {
                known->after = changed = true;
            }
            if (!known->before && leads_to(end_of(heavy), before_light(light))) {
                known->before = changed = true;
            }
            if (known->before && known->after) {
                return; /* a cycle */
            }
        }
    }
}

static void find_lights(void)
{
    light_count = heavy_count = 0;
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *names = &graph->thread[t];
        first_light[t] = light_count;
        for (int32_t i = 0; i < names->count; ++i) {
            const struct event *e = &events[names->at[i]];
            if (e->kind == FENCE && e->order == LIGHT) {
                lights = search_reserve(lights, &light_room, light_count + 1, sizeof *lights);
                lights[light_count++] = names->at[i];
            } else if (e->kind == FENCE && e->order == HEAVY && i + 1 < names->count) {
                heavies = search_reserve(heavies, &heavy_room, heavy_count + 1, sizeof *heavies);
                heavies[heavy_count++] = names->at[i];
            }
        }
    }
    first_light[graph->threads] = light_count;
    if (heavy_count == 0) {
        light_count = 0;
    }
    sides = search_reserve(sides, &side_room, light_count * heavy_count, sizeof *sides);
    for (int32_t i = 0; i < light_count * heavy_count; ++i) {
        sides[i] = (struct sides){false, false};
    }
}

static bool acyclic(const int32_t *suspects, int count);

static bool acyclic_with_lights(void)
{
    if (acyclic(NULL, 0)) {
        find_sides();
        return acyclic(NULL, 0);
    }
    return false;
}

/* Without suspects: is there any cycle? */
static bool acyclic(const int32_t *suspects, int count)
{
    link_events();
    search_start(event_count + 2 * light_count);
    for (int i = 0; i < count; ++i) {
        if (search_cycle(suspects[i], successors)) {
            return false;
        }
    }
    for (int t = 0; t < graph->threads && count == 0; ++t) {
        const struct names *names = &graph->thread[t];
        for (int32_t i = 0; i < names->count; ++i) {
            if (search_cycle(names->at[i], successors)) {
                return false;
            }
        }
    }
    for (int32_t i = 0; i < 2 * light_count && count == 0; ++i) {
        if (search_cycle(event_count + i, successors)) {
            return false;
        }
    }
    return true;
}

static bool allows(enum model model, const int32_t *suspects, int count)
{
    switch (model) {
    case MODEL_RC11:
        return psc_acyclic(suspects, count);
    case MODEL_SC:
    case MODEL_TSO:
        tso = model == MODEL_TSO;
        light_count = 0;
        question_from = NONE;
        if (tso) {
            find_lights();
        }
        return light_count > 0 ? acyclic_with_lights() : acyclic(suspects, count);
    case MODEL_RA:
        break;
    }
    return true;
}

bool model_allows(enum model model)
{
    return allows(model, NULL, 0);
}

/* The other half of a read-modify-write. */
static int32_t other_half(const struct event *e)
{
    return graph->thread[e->thread].at[e->kind == READ ? e->index + 1 : e->index - 1];
}

bool model_allows_last(enum model model, int32_t event)
{
    const struct event *e = &events[event];
    int32_t suspects[2] = {event}, end = e->kind == READ ? e->rf : event;
    int count = 1;
    if (e->rmw) {
        suspects[count++] = other_half(e);
        end = e->kind == READ ? suspects[1] : event;
    }
    /* With nothing co-after it, it leads nowhere. */
    return co_maximal(place_of(e)) == end || allows(model, suspects, count);
}
