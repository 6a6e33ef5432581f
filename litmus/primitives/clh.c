/* variants: -DCASE=1 | -DCASE=2 | -DCASE=3 | -DCASE=4 */
/* sources: wait.c */
#include <cordon/spin/clh.h>

static struct cordon_clh lock = CORDON_CLH_INIT;
static struct cordon_clh_node nodes[8];
static inline struct cordon_clh_node *own_node(void)
{
    static CORDON_ATOMIC(int) used;
    return &nodes[atomic_fetch_add_explicit(&used, 1, memory_order_relaxed)];
}
#define OWN             struct cordon_clh_handle handle = CORDON_CLH_HANDLE_INIT(own_node());
#define LOCK()          cordon_clh_lock(&lock, &handle)
#define TRY()           cordon_clh_try_lock(&lock, &handle)
#define UNTIL(deadline) cordon_clh_lock_until(&lock, &handle, deadline)
#define UNLOCK()        cordon_clh_unlock(&lock, &handle)
#include "lock.h"
