/* explore.h - what the explorer's parts share about the exploration that is going on.
 */
#ifndef CORDON_CHECK_EXPLORE_H
#define CORDON_CHECK_EXPLORE_H

#include <stdbool.h>
#include <stdint.h>

extern bool failed; /* something was found: stop */

extern bool explore_dropped; /* the present graph is no execution, or one that is found elsewhere */
extern bool explore_sound;   /* it is known to be consistent: its items may say so */
extern bool explore_ours;    /* it is for this process to count */
extern bool explore_any_sc;  /* a seq_cst event has been seen: RC11 has something to say */

/* explore_allowed - is the top graph consistent? without_it: it is known to be, but for this event, the
 * last of its thread.
 */
bool explore_allowed(int32_t event, bool without_it);

/* explore_now - nanoseconds of CLOCK_MONOTONIC. */
uint64_t explore_now(void);

#endif
