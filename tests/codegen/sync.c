/* What sleeps: the paths without contention are inline, the others are calls. */
#include "codegen.h"

#include <cordon/sync/fifo.h>
#include <cordon/sync/mutex.h>

FUNCTION(void, fifo_lock, struct cordon_fifo *lock)
{
    cordon_fifo_lock(lock);
}

FUNCTION(bool, fifo_try, struct cordon_fifo *lock)
{
    return cordon_fifo_try_lock(lock);
}

FUNCTION(void, fifo_unlock, struct cordon_fifo *lock)
{
    cordon_fifo_unlock(lock);
}

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
