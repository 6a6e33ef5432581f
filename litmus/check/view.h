/* view.h - a set of events that is downward closed in program order, as a vector clock.
 *
 * view->at[t] is how many leading events of thread t the set holds.
 */
#ifndef CORDON_CHECK_VIEW_H
#define CORDON_CHECK_VIEW_H

#include <stdbool.h>
#include <stdint.h>

enum { MAX_THREADS = 32 };

/* Signed 16 bits: the widest component whose maximum is one instruction in every SIMD unit. */
struct view {
    _Alignas(64) int16_t at[MAX_THREADS];
};

/* view_join - *into becomes the union. */
static inline void view_join(struct view *restrict into, const struct view *restrict from)
{
    for (int t = 0; t < MAX_THREADS; ++t) {
        into->at[t] = into->at[t] > from->at[t] ? into->at[t] : from->at[t];
    }
}

/* view_covers - is the event at this position of this thread in the set? */
static inline bool view_covers(const struct view *view, int thread, int position)
{
    return view->at[thread] > position;
}

#endif
