/* grow.h - from a graph to an execution: serve the threads' requests, one event after another.
 */
#ifndef CORDON_CHECK_GROW_H
#define CORDON_CHECK_GROW_H

/* grow - add events until none can be added, or the graph turns out to be none (explore_dropped). */
void grow(void);

#endif
