/* cordon/check.h - what a program may tell cordon-check about its waiting loops.
 *
 * cordon-check notices by itself that a loop only reads and waits: a turn has left its thread as it
 * was. It cannot know that of a loop that writes and takes it back,
 *
 *     while (atomic_fetch_add_explicit(&guests, 1, memory_order_acquire) >= LIMIT) {
 *         atomic_fetch_sub_explicit(&guests, 1, memory_order_relaxed);
 *         cordon_check_wait();
 *     }
 *
 * or that counts its turns, and would explore any number of turns. It has to be told, or be given a
 * bound (--unroll). Outside of cordon-check nothing of this header remains.
 */
#ifndef CORDON_CHECK_H
#define CORDON_CHECK_H

#include <cordon/atomic.h>

CORDON_BEGIN_DECLS

/* cordon_check_wait - this turn of a waiting loop was in vain, and so would another one be until some
 * other thread writes to what it read.
 * Order:  none, of memory.
 * Waits:  under cordon-check, for the rest of this execution: what the loop could have read instead is
 *         found in others. If the turn wrote anything, a wait that never ends is not found.
 * Cost:   nothing outside of cordon-check.
 */
#ifdef CORDON_CHECK
void cordon_check_wait(void);
#else
static inline void cordon_check_wait(void)
{
}
#endif

CORDON_END_DECLS

#endif
