/* revisit.c - see revisit.h */
#include "revisit.h"

#include "check.h"
#include "choose.h"
#include "explore.h"
#include "memory.h"
#include "native.h"

#include <stdlib.h>

void push_item(enum item_kind kind, int32_t event, int32_t other, bool spurious)
{
    if (choosing) {
        return;
    }
    if (graph->item_count == graph->item_room) {
        graph->item_room = graph->item_room ? 2 * graph->item_room : 16;
        graph->items = realloc(graph->items, (size_t)graph->item_room * sizeof *graph->items);
    }
    graph->items[graph->item_count++] = (struct item){.kind = (uint8_t)kind,
                                                      .spurious = spurious,
                                                      .sound = explore_sound,
                                                      .event = event,
                                                      .other = other};
}

uint64_t of_size(uint64_t value, int size)
{
    return size == 8 ? value : value & ((UINT64_C(1) << (8 * size)) - 1);
}

/* May a request that waits go on with this value? */
static bool lets_go(const struct event *r, uint64_t value)
{
    switch (r->wait & ~WAIT_TRY) {
    case WAIT_EQUAL:
        return value == r->expected;
    case WAIT_UNEQUAL:
        return value != r->expected;
    case WAIT_MASK_ZERO:
        return (value & r->expected) == 0;
    case WAIT_OTHER:
        return value != r->operand;
    default:
        return true;
    }
}

bool must_wait(const struct event *r, uint64_t value)
{
    return r->wait && !(r->wait & WAIT_TRY) && !lets_go(r, value);
}

bool writes(const struct event *r, uint64_t old)
{
    return r->op != OP_NONE && (r->op != OP_CAS || old == r->expected) && lets_go(r, old);
}

static uint64_t written_by(const struct event *r, uint64_t old)
{
    switch (r->op) {
    case OP_ADD:
        return of_size(old + r->operand, r->size);
    case OP_SUB:
        return of_size(old - r->operand, r->size);
    case OP_AND:
        return old & r->operand;
    case OP_OR:
        return old | r->operand;
    case OP_XOR:
        return old ^ r->operand;
    case OP_NAND:
        return of_size(~(old & r->operand), r->size);
    default:
        return r->operand;
    }
}

bool revisitable(int32_t event)
{
    return !covers(&graph->fixed, event);
}

int coherence_floor(const struct place *place, const struct view *hb)
{
    int floor = place->co.count;
    while (floor > 0 && !covers(hb, place->co.at[floor - 1])) {
        --floor;
    }
    for (int i = 0; i < place->reads.count && floor < place->co.count; ++i) {
        const int32_t read = place->reads.at[i];
        if (events[read].rf != INITIAL && covers(hb, read)) {
            const int after = co_position(place, events[read].rf) + 1;
            floor = after > floor ? after : floor;
        }
    }
    return floor;
}

/* The first write part of another successful read-modify-write with the same source, or -1. */
static int32_t rival(const struct event *w)
{
    const struct event *own = po_previous(w);
    const struct names *reads = &place_of(w)->reads;
    int32_t first = -1;
    for (int i = 0; i < reads->count; ++i) {
        const struct event *r = &events[reads->at[i]];
        if (r != own && r->rmw && r->rf == own->rf) {
            const int32_t other = graph->thread[r->thread].at[r->index + 1];
            first = first < 0 || other < first ? other : first;
        }
    }
    return first;
}

static bool stays(int32_t event, int32_t read, const struct event *w)
{
    return event <= read || covers(&w->porf, event);
}

/* Was this event added reading from, or placed as, the latest write of those that stay? */
static bool was_maximal(int32_t name, int32_t read, int32_t write)
{
    const struct event *e = &events[name], *w = &events[write];
    if (e->kind != READ && e->kind != WRITE) {
        return e->kind != CHOICE || e->maximal;
    }
    if (!e->maximal) {
        return false;
    }
    const struct place *place = place_of(e);
    const int32_t source = e->kind == READ ? e->rf : name;
    for (int k = place->co.count - 1; k >= 0 && place->co.at[k] != source; --k) {
        if (place->co.at[k] != write && stays(place->co.at[k], read, w)) {
            return false;
        }
    }
    return e->kind != READ || e->rf == INITIAL || e->rf < name || stays(e->rf, read, w);
}

/* Would everything that a revisit of `read` by `write` removes, and the read, be added as it is now? */
static bool maximal_extension(int32_t read, int32_t write)
{
    const struct event *w = &events[write];
    if (!w->rmw) {
        const struct place *place = place_of(w);
        const int next = co_position(place, write) + 1;
        if (next < place->co.count && !stays(place->co.at[next], read, w)) {
            return false;
        }
    }
    if (!was_maximal(read, read, write)) {
        return false;
    }
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *thread = &graph->thread[t];
        for (int i = thread->count - 1; i >= w->porf.at[t] && thread->at[i] > read; --i) {
            if (!was_maximal(thread->at[i], read, write)) {
                return false;
            }
        }
    }
    return true;
}

/* Could `r` read from `w`, not the latest write, without reading from the past? Its own source, which
 * would change, must not count.
 */
static bool coherent(const struct event *r, int32_t write)
{
    const struct place *place = &graph->place[r->location];
    const struct view *hb = &po_previous(r)->hb;
    const int position = co_position(place, write);
    for (int k = position + 1; k < place->co.count; ++k) {
        if (covers(hb, place->co.at[k])) {
            return false;
        }
    }
    for (int i = 0; i < place->reads.count; ++i) {
        const struct event *other = &events[place->reads.at[i]];
        if (other != r && other->rf != INITIAL && covers(hb, place->reads.at[i]) &&
            co_position(place, other->rf) > position) {
            return false;
        }
    }
    return true;
}

bool revisits(int32_t write)
{
    const struct event *w = &events[write];
    const struct place *place = place_of(w);
    const int32_t conflict = w->rmw ? rival(w) : -1;
    const bool latest = co_maximal(place) == write;
    for (int i = place->reads.count - 1; i >= 0; --i) {
        const int32_t read = place->reads.at[i];
        const struct event *r = &events[read];
        if (!revisitable(read) || !r->maximal || covers(&w->porf, read) ||
            (conflict >= 0 && read > conflict) || (!latest && !coherent(r, write))) {
            continue;
        }
        if (!maximal_extension(read, write)) {
            break;
        }
        push_item(ITEM_BACK, read, write, false);
        if (options.spurious && r->weak && w->value == r->expected) {
            push_item(ITEM_BACK, read, write, true);
        }
    }
    return conflict < 0;
}

static int32_t append_write_part(const struct event *r)
{
    struct event *w = event_next();
    w->kind = WRITE;
    w->order = r->success;
    w->thread = r->thread;
    w->size = r->size;
    w->rmw = w->maximal = true;
    w->location = r->location;
    w->value = written_by(r, r->value);
    w->pc = r->pc;
    const int32_t write = event_append();
    event_views(w);
    co_insert(&graph->place[w->location], write, r->rf);
    return write;
}

bool finish_read(int32_t read)
{
    struct event *r = &events[read];
    const struct place *place = place_of(r);
    r->value = value_at(place, r->rf);
    r->rmw = !r->spurious && writes(r, r->value);
    r->order = r->op != OP_NONE && !r->rmw ? r->failure : r->success;
    event_views(r);
    memory_check_atomic(r);
    if (!r->rmw) {
        return true;
    }
    const int32_t write = append_write_part(r);
    memory_check_atomic(&events[write]);
    if (co_maximal(&graph->place[r->location]) == write) {
        native_write_location(locations[r->location].address, r->size, events[write].value);
    }
    return revisits(write);
}
