/* choose.h - one execution at a time: by dice (--random), or as it is written down (--replay).
 *
 * Then no items are left behind; whoever adds an event asks here which it is to be.
 */
#ifndef CORDON_CHECK_CHOOSE_H
#define CORDON_CHECK_CHOOSE_H

#include "graph.h"
#include "record.h"

#include <stdbool.h>
#include <stdint.h>

extern bool choosing;

void choose_by_dice(uint64_t seed);

/* choose_recorded - follow this record. What its end leaves open is decided as ever. */
void choose_recorded(const struct record *record);

/* choose_thread - one of these threads (a bit each); -1: it does not matter. `insist`:
 * it is to make its read although that lets it wait.
 */
int choose_thread(uint32_t ready, uint32_t waiting, bool *insist);

/* choose_one - the index of one of so many candidates, for the event that is being added: of sources for
 * a read, or of writes that a write could follow directly; INITIAL among them is the initial value.
 */
int choose_one(const struct event *e, const int32_t *candidates, int count);

/* choose_value - a choice's value, below `count`. */
uint64_t choose_value(uint64_t count);

/* choose_spurious - shall the compare-exchange fail for no reason? */
bool choose_spurious(void);

#endif
