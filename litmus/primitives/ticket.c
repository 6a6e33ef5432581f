/* ticket.c - clients of cordon_ticket.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 * full: -DCASE=5   three, one of them twice
 */
#include <cordon/spin/ticket.h>

#define LOCK_STATE struct cordon_ticket lock;
#define OWN(s, self)
#define LOCK(s)   cordon_ticket_lock(&(s)->lock)
#define TRY(s)    cordon_ticket_try_lock(&(s)->lock)
#define UNLOCK(s) cordon_ticket_unlock(&(s)->lock)
#include "lock.h"
