/* ttas.c - clients of cordon_ttas.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 * quick: -DCASE=4   three, one with a deadline
 */
#include <cordon/spin/ttas.h>

#define LOCK_STATE struct cordon_ttas lock;
#define OWN(s, self)
#define LOCK(s)            cordon_ttas_lock(&(s)->lock)
#define TRY(s)             cordon_ttas_try_lock(&(s)->lock)
#define UNTIL(s, deadline) cordon_ttas_lock_until(&(s)->lock, deadline)
#define UNLOCK(s)          cordon_ttas_unlock(&(s)->lock)
#include "lock.h"
