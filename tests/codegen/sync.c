/* The mutex: its paths without contention are inline, the others are calls. */
#include "codegen.h"

#include <cordon/sync/mutex.h>

FUNCTION(void, mutex_lock, struct cordon_mutex *mutex)
{
    cordon_mutex_lock(mutex);
}

FUNCTION(bool, mutex_try, struct cordon_mutex *mutex)
{
    return cordon_mutex_try_lock(mutex);
}

FUNCTION(void, mutex_unlock, struct cordon_mutex *mutex)
{
    cordon_mutex_unlock(mutex);
}
