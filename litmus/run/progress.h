/* progress.h - how far a run is, where a person watches: "[ 37/516] SB+rlx 0.4 s  ETA 5 min 12 s, 0 violations". */
#ifndef CORDON_LITMUS_RUN_PROGRESS_H
#define CORDON_LITMUS_RUN_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* progress_begin - of so many tests. Each takes about so long, which is corrected as they end; or all of them
 * together do, over and over.
 */
void progress_begin(size_t tests, uint64_t nanoseconds, bool together);

/* progress_test - this one begins; with it so many are left that can be run. The name must outlive it. */
void progress_test(size_t number, const char *name, size_t left, size_t violations);

/* progress_tick - time has passed. Returns true, as what an engine may ask ten times a second. */
bool progress_tick(void);

#endif
