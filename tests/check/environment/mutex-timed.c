/* expect: verified */
/* A deadline passes, or the lock is had in time; a lock that is free is always had. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER, mine = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *hold(void *argument)
{
    pthread_mutex_lock(&mutex);
    ++count;
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t thread;
    struct timespec deadline, later;
    clock_gettime(CLOCK_REALTIME, &deadline);
    deadline.tv_sec += 1;
    assert(pthread_mutex_timedlock(&mine, &deadline) == 0);
    pthread_create(&thread, NULL, hold, NULL);
    const int error = pthread_mutex_timedlock(&mutex, &deadline);
    if (error == 0) {
        ++count;
        pthread_mutex_unlock(&mutex);
    } else {
        assert(error == ETIMEDOUT);
        clock_gettime(CLOCK_REALTIME, &later);
        assert(later.tv_sec >= deadline.tv_sec);
    }
    pthread_join(thread, NULL);
    assert(count == (error == 0 ? 2 : 1));
    return 0;
}
