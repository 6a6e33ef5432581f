/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=4 */
/* sources: wait.c */
#include <cordon/spin/ttas.h>

static struct cordon_ttas lock;
#define OWN
#define LOCK()          cordon_ttas_lock(&lock)
#define TRY()           cordon_ttas_try_lock(&lock)
#define UNTIL(deadline) cordon_ttas_lock_until(&lock, deadline)
#define UNLOCK()        cordon_ttas_unlock(&lock)
#include "lock.h"
