/* clh.c - clients of cordon_clh.
 *
 * with: src/wait.c
 * quick: -DCASE=1   three threads enter
 * quick: -DCASE=2   two, one of them twice
 * quick: -DCASE=3   three, one of which only tries
 * quick: -DCASE=4   three, one with a deadline
 */
#include <cordon/spin/clh.h>

#define LOCK_STATE          \
    struct cordon_clh lock; \
    struct cordon_clh_node nodes[3];
#define OWN(s, self)       struct cordon_clh_handle handle = CORDON_CLH_HANDLE_INIT(&(s)->nodes[self]);
#define LOCK(s)            cordon_clh_lock(&(s)->lock, &handle)
#define TRY(s)             cordon_clh_try_lock(&(s)->lock, &handle)
#define UNTIL(s, deadline) cordon_clh_lock_until(&(s)->lock, &handle, deadline)
#define UNLOCK(s)          cordon_clh_unlock(&(s)->lock, &handle)
#include "lock.h"
