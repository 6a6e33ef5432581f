/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=5 */
/* sources: wait.c */
#include <cordon/spin/mcs.h>

static struct cordon_mcs lock;
#define OWN      struct cordon_mcs_node node;
#define LOCK()   cordon_mcs_lock(&lock, &node)
#define TRY()    cordon_mcs_try_lock(&lock, &node)
#define UNLOCK() cordon_mcs_unlock(&lock, &node)
#include "lock.h"
