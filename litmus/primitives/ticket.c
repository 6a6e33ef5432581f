/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=5 */
/* sources: wait.c */
#include <cordon/spin/ticket.h>

static struct cordon_ticket lock;
#define OWN
#define LOCK()   cordon_ticket_lock(&lock)
#define TRY()    cordon_ticket_try_lock(&lock)
#define UNLOCK() cordon_ticket_unlock(&lock)
#include "lock.h"
