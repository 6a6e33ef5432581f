/* k42.c - clients of cordon_k42.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 * full: -DCASE=5   three, one of them twice
 */
#include <cordon/spin/k42.h>

#define LOCK_STATE struct cordon_k42 lock;
#define OWN(s, self)
#define LOCK(s)   cordon_k42_lock(&(s)->lock)
#define TRY(s)    cordon_k42_try_lock(&(s)->lock)
#define UNLOCK(s) cordon_k42_unlock(&(s)->lock)
#include "lock.h"
