/* mutex.c - clients of cordon_mutex.
 *
 * with: src/mutex.c src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 */
#include <cordon/sync/mutex.h>

#define LOCK_STATE struct cordon_mutex lock;
#define OWN(s, self)
#define LOCK(s)            cordon_mutex_lock(&(s)->lock)
#define TRY(s)             cordon_mutex_try_lock(&(s)->lock)
#define UNTIL(s, deadline) cordon_mutex_lock_until(&(s)->lock, deadline)
#define UNLOCK(s)          cordon_mutex_unlock(&(s)->lock)
#include "lock.h"
