/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 */
/* sources: mutex.c wait.c */
#include <cordon/sync/mutex.h>

static struct cordon_mutex lock;
#define OWN
#define LOCK()          cordon_mutex_lock(&lock)
#define TRY()           cordon_mutex_try_lock(&lock)
#define UNTIL(deadline) cordon_mutex_lock_until(&lock, deadline)
#define UNLOCK()        cordon_mutex_unlock(&lock)
#include "lock.h"
