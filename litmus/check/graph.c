/* graph.c - execution graphs, nested: appending events, cutting back, branching and returning. */
#define _GNU_SOURCE
#include "graph.h"

#include "check.h"

#include <stdlib.h>
#include <string.h>

enum { STORE_EVENTS = 1 << 24 }; /* address space only: pages are made when touched */

struct event *events;
int32_t event_count;
struct frame *graph;

static struct frame **frames; /* the stack; above it, frames kept for their arrays */
static int frame_count, frame_room;
static bool everything_synchronises; /* SC and TSO: every access is an acquire and a release */

/* Where in the top graph's trace there may be undone events: frames above it were returned from, and
 * what they had undone was not done again, since the frame below was exhausted, too.
 */
static int32_t undone_from = INT32_MAX;

static uint32_t touched_threads; /* since the last graph_settle */

/* What the two sides of asymmetric pairs of fences have to tell each other: as the last three views of
 * an event, but by name, and only once there has been such a fence. No event before it has any.
 */
struct tidings {
    struct view relf, msg, pend;
};
static struct tidings *from_light, *from_heavy;

static void names_reserve(struct names *names, int32_t count)
{
    if (count > names->room) {
        names->room = count < 16 ? 16 : 2 * count;
        names->at = realloc(names->at, (size_t)names->room * sizeof *names->at);
    }
}

static void names_push(struct names *names, int32_t name)
{
    names_reserve(names, names->count + 1);
    names->at[names->count++] = name;
}

static void names_insert(struct names *names, int32_t position, int32_t name)
{
    names_reserve(names, names->count + 1);
    memmove(&names->at[position + 1], &names->at[position],
            (size_t)(names->count - position) * sizeof *names->at);
    names->at[position] = name;
    ++names->count;
}

static void names_erase(struct names *names, int32_t position)
{
    memmove(&names->at[position], &names->at[position + 1],
            (size_t)(names->count - position - 1) * sizeof *names->at);
    --names->count;
}

static void names_remove(struct names *names, int32_t name)
{
    int32_t i = names->count - 1;
    while (names->at[i] != name) {
        --i;
    }
    names_erase(names, i);
}

static struct frame *push_frame(void)
{
    if (frame_count == frame_room) {
        const int room = frame_room ? 2 * frame_room : 64;
        frames = realloc(frames, (size_t)room * sizeof *frames);
        for (int i = frame_room; i < room; ++i) {
            frames[i] = NULL;
        }
        frame_room = room;
    }
    struct frame **slot = &frames[frame_count++];
    if (!*slot) {
        *slot = aligned_alloc(64, (sizeof **slot + 63) & ~(size_t)63);
        memset(*slot, 0, sizeof **slot);
    }
    return *slot;
}

void graph_start(void)
{
    if (!events) {
        events = native_reserve((size_t)STORE_EVENTS * sizeof *events);
    }
    everything_synchronises = options.model == MODEL_SC || options.model == MODEL_TSO;
    graph = push_frame();
    graph->threads = 1;
    graph->creator[0] = INITIAL;
    native_create(0, native_main(), 0);
}

/* As published in 2017: a write also passes on what this thread's earlier release writes to the
 * location released.
 */
static void release_sequence(struct event *w)
{
    const struct names *co = &place_of(w)->co;
    const struct event *last = NULL;
    for (int32_t i = 0; i < co->count; ++i) {
        const struct event *e = &events[co->at[i]];
        if (e->thread == w->thread && e->index < w->index && is_release(e->order) &&
            (!last || last->index < e->index)) {
            last = e;
        }
    }
    if (last) {
        view_join(&w->msg, &last->hb);
    }
}

static void pass_on(struct event *e, struct tidings *all, int source, int destination)
{
    static const struct tidings none;
    const struct event *previous = po_previous(e);
    struct tidings *mine = &all[e - events];
    *mine = previous ? all[previous - events] : none;
    mine->msg = none.msg;
    if (e->kind == READ && e->rf != INITIAL) {
        view_join(&mine->pend, &all[e->rf].msg);
    } else if (e->kind == FENCE && e->order == destination) {
        view_join(&e->hb, &mine->pend);
    } else if (e->kind == FENCE && e->order == source) {
        mine->relf = e->hb;
        view_join(&mine->relf, &e->pend);
    } else if (e->kind == WRITE && e->order != PLAIN) {
        mine->msg = mine->relf;
        if (e->rmw && previous->rf != INITIAL) {
            view_join(&mine->msg, &all[previous->rf].msg);
        }
    }
}

/* See synchronise.h. After the views that the fence has as any other, before it is itself a release. */
static void asymmetric_views(struct event *e)
{
    if (!from_light && e->kind == FENCE && (e->order == LIGHT || e->order == HEAVY)) {
        from_light = native_reserve((size_t)STORE_EVENTS * sizeof *from_light);
        from_heavy = native_reserve((size_t)STORE_EVENTS * sizeof *from_heavy);
    }
    if (from_light) {
        pass_on(e, from_light, LIGHT, HEAVY_END);
        pass_on(e, from_heavy, HEAVY, LIGHT);
    }
}

void event_views(struct event *e)
{
    static const struct view none;
    const struct event *previous = po_previous(e);
    const bool acquire = everything_synchronises || is_acquire(e->order);
    const bool release = everything_synchronises || is_release(e->order);
    if (previous) {
        e->porf = previous->porf;
        e->hb = previous->hb;
        e->relf = previous->relf;
        e->pend = previous->pend;
    } else {
        e->porf = e->hb = e->relf = e->pend = none;
    }
    if (e->kind == READ && e->rf != INITIAL) {
        const struct event *w = &events[e->rf];
        view_join(&e->porf, &w->porf);
        view_join(&e->pend, &w->msg);
        if (acquire) {
            view_join(&e->hb, &w->msg);
        }
    } else if ((e->kind == START || e->kind == JOIN) && e->rf != INITIAL) {
        view_join(&e->porf, &events[e->rf].porf);
        view_join(&e->hb, &events[e->rf].hb);
    } else if (e->kind == FENCE && acquire) {
        view_join(&e->hb, &e->pend);
    }
    e->porf.at[e->thread] = e->hb.at[e->thread] = (int16_t)(e->index + 1);
    asymmetric_views(e);
    if ((e->kind == FENCE && release) || e->kind == CREATE) {
        e->relf = e->hb;
    } else if (e->kind == WRITE) {
        /* A plain write publishes nothing, whatever fence comes before it. */
        e->msg = release ? e->hb : e->order == PLAIN ? none : e->relf;
        if (e->rmw && previous->rf != INITIAL) {
            view_join(&e->msg, &events[previous->rf].msg);
        }
        if (!options.cxx20 && e->order != PLAIN) {
            release_sequence(e);
        }
    }
}

struct event *event_next(void)
{
    struct event *e = &events[event_count];
    memset(e, 0, offsetof(struct event, porf)); /* the rest is computed */
    e->segment.changes = e->segment.notes = 0;
    e->location = -1;
    e->rf = INITIAL;
    return e;
}

int32_t event_append(void)
{
    const int32_t name = event_count++;
    struct event *e = &events[name];
    if (event_count == STORE_EVENTS) {
        fail(FOUND_BOUND, 0, 0, "the explorer's store of %d events is full", STORE_EVENTS);
        --event_count;
    }
    struct names *thread = &graph->thread[e->thread];
    e->index = (int16_t)thread->count;
    names_push(thread, name);
    names_push(&graph->trace, name);
    if (e->kind == READ) {
        names_push(&graph->place[e->location].reads, name);
    }
    return name;
}

void graph_know_place(int32_t location)
{
    if (location >= graph->room) {
        const int32_t room = 2 * location + 8;
        graph->place = realloc(graph->place, (size_t)room * sizeof *graph->place);
        memset(&graph->place[graph->room], 0, (size_t)(room - graph->room) * sizeof *graph->place);
        graph->room = room;
    }
    while (graph->places <= location) {
        graph->place[graph->places].co.count = graph->place[graph->places].reads.count = 0;
        ++graph->places;
    }
}

void co_insert(struct place *place, int32_t write, int32_t after)
{
    names_insert(&place->co, co_position(place, after) + 1, write);
}

void co_remove(struct place *place, int32_t write)
{
    names_remove(&place->co, write);
}

/* The location's memory := the latest of its writes whose effects are there, or what it held before
 * them; unless it serves something else by now.
 */
static void show_latest(int32_t location)
{
    const struct place *place = &graph->place[location];
    int32_t i = place->co.count - 1;
    while (i >= 0 && events[place->co.at[i]].undone) {
        --i;
    }
    if (!location_ended(location)) {
        native_write_location(locations[location].address, locations[location].size,
                              i >= 0 ? events[place->co.at[i]].value : place->initial);
    }
}

/* Take the effects of an event back; the top graph's places no longer hold it. Memory is put right at
 * once: what other segments did to these bytes, when they were no location, counts from there.
 */
static void undo(struct event *e)
{
    if (e->undone) {
        return;
    }
    e->undone = true;
    touched_threads |= UINT32_C(1) << e->thread;
    if (e->ran) {
        native_undo(e);
    }
    if (e->kind == WRITE) {
        show_latest(e->location);
    }
}

static void redo(struct event *e)
{
    e->undone = false;
    touched_threads |= UINT32_C(1) << e->thread;
    if (e->kind == WRITE) {
        show_latest(e->location);
    }
    if (e->ran) {
        native_redo(e);
    }
}

/* Remove the last event of the trace, which is the last of its thread. */
static void pop_event(void)
{
    const int32_t name = graph->trace.at[--graph->trace.count];
    struct event *e = &events[name];
    --graph->thread[e->thread].count;
    if (e->kind == READ) {
        --graph->place[e->location].reads.count;
    } else if (e->kind == WRITE) {
        co_remove(&graph->place[e->location], name);
    } else if (e->kind == CREATE) {
        graph->creator[e->other] = NOBODY;
        touched_threads |= UINT32_C(1) << e->other;
    }
    undo(e);
}

void graph_cut(int32_t last)
{
    while (graph->trace.count > 0 && graph->trace.at[graph->trace.count - 1] > last) {
        const struct event *e = &events[graph->trace.at[graph->trace.count - 1]];
        pop_event();
        if (e->ran) {
            native_release((struct native_mark){e->segment.change, e->segment.note});
        }
    }
    event_count = last + 1;
}

void graph_move(int32_t write, int32_t after)
{
    struct place *place = place_of(&events[write]);
    co_remove(place, write);
    co_insert(place, write, after);
    show_latest(events[write].location);
}

void graph_rerun(int32_t name)
{
    struct event *e = &events[name];
    if (e->ran) {
        if (!e->undone) {
            native_undo(e);
        }
        native_release((struct native_mark){e->segment.change, e->segment.note});
    }
    e->ran = e->undone = false;
    touched_threads |= UINT32_C(1) << e->thread;
}

void graph_drop_last(int thread)
{
    struct names *names = &graph->thread[thread];
    const int32_t name = names->at[--names->count];
    names_remove(&graph->place[events[name].location].reads, name);
    names_remove(&graph->trace, name);
}

/* The leading events of the thread that were there when `read` was added, or that `write` needs. */
static int32_t kept_of(const struct names *thread, int32_t read, int needed)
{
    int32_t count = thread->count;
    while (count > needed && thread->at[count - 1] > read) {
        --count;
    }
    return count;
}

/* Most often it is an older event than the read, and stays: its name tells. */
static inline bool is_kept(int32_t name, int32_t read, const int32_t *kept)
{
    return name <= read || events[name].index < kept[events[name].thread];
}

static void copy_kept(struct names *to, const struct names *from, int32_t read, const int32_t *kept)
{
    names_reserve(to, from->count);
    int32_t count = 0;
    for (int32_t i = 0; i < from->count; ++i) {
        const int32_t name = from->at[i];
        to->at[count] = name;
        count += is_kept(name, read, kept);
    }
    to->count = count;
}

void graph_branch(int32_t read, int32_t write)
{
    struct frame *from = graph, *to = push_frame();
    int32_t kept[MAX_THREADS];
    to->threads = from->threads;
    for (int t = 0; t < from->threads; ++t) {
        kept[t] = kept_of(&from->thread[t], read, events[write].porf.at[t]);
        names_reserve(&to->thread[t], kept[t]);
        to->thread[t].count = kept[t];
        memcpy(to->thread[t].at, from->thread[t].at, (size_t)kept[t] * sizeof(int32_t));
    }
    for (int t = 0; t < from->threads; ++t) {
        const int32_t creator = from->creator[t];
        to->creator[t] = creator;
        if (creator >= 0 && events[creator].index >= kept[events[creator].thread]) {
            to->creator[t] = NOBODY;
            touched_threads |= UINT32_C(1) << t;
        }
    }
    to->places = 0;
    graph = to;
    if (from->places > 0) {
        graph_know_place(from->places - 1);
    }
    for (int32_t l = 0; l < from->places; ++l) {
        to->place[l].initial = from->place[l].initial;
        copy_kept(&to->place[l].co, &from->place[l].co, read, kept);
        copy_kept(&to->place[l].reads, &from->place[l].reads, read, kept);
    }
    to->fixed = from->fixed;
    view_join(&to->fixed, &events[write].porf);
    to->store_base = event_count;
    to->native = native_marked();
    to->revisited = read;
    to->revisitor = write;
    to->revisitor_ran = events[write].ran;
    to->item_count = 0;

    /* Undo what goes and the read, from the last to the first; what was executed before them stays. */
    int32_t first = from->trace.count, going = from->trace.count + 1;
    for (int t = 0; t < from->threads; ++t) {
        going -= kept[t];
    }
    while (going > 0) {
        const int32_t name = from->trace.at[--first];
        struct event *e = &events[name];
        if (name == read) {
            to->saved = *e;
            undo(e);
            e->ran = e->undone = false;
            --going;
        } else if (!is_kept(name, read, kept)) {
            undo(e);
            --going;
        }
    }
    to->first_undone = first;
    names_reserve(&to->trace, from->trace.count);
    memcpy(to->trace.at, from->trace.at, (size_t)first * sizeof(int32_t));
    to->trace.count = first;
    for (int32_t i = first; i < from->trace.count; ++i) {
        const int32_t name = from->trace.at[i];
        if (name != read && is_kept(name, read, kept)) {
            to->trace.at[to->trace.count++] = name;
        }
    }
    to->trace.at[to->trace.count++] = read;
}

void graph_return(int32_t last)
{
    struct frame *done = graph;
    graph_cut(done->store_base - 1);
    struct event *read = &events[done->revisited], *write = &events[done->revisitor];
    /* The frame below may have been no execution as soon as it had the write: then it ran here. */
    const bool write_ran = write->ran && !done->revisitor_ran;
    if (write_ran && write->segment.note >= read->segment.note) {
        undo(write);
    }
    if (read->ran) {
        undo(read);
    }
    if (write_ran) {
        undo(write);
        write->ran = write->undone = false;
    }
    *read = done->saved;
    read->undone = true;
    native_release(done->native);
    graph = frames[--frame_count - 1];
    if (from_light) {
        event_views(read); /* its tidings are not in what was saved */
    }
    undone_from = undone_from < done->first_undone ? undone_from : done->first_undone;
    for (int32_t i = undone_from; i < graph->trace.count && last != INITIAL; ++i) {
        struct event *e = &events[graph->trace.at[i]];
        if (e->undone && graph->trace.at[i] <= last) {
            redo(e);
        }
    }
    undone_from = last == INITIAL ? undone_from : INT32_MAX;
    /* Threads that exist there and not here. */
    for (int t = 0; t < graph->threads; ++t) {
        if (t >= done->threads || graph->creator[t] != done->creator[t]) {
            touched_threads |= UINT32_C(1) << t;
        }
    }
}

static void settle_thread(int t)
{
    if (t >= graph->threads || graph->creator[t] == NOBODY) {
        thread_states[t].status = THREAD_NONE;
        return;
    }
    int32_t i = graph->thread[t].count - 1;
    while (i >= 0 && !events[graph->thread[t].at[i]].ran) {
        --i;
    }
    if (i >= 0) {
        native_restore(t, &events[graph->thread[t].at[i]].segment.after);
    } else if (graph->creator[t] == INITIAL) {
        native_create(t, native_main(), 0);
    } else {
        const struct event *creation = &events[graph->creator[t]];
        native_create(t, (uintptr_t)creation->operand, creation->expected);
    }
}

void graph_settle(void)
{
    while (graph->threads > 1 && graph->creator[graph->threads - 1] == NOBODY) {
        --graph->threads;
    }
    for (int t = 0; touched_threads; ++t, touched_threads >>= 1) {
        if (touched_threads & 1) {
            settle_thread(t);
        }
    }
}

int frame_depth(void)
{
    return frame_count;
}

struct frame *frame_at(int depth)
{
    return frames[depth];
}
