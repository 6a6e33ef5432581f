/* expect: verified, 1 executions, 1 blocked */
/* The lock is never released: waiting for it with a deadline is no deadlock. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static void *try(void *argument)
{
    const struct timespec deadline = {2000000000, 0};
    assert(pthread_mutex_timedlock(&mutex, &deadline) == ETIMEDOUT);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_mutex_lock(&mutex);
    pthread_create(&thread, NULL, try, NULL);
    pthread_join(thread, NULL);
    return 0;
}
