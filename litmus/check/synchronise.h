/* synchronise.h - which event makes a write a release, and which makes a read an acquire.
 *
 * Asymmetric pairs of fences are not among these. A light fence (a seq_cst signal fence) is nothing by
 * itself; a heavy one (membarrier) makes every other thread execute a full fence, somewhere between two
 * light fences of that thread's and between the heavy fence's begin and its end, which are full fences
 * themselves and two events, HEAVY and HEAVY_END. So of a light fence L and a heavy one of another
 * thread, either all before L happens before the heavy fence's end, or its begin before all after L.
 * Which of them, nobody says; but if the heavy fence's thread reads before it what was written after L,
 * it must be the former, and if L's thread reads before L what was written after the heavy fence's end,
 * the latter: as if L were a release, or an acquire, for heavy fences alone. These are the edges
 * that event_views adds, along the same release sequences. L tells what it knows and what an acquire in
 * its place would have learnt. The edges do not add up: what a light fence tells the end of a heavy one,
 * the begin does not tell another light fence.
 *
 * Sources: membarrier(2); D. Goldblatt, "Asymmetric Fences", ISO C++ paper P1202R5, whose light and heavy
 * fences order a little more where they meet seq_cst accesses, and more than the kernel provides.
 */
#ifndef CORDON_CHECK_SYNCHRONISE_H
#define CORDON_CHECK_SYNCHRONISE_H

#include "check.h"
#include "graph.h"

/* As event_views has it: under these models every access is both. */
static inline bool sync_always(void)
{
    return options.model == MODEL_SC || options.model == MODEL_TSO;
}

/* The write itself, or the last release fence before it; or NULL. */
static inline const struct event *sync_release(const struct event *w)
{
    if (sync_always() || is_release(w->order)) {
        return w;
    }
    for (const struct event *e = po_previous(w); e != NULL; e = po_previous(e)) {
        if (e->kind == FENCE && is_release(e->order)) {
            return e;
        }
    }
    return NULL;
}

/* The read itself, or the first acquire fence after it; or NULL. */
static inline const struct event *sync_acquire(const struct event *r)
{
    const struct names *thread = &graph->thread[r->thread];
    if (sync_always() || is_acquire(r->order)) {
        return r;
    }
    for (int i = r->index + 1; i < thread->count; ++i) {
        const struct event *e = &events[thread->at[i]];
        if (e->kind == FENCE && is_acquire(e->order)) {
            return e;
        }
    }
    return NULL;
}

#endif
