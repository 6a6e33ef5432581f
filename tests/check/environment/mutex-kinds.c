/* expect: verified, 2 executions */
/* Recursive and error-checking mutexes, by initialiser and by attribute. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <pthread.h>

static pthread_mutex_t again = PTHREAD_RECURSIVE_MUTEX_INITIALIZER_NP, strict;
static int count;

static void *thread(void *argument)
{
    pthread_mutex_lock(&again);
    pthread_mutex_lock(&again);
    pthread_mutex_unlock(&again);
    ++count;
    assert(pthread_mutex_trylock(&again) == 0);
    pthread_mutex_unlock(&again);
    pthread_mutex_unlock(&again);
    return argument;
}

int main(void)
{
    pthread_mutexattr_t attributes;
    pthread_t other;
    int type;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutexattr_gettype(&attributes, &type);
    assert(type == PTHREAD_MUTEX_ERRORCHECK);
    pthread_mutex_init(&strict, &attributes);
    pthread_mutexattr_destroy(&attributes);
    assert(pthread_mutex_unlock(&strict) == EPERM);
    assert(pthread_mutex_lock(&strict) == 0);
    assert(pthread_mutex_lock(&strict) == EDEADLK);
    assert(pthread_mutex_trylock(&strict) == EBUSY);
    assert(pthread_mutex_unlock(&strict) == 0);
    assert(pthread_mutex_destroy(&strict) == 0);
    pthread_create(&other, NULL, thread, NULL);
    thread(NULL);
    pthread_join(other, NULL);
    assert(count == 2);
    assert(pthread_mutex_unlock(&again) == EPERM);
    return 0;
}
