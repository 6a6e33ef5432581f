/* hemlock.c - clients of cordon_hemlock.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 * full: -DCASE=5   three, one of them twice
 */
#include <cordon/spin/hemlock.h>

/* The thread's own word ends with the thread, and its memory is used again: it must not be read by
 * then, and a plain write says so.
 */
#define LOCK_STATE              \
    struct cordon_hemlock lock; \
    struct cordon_hemlock_self selves[3];
#define OWN(s, self) struct cordon_hemlock_self *const own = &(s)->selves[self];
#define LOCK(s)      cordon_hemlock_lock(&(s)->lock, own)
#define TRY(s)       cordon_hemlock_try_lock(&(s)->lock, own)
#define UNLOCK(s)    cordon_hemlock_unlock(&(s)->lock, own)
#include "lock.h"
