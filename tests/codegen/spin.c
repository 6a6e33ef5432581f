/* The spinlocks of spin/. */
#include "codegen.h"

#include <cordon/spin/clh.h>
#include <cordon/spin/hemlock.h>
#include <cordon/spin/k42.h>
#include <cordon/spin/mcs.h>
#include <cordon/spin/ticket.h>
#include <cordon/spin/ttas.h>

#define LOCK(name)                                         \
    FUNCTION(void, name##_lock, struct cordon_##name *l)   \
    {                                                      \
        cordon_##name##_lock(l);                           \
    }                                                      \
    FUNCTION(bool, name##_try, struct cordon_##name *l)    \
    {                                                      \
        return cordon_##name##_try_lock(l);                \
    }                                                      \
    FUNCTION(void, name##_unlock, struct cordon_##name *l) \
    {                                                      \
        cordon_##name##_unlock(l);                         \
    }
LOCK(ttas)
LOCK(ticket)
LOCK(k42)

#define LOCK_WITH(name, with)                                                                \
    FUNCTION(void, name##_lock, struct cordon_##name *l, struct cordon_##name##_##with *n)   \
    {                                                                                        \
        cordon_##name##_lock(l, n);                                                          \
    }                                                                                        \
    FUNCTION(bool, name##_try, struct cordon_##name *l, struct cordon_##name##_##with *n)    \
    {                                                                                        \
        return cordon_##name##_try_lock(l, n);                                               \
    }                                                                                        \
    FUNCTION(void, name##_unlock, struct cordon_##name *l, struct cordon_##name##_##with *n) \
    {                                                                                        \
        cordon_##name##_unlock(l, n);                                                        \
    }
LOCK_WITH(mcs, node)
LOCK_WITH(clh, handle)
LOCK_WITH(hemlock, self)
