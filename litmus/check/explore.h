/* explore.h - what the explorer's parts share about the exploration that is going on.
 */
#ifndef CORDON_CHECK_EXPLORE_H
#define CORDON_CHECK_EXPLORE_H

#include <setjmp.h>
#include <stdbool.h>
#include <stdint.h>

extern bool failed;          /* something was found: stop */
extern bool explore_bounded; /* --unroll has cut the present execution short */

/* explore_now - nanoseconds of CLOCK_MONOTONIC. */
uint64_t explore_now(void);

/* catch_crashes - from now on, faults of the program are findings. */
void catch_crashes(void);

/* Where explore() goes on when an atomic access to nowhere was found while serving it. */
extern sigjmp_buf explore_abandon;

#endif
