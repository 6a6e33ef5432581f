/* order.c - the top graph's events in an order that a person can follow.
 *
 * Threads take turns as seldom as possible, and a write waits for the reads of what it overwrites:
 * then a reader of the report can keep the memory's content in mind. Only an execution that no such
 * order explains shows a read of an old value.
 */
#include "order.h"

#include "graph.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

/* What it costs to take an event now. */
enum cost {
    FITS,       /* nothing */
    LOOKS_BACK, /* a read of an old value; or a write that will make one of another read */
    GOES_BELOW, /* a write that is overwritten before the one that is already there */
    NOT_YET     /* what it depends on is missing */
};

/* What has been taken, per thread. */
static int taken[MAX_THREADS];

static bool is_taken(int32_t name)
{
    return events[name].index < taken[events[name].thread];
}

static enum cost cost_of_read(const struct event *e)
{
    const struct place *place = place_of(e);
    for (int i = co_position(place, e->rf) + 1; i < place->co.count; ++i) {
        if (is_taken(place->co.at[i])) {
            return LOOKS_BACK;
        }
    }
    return FITS;
}

static enum cost cost_of_write(const struct event *e)
{
    const struct place *place = place_of(e);
    const int position = co_position(place, graph->thread[e->thread].at[e->index]);
    for (int i = 0; i < position; ++i) {
        if (!is_taken(place->co.at[i])) {
            return GOES_BELOW;
        }
    }
    for (int i = 0; i < place->reads.count; ++i) {
        const struct event *read = &events[place->reads.at[i]];
        if (!is_taken(place->reads.at[i]) && co_position(place, read->rf) < position &&
            !(read->thread == e->thread && read->index == e->index - 1)) {
            return LOOKS_BACK;
        }
    }
    return FITS;
}

static enum cost cost_of(const struct event *e)
{
    const bool waits = e->kind == READ || e->kind == START || e->kind == JOIN;
    if (waits && e->rf >= 0 && !is_taken(e->rf)) {
        return NOT_YET;
    }
    if (e->kind == WRITE) {
        return cost_of_write(e);
    }
    if (e->kind == READ) {
        const struct names *thread = &graph->thread[e->thread];
        const enum cost own = cost_of_read(e);
        /* A read-modify-write is taken as a whole. */
        const enum cost write = e->rmw && e->index + 1 < thread->count
                                    ? cost_of_write(&events[thread->at[e->index + 1]])
                                    : FITS;
        return own > write ? own : write;
    }
    return FITS;
}

/* The next thread to take an event of: the cheapest; of equals the one at hand, `last` last. */
static int next_thread(int present, int last)
{
    int best = -1;
    enum cost best_cost = NOT_YET;
    for (int i = 0; i < graph->threads; ++i) {
        const int t = (present + i) % graph->threads;
        const struct names *thread = &graph->thread[t];
        if (taken[t] == thread->count) {
            continue;
        }
        const enum cost cost = cost_of(&events[thread->at[taken[t]]]);
        if (cost < best_cost || (cost == best_cost && cost != NOT_YET && best == last)) {
            best = t;
            best_cost = cost;
        }
    }
    return best;
}

void order_events(int last, int32_t *into)
{
    int present = 0;
    memset(taken, 0, sizeof taken);
    for (int32_t count = 0; count < graph->trace.count;) {
        present = next_thread(present, last);
        if (present < 0) { /* a graph that cannot be; say what there is */
            memcpy(into, graph->trace.at, (size_t)graph->trace.count * sizeof *into);
            return;
        }
        const struct names *thread = &graph->thread[present];
        const struct event *e = &events[thread->at[taken[present]]];
        into[count++] = thread->at[taken[present]++];
        if (e->kind == READ && e->rmw && taken[present] < thread->count) {
            into[count++] = thread->at[taken[present]++];
        }
    }
}
