/* explore.c - every execution that the model allows, once: TruSt (Kokologiannakis, Marmanis,
 * Gladstein, Vafeiadis: Truly Stateless, Optimal Dynamic Partial Order Reduction, POPL 2022).
 *
 * A graph grows by one event at a time, each read reading from the coherence-latest write, each write
 * placed last. For what else could have been, items are left on the graph's list: another write to
 * read from (RF), another place in the coherence order (CO), and, for a new write, that an earlier
 * read reads from it (BACK): events that the read was followed by, and that the write does not
 * depend on, are then removed. A removal is done from one graph only, the one where the removed events
 * had been added as described above: so nothing is explored twice and nothing need be remembered.
 */
#define _GNU_SOURCE
#include "explore.h"

#include "check.h"
#include "edges.h"
#include "graph.h"
#include "memory.h"
#include "native.h"
#include "replay.h"
#include "report.h"
#include "share.h"
#include "sites.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static bool dropped; /* the present graph is no execution, or one that is found elsewhere */
static bool sound;   /* and is known to be consistent: its items may say so */
static bool any_sc;  /* a seq_cst event has been seen: the model has something to say */
static uint32_t
    parked; /* threads whose request waits for another value, at least until the next write */
static uint64_t dice;
static struct {
    enum finding finding;
    uintptr_t pc, other;
    char message[sizeof result->message];
} found;
bool failed, explore_bounded;
sigjmp_buf explore_abandon;
struct options options;
struct result *result;

static uint64_t roll(uint64_t sides)
{
    dice += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 */
    uint64_t z = dice;
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (z ^ (z >> 31)) % sides;
}

static void push(enum item_kind kind, int32_t event, int32_t other, bool spurious)
{
    if (options.random) {
        return;
    }
    if (graph->item_count == graph->item_room) {
        graph->item_room = graph->item_room ? 2 * graph->item_room : 16;
        graph->items = realloc(graph->items, (size_t)graph->item_room * sizeof *graph->items);
    }
    graph->items[graph->item_count++] = (struct item){.kind = (uint8_t)kind,
                                                      .spurious = spurious,
                                                      .sound = sound,
                                                      .event = event,
                                                      .other = other};
}

static uint64_t of_size(uint64_t value, int size)
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

static bool must_wait(const struct event *r, uint64_t value)
{
    return r->wait && !(r->wait & WAIT_TRY) && !lets_go(r, value);
}

static bool writes(const struct event *r, uint64_t old)
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

static bool revisitable(int32_t event)
{
    return !covers(&graph->fixed, event);
}

/* The number of leading writes in the coherence order that an event that knows `hb` cannot precede:
 * it happens after them, or after a read of them.
 */
static int coherence_floor(const struct place *place, const struct view *hb)
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

/* Leave an item for each read that this new, or newly placed, write could have been read by. Returns
 * false if the graph as it stands is none: two read-modify-writes read from one write.
 */
static bool revisits(int32_t write)
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
        push(ITEM_BACK, read, write, false);
        if (options.spurious && r->weak && w->value == r->expected) {
            push(ITEM_BACK, read, write, true);
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

/* The read, the last event of its thread, has its source: the rest follows. */
static bool finish_read(int32_t read)
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

static void let_thread_run(int thread)
{
    struct event *last = last_of(thread);
    if (last->order == SEQ_CST) {
        any_sc = true;
    }
    ++counted.events;
    native_run(last);
    parked = last->kind == WRITE ? 0 : parked;
    const unsigned kind = thread_states[thread].request.kind;
    if (kind == REQUEST_BLOCK) {
        thread_states[thread].status = THREAD_BLOCKED;
    }
    if (last->kind == END) {
        thread_states[thread].status = THREAD_DONE;
    }
    last->segment.after.status = thread_states[thread].status;
}

/* The last event of the thread is complete: its thread may run, unless what it read lets it wait. */
static void go_on(int thread)
{
    const struct event *last = last_of(thread);
    if (last->kind == READ && must_wait(last, last->value)) {
        thread_states[thread].status = THREAD_BLOCKED;
    } else {
        let_thread_run(thread);
    }
}

/* Has the thread come round in a loop that does nothing but read? Then one more turn can only matter
 * if it reads another value, and that is explored from the reads it has made.
 */
static bool goes_round(int thread)
{
    const struct request *request = &thread_states[thread].request;
    const struct names *names = &graph->thread[thread];
    for (int i = names->count - 1; i > 0; --i) {
        const struct event *e = &events[names->at[i]];
        if (e->kind == FENCE || e->kind == CHOICE) {
            continue;
        }
        if (e->kind != READ || e->rmw) {
            return false;
        }
        if (e->pc == request->pc && e->kind == request->kind && native_same_state(thread, e)) {
            return true;
        }
    }
    return false;
}

/* --unroll: has this thread come to this access from this call more often than asked for? */
static bool beyond_bound(int thread)
{
    const struct thread_state *state = &thread_states[thread];
    unsigned times = 0;
    for (const struct event *e = last_of(thread); e && options.unroll; e = po_previous(e)) {
        const struct event *before = po_previous(e);
        if (e->pc == state->request.pc && before && before->segment.after.sp == state->sp &&
            ++times > options.unroll) {
            return true;
        }
    }
    return false;
}

/* The thread waits for what will not come in this execution. Unless its last read may still be given
 * another value the execution is found elsewhere, where it reads the latest.
 */
static void block(int thread)
{
    thread_states[thread].status = THREAD_BLOCKED;
    last_of(thread)->segment.after.status = THREAD_BLOCKED;
    for (const struct event *e = last_of(thread); e && e->kind != WRITE; e = po_previous(e)) {
        if (e->kind == READ) {
            const int32_t name = graph->thread[thread].at[e->index];
            dropped = dropped || (!options.random && (!revisitable(name) || !e->maximal));
            return;
        }
    }
}

/* The thread's request as the next event of the store, not yet appended. */
static struct event *event_of(int thread)
{
    const struct request *request = &thread_states[thread].request;
    struct event *e = event_next();
    e->kind = request->kind;
    e->op = request->op;
    e->wait = request->wait;
    e->order = e->success = request->order;
    e->failure = request->failure;
    e->size = request->size;
    e->thread = (uint8_t)thread;
    e->other = request->other;
    e->weak = request->weak;
    e->maximal = true;
    e->late = request->kind == WRITE && request->order == PLAIN;
    e->value = request->kind == WRITE ? of_size(request->operand, request->size) : 0;
    e->operand = request->operand;
    e->expected = of_size(request->expected, request->size ? request->size : 8);
    e->pc = request->pc;
    sites_apply(e);
    return e;
}

/* May the read have this source? A successful read-modify-write excludes another from it, unless that
 * one can be revisited: then one of them is.
 */
static bool may_read(const struct event *r, const struct view *porf, int32_t source, bool latest)
{
    const struct place *place = &graph->place[r->location];
    const uint64_t value = value_at(place, source);
    if (must_wait(r, value)) {
        return latest;
    }
    if (!writes(r, value)) {
        return true;
    }
    for (int i = 0; i < place->reads.count; ++i) {
        const int32_t other = place->reads.at[i];
        if (events[other].rmw && events[other].rf == source &&
            (options.random || !revisitable(other) || covers(porf, other))) {
            return false;
        }
    }
    return true;
}

/* Is the graph consistent, now that `event` is new or not what it was? Without it, it is, unless a
 * revisit came from a graph that nobody had looked at.
 */
static bool allowed(int32_t event, bool without_it)
{
    if (options.model == MODEL_RA || (options.model == MODEL_RC11 && !any_sc)) {
        return true;
    }
    return without_it ? model_allows_last(options.model, event) : model_allows(options.model);
}

static void add_read(int thread, bool insist)
{
    struct event *e = event_of(thread);
    e->location = graph_location(e->size ? thread_states[thread].request.address : 0, e->size);
    struct place *place = &graph->place[e->location];
    const struct event *previous = last_of(thread);
    if (!insist && must_wait(e, value_at(place, co_maximal(place)))) {
        parked |= UINT32_C(1) << thread;
        return;
    }
    const int floor = coherence_floor(place, &previous->hb);
    const int32_t read = event_append();
    place = &graph->place[e->location];
    --place->reads.count; /* not among its own rivals */
    int32_t source = NOBODY;
    unsigned candidates = 0;
    for (int p = floor - 1; p < place->co.count; ++p) {
        const int32_t write = p < 0 ? INITIAL : place->co.at[p];
        if (!may_read(e, &previous->porf, write, p == place->co.count - 1)) {
            continue;
        }
        if (options.spurious && e->weak && value_at(place, write) == e->expected) {
            push(ITEM_RF, read, write, true);
        }
        if (options.random) {
            source = roll(++candidates) == 0 ? write : source;
        } else {
            if (source != NOBODY) {
                push(ITEM_RF, read, source, false);
            }
            source = write;
        }
    }
    ++place->reads.count;
    if (source == NOBODY) { /* the last word of a read-modify-write that cannot be undone */
        dropped = true;
        events[read].rf = co_maximal(place);
        event_views(&events[read]);
        return;
    }
    events[read].rf = source;
    const bool stale = options.random && source != co_maximal(place);
    if (stale) {
        events[read].order = e->op == OP_NONE ? e->success : e->failure;
        event_views(&events[read]);
        if (!allowed(read, true)) {
            events[read].rf = co_maximal(place);
        }
    }
    dropped = !finish_read(read) || dropped ||
              (stale && events[read].rmw && !allowed(read, true)); /* as a read it was */
}

static void add_write(int thread)
{
    struct event *e = event_of(thread);
    e->location = graph_location(thread_states[thread].request.address, e->size);
    const int32_t write = event_append();
    struct place *place = &graph->place[e->location];
    event_views(&events[write]);
    const int floor = coherence_floor(place, &events[write].hb);
    int32_t after = co_maximal(place);
    unsigned candidates = 1;
    for (int p = floor; p < place->co.count; ++p) {
        if (!events[place->co.at[p]].rmw) {
            const int32_t slot = p > 0 ? place->co.at[p - 1] : INITIAL;
            push(ITEM_CO, write, slot, false);
            if (options.random && roll(++candidates) == 0) {
                after = slot;
            }
        }
    }
    co_insert(place, write, after);
    if (options.random && co_maximal(place) != write && !allowed(write, true)) {
        co_remove(place, write);
        co_insert(place, write, co_maximal(place));
    }
    memory_check_atomic(&events[write]);
    if (!e->late && co_maximal(place) == write) {
        native_write_location(locations[e->location].address, e->size, e->value);
    }
    revisits(write);
}

static void add_create(int thread)
{
    struct event *e = event_of(thread);
    int child = 1;
    while (child < graph->threads && graph->creator[child] != NOBODY) {
        ++child;
    }
    if (child >= MAX_THREADS) {
        fail(FOUND_BOUND, e->pc, 0, "more than %d threads", MAX_THREADS);
        return;
    }
    e->other = (uint8_t)child;
    e->value = (uint64_t)child;
    const int32_t created = event_append();
    event_views(&events[created]);
    graph->threads = child >= graph->threads ? child + 1 : graph->threads;
    graph->creator[child] = created;
    graph->thread[child].count = 0;
    native_create(child, (uintptr_t)e->operand, e->expected);
}

static void add_other(int thread)
{
    struct event *e = event_of(thread);
    if (e->kind == JOIN) {
        const struct names *other = &graph->thread[e->other];
        e->rf = other->at[other->count - 1];
    } else if (e->kind == START) {
        e->rf = graph->creator[thread];
    }
    const int32_t added = event_append();
    event_views(&events[added]);
    if (e->kind == CHOICE && options.random) {
        events[added].value = roll(e->operand);
    }
    for (int32_t v = (int32_t)e->operand - 1; e->kind == CHOICE && v > 0; --v) {
        push(ITEM_CHOICE, added, v, false);
    }
}

/* Serve a thread's request: one or two events. */
static void add_event(int thread, bool insist)
{
    const unsigned kind = thread_states[thread].request.kind;
    const int32_t before = event_count;
    sites_serving = thread;
    if (kind == REQUEST_WAIT_LOOP || (kind == READ && goes_round(thread))) {
        const struct event *last = last_of(thread);
        /* A turn that wrote did change something: let it make another one. */
        if (kind == REQUEST_WAIT_LOOP && last->kind != READ && last->kind != FENCE &&
            last->kind != CHOICE) {
            thread_states[thread].request = (struct request){.kind = FENCE, .order = RELAXED};
        } else {
            block(thread);
            sites_serving = -1;
            return;
        }
    }
    if ((kind == READ || kind == WRITE) && beyond_bound(thread)) {
        thread_states[thread].status = THREAD_BLOCKED;
        explore_bounded = true;
        sites_serving = -1;
        return;
    }
    switch (thread_states[thread].request.kind) {
    case READ:
        add_read(thread, insist);
        break;
    case WRITE:
        add_write(thread);
        break;
    case CREATE:
        add_create(thread);
        break;
    default:
        add_other(thread);
        break;
    }
    sites_serving = -1;
    if (event_count > before && !dropped && !failed) {
        go_on(thread);
    }
}

/* The threads that could go on, were it not for what they wait for. */
static bool servable(int thread)
{
    const struct thread_state *state = &thread_states[thread];
    return state->status == THREAD_READY && !(parked >> thread & 1) &&
           (state->request.kind != JOIN ||
            thread_states[state->request.other].status == THREAD_DONE);
}

/* Writes first, which leaves less to revisit; else the first thread. */
static int pick(void)
{
    int chosen = -1;
    unsigned candidates = 0;
    for (int t = 0; t < graph->threads; ++t) {
        if (!servable(t)) {
            continue;
        }
        if (options.random) {
            chosen = roll(++candidates) == 0 ? t : chosen;
            continue;
        }
        if (thread_states[t].request.kind != READ) {
            return t;
        }
        chosen = chosen < 0 ? t : chosen;
    }
    return chosen;
}

/* Every read since the thread last did anything else reads the latest write, so it will go on
 * reading the same for ever. A choice means that it also waits for time to pass.
 */
static bool waits_for_ever(int thread)
{
    for (const struct event *e = last_of(thread); e && e->kind != WRITE; e = po_previous(e)) {
        if (e->kind == CHOICE || (e->kind == READ && e->rf != co_maximal(place_of(e)))) {
            return false;
        }
    }
    return true;
}

/* No thread can go on, and some have not ended. Is that the program's fault? */
static void judge_blocked(void)
{
    int spinning = -1, waiting = -1;
    for (int t = 0; t < graph->threads; ++t) {
        const struct thread_state *state = &thread_states[t];
        const bool stuck = state->status == THREAD_BLOCKED || state->status == THREAD_READY;
        if (stuck && state->request.kind == READ && state->request.timed) {
            return; /* it gives up, in another execution */
        }
        if (state->status == THREAD_BLOCKED) {
            if (state->request.kind == REQUEST_BLOCK || !waits_for_ever(t)) {
                return;
            }
            *(state->request.kind == READ && state->request.wait ? &waiting : &spinning) = t;
        } else if (state->status == THREAD_READY) {
            waiting = waiting < 0 || state->request.kind != JOIN ? t : waiting;
        }
    }
    if (spinning >= 0) {
        fail(FOUND_ENDLESS_WAIT, thread_states[spinning].request.pc, 0,
             "T%d waits for ever: what it waits for has its last value", spinning);
    } else if (waiting >= 0) {
        fail(FOUND_DEADLOCK, thread_states[waiting].request.pc, 0,
             "deadlock: T%d waits, and no thread can go on", waiting);
    }
}

static bool all_done(void)
{
    for (int t = 0; t < graph->threads; ++t) {
        if (thread_states[t].status != THREAD_DONE && thread_states[t].status != THREAD_NONE) {
            return false;
        }
    }
    return true;
}

/* The first few executions are executed twice: what is not the same again is not decided by us. */
static void check_determinism(void)
{
    enum { EXECUTIONS = 4 };
    static int checked;
    if (checked < EXECUTIONS) {
        ++checked;
        if (!replay()) {
            fail(FOUND_NONDETERMINISM, replay_differs, 0,
                 "the program does not do the same again: it depends on memory that nobody has "
                 "written, on addresses, or on the world outside");
        }
    }
}

static void finish_execution(void)
{
    if (explore_bounded) {
        ++counted.bounded;
    } else if (all_done()) {
        ++counted.complete;
        if (options.edges) {
            edges_collect();
        }
        check_determinism();
    } else {
        ++counted.blocked;
        judge_blocked();
    }
}

/* Add events until none can be added, or the graph turns out to be none. */
static void grow(void)
{
    for (int t = 0; t < graph->threads && !failed; ++t) {
        const struct event *last = last_of(t);
        if (graph->creator[t] != NOBODY && last && !last->ran) {
            go_on(t);
        }
    }
    while (!dropped && !failed) {
        const int thread = pick();
        if (thread >= 0) {
            add_event(thread, false);
        } else if (parked) {
            /* Nobody will write: let the first one read what is there, for what else it might read. */
            int first = 0;
            while (!(parked >> first & 1)) {
                ++first;
            }
            parked &= ~(UINT32_C(1) << first);
            add_event(first, true);
        } else {
            finish_execution();
            return;
        }
        if ((unsigned)graph->trace.count > options.events) {
            fail(FOUND_BOUND, events[event_count - 1].pc, 0,
                 "an execution has more than %u events: a loop without an end, or --events is too "
                 "small",
                 options.events);
        }
    }
}

void fail(enum finding finding, uintptr_t pc, uintptr_t other, const char *format, ...)
{
    if (!failed) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(found.message, sizeof found.message, format, arguments);
        va_end(arguments);
        found.finding = finding;
        found.pc = pc;
        found.other = other;
        failed = true;
    }
    if (native_on_fiber()) {
        asked = (struct request){.kind = REQUEST_FAILED, .pc = pc};
        fiber_trap();
    }
}

/* Make the next graph from what an item says. Returns false if there is none. */
static bool take(struct item item)
{
    struct event *e = &events[item.event];
    graph_cut(item.kind == ITEM_BACK ? item.other : item.event);
    switch (item.kind) {
    case ITEM_CO:
        graph_move(item.event, item.other);
        graph_settle();
        e->maximal = false;
        return revisits(item.event);
    case ITEM_CHOICE:
        graph_rerun(item.event);
        graph_settle();
        e->value = (uint64_t)item.other;
        e->maximal = false;
        return true;
    case ITEM_RF:
        graph_rerun(item.event);
        graph_settle();
        e->maximal = false;
        break;
    default:
        graph_branch(item.event, item.other);
        if (must_wait(e, events[item.other].value)) {
            graph_drop_last(e->thread);
            graph_settle();
            return true;
        }
        graph_settle();
        e->maximal = co_maximal(place_of(e)) == item.other;
        break;
    }
    e->rf = item.other;
    e->spurious = item.spurious;
    return finish_read(item.event);
}

/* Items that the present graph has left behind, and the graph itself, share what it was thought to
 * be of the tree. Each gets a name that does not depend on who explores it.
 */
static void name_items(int first, double mass, uint64_t path, bool counts, bool ours)
{
    const int count = graph->item_count - first;
    const double share = mass / (count + counts > 0 ? count + counts : 1);
    for (int i = 0; i < count; ++i) {
        graph->items[first + i].mass = share;
        graph->items[first + i].parent_mass = mass;
        graph->items[first + i].path = (path ^ (uint64_t)(i + 1)) * UINT64_C(0x9E3779B97F4A7C15);
        graph->items[first + i].path ^= graph->items[first + i].path >> 29;
    }
    counted.explored += ours && (counts || count == 0) ? share : 0;
}

static void explore_graph(int first, double mass, uint64_t path, bool exists)
{
    const struct counts before = counted;
    if (exists) {
        grow();
    }
    const bool counts = exists && !dropped;
    counted.dropped += dropped;
    const bool ours = share_counts(mass);
    if (!ours) {
        counted = before;
    }
    name_items(first, mass, path, counts, ours);
}

static void explore_all(void)
{
    uint64_t turns = 0;
    sound = true;
    explore_graph(0, 1, 1, true);
    while (!failed && !share_stop()) {
        while (graph->item_count == 0 && frame_depth() > 1) {
            const struct frame *below = frame_at(frame_depth() - 2);
            const struct item *next = below->items + below->item_count - 1;
            graph_return(below->item_count == 0    ? INITIAL
                         : next->kind == ITEM_BACK ? next->other
                                                   : next->event);
        }
        if (graph->item_count == 0) {
            return;
        }
        const struct item item = graph->items[--graph->item_count];
        if (share_skips(&item)) {
            continue;
        }
        dropped = explore_bounded = false;
        parked = 0;
        const int first = item.kind == ITEM_BACK ? 0 : graph->item_count;
        sound = false;
        bool exists = take(item);
        if (!exists) {
            dropped = true;
        } else if (!failed && !allowed(item.event, item.sound)) {
            ++counted.inconsistent;
            exists = false;
        }
        sound = exists;
        explore_graph(first, item.mass, item.path, exists);
        if ((++turns & 63) == 0) {
            share_flush();
        }
    }
}

static void explore_randomly(void)
{
    dice = options.seed;
    for (uint64_t i = 0; i < options.random && !failed && !share_stop(); ++i) {
        dropped = explore_bounded = false;
        parked = 0;
        grow();
        counted.dropped += dropped;
        ++counted.random;
        counted.explored += 1.0 / (double)options.random;
        graph_cut(INITIAL);
        graph_settle();
        share_flush();
    }
}

uint64_t explore_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Write down what was found, unless another process was first. */
static void report(void)
{
    int none = FOUND_NOTHING;
    if (!atomic_compare_exchange_strong_explicit(&result->finding, &none, (int)found.finding,
                                                 memory_order_relaxed, memory_order_relaxed)) {
        return;
    }
    replay_report(found.finding, found.message, found.pc, found.other);
}

static void explore_everything(void)
{
    share_start();
    graph_start();
    if (options.random) {
        explore_randomly();
    } else {
        explore_all();
    }
}

void explore(void)
{
    result->started = explore_now();
    atomic_store_explicit(&result->working, 1, memory_order_relaxed);
    catch_crashes();
    if (sigsetjmp(explore_abandon, 1) == 0) {
        explore_everything();
    }
    if (failed) {
        report();
    }
    share_end();
    if (failed) {
        report(); /* a process was lost */
    }
    result->ended = explore_now();
}
