/* locks_glibc.c - the C library's locks for `cordon-bench locks`. */
#define _GNU_SOURCE
#include <pthread.h>

#define LOCK_LIBRARY "glibc"

#define LOCK_NAME                               pthread_spin
#define LOCK_KIND                               LOCK_TAS
#define LOCK_ORDER                              LOCK_ANY
#define LOCK_SHARED                             pthread_spinlock_t
#define LOCK_START(shared, own, index, threads) index == 0 ? pthread_spin_init(shared, 0) : 0
#define LOCK_ENTER(shared, own)                 pthread_spin_lock(shared)
#define LOCK_LEAVE(shared, own)                 pthread_spin_unlock(shared)
#include "../locks/loop.h"

#define LOCK_NAME                               pthread_mutex
#define LOCK_KIND                               LOCK_MUTEX
#define LOCK_ORDER                              LOCK_ANY
#define LOCK_SHARED                             pthread_mutex_t
#define LOCK_START(shared, own, index, threads) index == 0 ? pthread_mutex_init(shared, NULL) : 0
#define LOCK_ENTER(shared, own)                 pthread_mutex_lock(shared)
#define LOCK_LEAVE(shared, own)                 pthread_mutex_unlock(shared)
#include "../locks/loop.h"

#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
static void start_adaptive(pthread_mutex_t *mutex)
{
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
}

#define LOCK_NAME                               pthread_adaptive
#define LOCK_VARIANT                            true
#define LOCK_KIND                               LOCK_MUTEX
#define LOCK_ORDER                              LOCK_ANY
#define LOCK_SHARED                             pthread_mutex_t
#define LOCK_START(shared, own, index, threads) index == 0 ? start_adaptive(shared) : (void)0
#define LOCK_ENTER(shared, own)                 pthread_mutex_lock(shared)
#define LOCK_LEAVE(shared, own)                 pthread_mutex_unlock(shared)
#include "../locks/loop.h"
#endif

lock_library locks_glibc = {
    &lock_pthread_spin_adapter,
    &lock_pthread_mutex_adapter,
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
    &lock_pthread_adaptive_adapter,
#endif
    NULL,
};
