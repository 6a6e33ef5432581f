/* revisit.h - what else an event could have been: the items that a graph leaves behind.
 */
#ifndef CORDON_CHECK_REVISIT_H
#define CORDON_CHECK_REVISIT_H

#include "graph.h"

#include <stdbool.h>
#include <stdint.h>

/* push_item - leave an item on the top graph's list. */
void push_item(enum item_kind kind, int32_t event, int32_t other, bool spurious);

/* of_size - the value that so many bytes hold. */
uint64_t of_size(uint64_t value, int size);

/* must_wait - does reading this value keep the thread waiting? */
bool must_wait(const struct event *r, uint64_t value);

/* writes - does reading this value make it a read-modify-write? */
bool writes(const struct event *r, uint64_t old);

/* revisitable - may the event be changed or removed still? */
bool revisitable(int32_t event);

/* coherence_floor - the number of leading writes in the coherence order that an event that knows `hb`
 * cannot precede: it happens after them, or after a read of them.
 */
int coherence_floor(const struct place *place, const struct view *hb);

/* revisits - leave an item for each read that this new, or newly placed, write could have been read
 * by. Returns false if the graph as it stands is none: two read-modify-writes read from one write.
 */
bool revisits(int32_t write);

/* finish_read - the read, the last event of its thread, has its source: its value, its views, its write
 * part if it has one, and what that revisits. Returns as `revisits`.
 */
bool finish_read(int32_t read);

#endif
