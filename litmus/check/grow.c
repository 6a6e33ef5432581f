/* grow.c - see grow.h */
#include "grow.h"

#include "check.h"
#include "choose.h"
#include "explore.h"
#include "graph.h"
#include "judge.h"
#include "memory.h"
#include "native.h"
#include "revisit.h"
#include "share.h"
#include "sites.h"

#include <stdlib.h>

/* Threads whose request waits for another value, at least until the next write. */
static uint32_t parked;

static int32_t *candidates; /* writes to read from, or to follow in coherence order */
static int candidate_count, candidate_room;

static void let_thread_run(int thread)
{
    struct event *last = last_of(thread);
    if (is_seq_cst(last->order)) {
        explore_any_sc = true;
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

/* The write part of a read-modify-write that put there what was there, as an exchange that finds a lock
 * taken.
 */
static bool writes_nothing_new(const struct event *e)
{
    return e->kind == WRITE && e->rmw && po_previous(e)->value == e->value;
}

/* A loop that does nothing but read, or writes what was there: one more turn can only matter if it reads
 * another value, and that is explored from the reads it has made.
 */
int grow_turn(int thread)
{
    const struct request *request = &thread_states[thread].request;
    const struct names *names = &graph->thread[thread];
    for (int i = names->count - 1; i > 0; --i) {
        const struct event *e = &events[names->at[i]];
        if (e->kind == FENCE || e->kind == CHOICE || writes_nothing_new(e)) {
            continue;
        }
        if (e->kind != READ) {
            return -1;
        }
        if (e->pc == request->pc && e->kind == request->kind && native_same_state(thread, e)) {
            return i;
        }
    }
    return -1;
}

/* --unroll: has this thread come to this access from this call more often than asked for? */
static bool beyond_bound(int thread)
{
    const struct thread_state *state = &thread_states[thread];
    unsigned times = 0;
    for (const struct event *e = last_of(thread); e && options.unroll; e = po_previous(e)) {
        const struct event *before = po_previous(e);
        /* One call of the runtime's may be several accesses. */
        if (e->pc == state->request.pc && e->kind == state->request.kind &&
            e->op == state->request.op && e->wait == state->request.wait &&
            e->size == state->request.size && before && before->segment.after.sp == state->sp &&
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
            explore_dropped = explore_dropped || (!choosing && (!revisitable(name) || !e->maximal));
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
            (choosing || !revisitable(other) || covers(porf, other))) {
            return false;
        }
    }
    return true;
}

static void candidate(int32_t write)
{
    if (candidate_count == candidate_room) {
        candidate_room = candidate_room ? 2 * candidate_room : 64;
        candidates = realloc(candidates, (size_t)candidate_room * sizeof *candidates);
    }
    candidates[candidate_count++] = write;
}

/* A source of the read's, of the candidates; the latest if the model does not allow the chosen one. */
static int32_t choose_source(int32_t read)
{
    struct event *r = &events[read];
    const struct place *place = place_of(r);
    const int32_t source = candidates[choose_one(r, candidates, candidate_count)];
    r->spurious =
        r->weak && options.spurious && value_at(place, source) == r->expected && choose_spurious();
    if (source != co_maximal(place)) {
        r->rf = source;
        r->order = r->op == OP_NONE ? r->success : r->failure;
        event_views(r);
        if (!explore_allowed(read, true)) {
            r->spurious = false;
            return co_maximal(place);
        }
    }
    return source;
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
    candidate_count = 0;
    for (int p = floor - 1; p < place->co.count; ++p) {
        const int32_t write = p < 0 ? INITIAL : place->co.at[p];
        if (may_read(e, &previous->porf, write, p == place->co.count - 1)) {
            candidate(write);
        }
    }
    const int32_t read = event_append();
    if (candidate_count == 0) { /* the last word of a read-modify-write that cannot be undone */
        explore_dropped = true;
        e->rf = co_maximal(place);
        event_views(e);
        return;
    }
    e->rf = candidates[candidate_count - 1];
    if (choosing) {
        e->rf = choose_source(read);
    }
    const bool stale = choosing && e->rf != co_maximal(place);
    for (int i = 0; i < candidate_count; ++i) {
        if (options.spurious && e->weak && value_at(place, candidates[i]) == e->expected) {
            push_item(ITEM_RF, read, candidates[i], true);
        }
        if (i < candidate_count - 1) {
            push_item(ITEM_RF, read, candidates[i], false);
        }
    }
    explore_dropped = !finish_read(read) || explore_dropped ||
                      (stale && e->rmw && !explore_allowed(read, true)); /* as a read it was */
}

static void add_write(int thread)
{
    struct event *e = event_of(thread);
    e->location = graph_location(thread_states[thread].request.address, e->size);
    const int32_t write = event_append();
    struct place *place = &graph->place[e->location];
    event_views(e);
    const int floor = coherence_floor(place, &e->hb);
    candidate_count = 0;
    for (int p = floor; p < place->co.count; ++p) {
        if (!events[place->co.at[p]].rmw) {
            const int32_t after = p > 0 ? place->co.at[p - 1] : INITIAL;
            push_item(ITEM_CO, write, after, false);
            candidate(after);
        }
    }
    int32_t after = co_maximal(place);
    if (choosing) {
        candidate(after);
        after = candidates[choose_one(e, candidates, candidate_count)];
    }
    co_insert(place, write, after);
    if (choosing && co_maximal(place) != write && !explore_allowed(write, true)) {
        co_remove(place, write);
        co_insert(place, write, co_maximal(place));
    }
    memory_check_atomic(e);
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
    const uint64_t chosen = e->kind == CHOICE && choosing ? choose_value(e->operand) : 0;
    const int32_t added = event_append();
    event_views(&events[added]);
    e->value = chosen;
    for (int32_t v = (int32_t)e->operand - 1; e->kind == CHOICE && v > 0; --v) {
        push_item(ITEM_CHOICE, added, v, false);
    }
}

/* Serve a thread's request: one or two events. */
static void add_event(int thread, bool insist)
{
    const unsigned kind = thread_states[thread].request.kind;
    const int32_t before = event_count;
    sites_serving = thread;
    if (kind == REQUEST_WAIT_LOOP || (kind == READ && grow_turn(thread) >= 0)) {
        block(thread);
        sites_serving = -1;
        return;
    }
    if ((kind == READ || kind == WRITE) && beyond_bound(thread)) {
        thread_states[thread].status = THREAD_CUT;
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
    if (event_count > before && !explore_dropped && !failed) {
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

/* Writes first, which leaves less to revisit; else the first thread. -1: none can go on. */
static int pick(bool *insist)
{
    int chosen = -1;
    uint32_t ready = 0;
    *insist = false;
    for (int t = 0; t < graph->threads; ++t) {
        if (!servable(t)) {
            continue;
        }
        ready |= UINT32_C(1) << t;
        if (thread_states[t].request.kind != READ && !choosing) {
            return t;
        }
        chosen = chosen < 0 ? t : chosen;
    }
    if (choosing && (ready | parked)) {
        const int wanted = choose_thread(ready, parked, insist);
        if (wanted >= 0) {
            parked &= ~(UINT32_C(1) << wanted);
            return wanted;
        }
    }
    if (chosen < 0 && parked) {
        /* Nobody will write: let the first one read what is there, for what else it might read. */
        chosen = __builtin_ctz(parked);
        parked &= ~(UINT32_C(1) << chosen);
        *insist = true;
    }
    return chosen;
}

/* Add events until none can be added, or the graph turns out to be none. */
void grow(void)
{
    parked = 0;
    for (int t = 0; t < graph->threads && !failed; ++t) {
        const struct event *last = last_of(t);
        if (graph->creator[t] != NOBODY && last && !last->ran) {
            go_on(t);
        }
    }
    while (!explore_dropped && !failed) {
        bool insist;
        const int thread = pick(&insist);
        if (thread < 0) {
            judge();
            return;
        }
        add_event(thread, insist);
        if ((unsigned)graph->trace.count > options.events) {
            fail(FOUND_BOUND, events[event_count - 1].pc, 0,
                 "an execution has more than %u events: a loop without an end, or --events is too "
                 "small",
                 options.events);
        }
    }
}
