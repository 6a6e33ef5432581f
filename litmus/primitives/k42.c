/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=5 */
/* sources: wait.c */
#include <cordon/spin/k42.h>

static struct cordon_k42 lock;
#define OWN
#define LOCK()   cordon_k42_lock(&lock)
#define TRY()    cordon_k42_try_lock(&lock)
#define UNLOCK() cordon_k42_unlock(&lock)
#include "lock.h"
