/* crash.h - faults of the program under test.
 */
#ifndef CORDON_CHECK_CRASH_H
#define CORDON_CHECK_CRASH_H

#include <setjmp.h>

/* catch_crashes - from now on, faults of the program are findings. */
void catch_crashes(void);

/* Where explore() goes on when an atomic access to nowhere was found while serving it. */
extern sigjmp_buf explore_abandon;

#endif
