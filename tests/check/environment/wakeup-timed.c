/* expect: verified */
/* A wait with a deadline ends by the signal or by the deadline; then the flag says which. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int flag;

static void *set(void *argument)
{
    pthread_mutex_lock(&mutex);
    flag = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    const struct timespec deadline = {1700000000, 0};
    pthread_t thread;
    int error = 0;
    pthread_create(&thread, NULL, set, NULL);
    pthread_mutex_lock(&mutex);
    while (!flag && error == 0) {
        error = pthread_cond_timedwait(&changed, &mutex, &deadline);
    }
    assert(flag || error == ETIMEDOUT);
    pthread_mutex_unlock(&mutex);
    pthread_join(thread, NULL);
    assert(pthread_cond_destroy(&changed) == 0);
    return 0;
}
