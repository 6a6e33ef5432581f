/* synchronise.h - which event makes a write a release, and which makes a read an acquire. */
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
