/* mcs.c - the MCS lock.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice, with the same node
 * quick: -DCASE=3   three, one of which only tries
 * full: -DCASE=5    three, one of them twice
 */
#include <cordon/spin/mcs.h>

#define LOCK_STATE   struct cordon_mcs lock;
#define OWN(s, self) struct cordon_mcs_node node;
#define LOCK(s)      cordon_mcs_lock(&(s)->lock, &node)
#define TRY(s)       cordon_mcs_try_lock(&(s)->lock, &node)
#define UNLOCK(s)    cordon_mcs_unlock(&(s)->lock, &node)
#include "lock.h"
