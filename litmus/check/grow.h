/* grow.h - from a graph to an execution: serve the threads' requests, one event after another.
 */
#ifndef CORDON_CHECK_GROW_H
#define CORDON_CHECK_GROW_H

/* grow - add events until none can be added, or the graph turns out to be none (explore_dropped). */
void grow(void);

/* grow_turn - has the thread, about to read, come round in a loop that does nothing but read?
 * The index of the event in the thread with which the turn began, or -1.
 */
int grow_turn(int thread);

#endif
