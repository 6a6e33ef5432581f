/* sites.h - the program's atomic operations by return address: what they are, and mutating them.
 */
#ifndef CORDON_CHECK_SITES_H
#define CORDON_CHECK_SITES_H

#include "graph.h"

extern int sites_serving; /* the thread whose request becomes an event, or -1: for fail() */

/* sites_apply - count the operation, and give it the order that options.mutation wants. */
void sites_apply(struct event *e);

/* sites_flush - add what was counted to the result. */
void sites_flush(void);

#endif
