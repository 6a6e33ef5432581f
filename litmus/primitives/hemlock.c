/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=5 */
/* sources: wait.c */
#include <cordon/spin/hemlock.h>

/* The thread's own word ends with the thread, and its memory is used again: it must not be read by
 * then, and a plain write says so.
 */
static struct cordon_hemlock lock;
static struct cordon_hemlock_self selves[8];
#define OWN      struct cordon_hemlock_self *const self = own_self();
#define LOCK()   cordon_hemlock_lock(&lock, self)
#define TRY()    cordon_hemlock_try_lock(&lock, self)
#define UNLOCK() cordon_hemlock_unlock(&lock, self)
static inline struct cordon_hemlock_self *own_self(void)
{
    static CORDON_ATOMIC(int) used;
    return &selves[atomic_fetch_add_explicit(&used, 1, memory_order_relaxed)];
}
#include "lock.h"
