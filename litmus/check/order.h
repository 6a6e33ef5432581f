/* order.h - the top graph's events in an order that a person can follow. */
#ifndef CORDON_CHECK_ORDER_H
#define CORDON_CHECK_ORDER_H

#include <stdint.h>

/* order_events - fills `into`, of graph->trace.count events. Whatever they order (po, who reads from
 * whom, creation and joining) comes in order. If there is an order in which also each read sees the
 * newest value, as if one thread ran at a time, it is such an order. `last`: the thread whose events
 * should come late, or -1.
 */
void order_events(int last, int32_t *into);

#endif
