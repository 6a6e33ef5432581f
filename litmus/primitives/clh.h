/* clh.h - cordon_clh as a lock of lock.h. */
#include <cordon/spin/clh.h>

#define LOCK_STATE                   \
    struct cordon_clh lock;          \
    struct cordon_clh_node nodes[5]; \
    struct cordon_clh_handle handles[5];

#define BORROW(s, self) struct cordon_clh_handle *const handle = &(s)->handles[self];
#define OWN(s, self)                                  \
    BORROW(s, self)                                   \
    memset(&(s)->nodes[self], 0, sizeof *(s)->nodes); \
    handle->mine = &(s)->nodes[self];                 \
    handle->pred = NULL;
#define LOCK(s)            cordon_clh_lock(&(s)->lock, handle)
#define TRY(s)             cordon_clh_try_lock(&(s)->lock, handle)
#define UNTIL(s, deadline) cordon_clh_lock_until(&(s)->lock, handle, deadline)
#define UNLOCK(s)          cordon_clh_unlock(&(s)->lock, handle)

#define ARRIVED(s) (atomic_load_explicit(&(s)->lock.tail, memory_order_relaxed) == &(s)->nodes[1])
#include "lock.h"
