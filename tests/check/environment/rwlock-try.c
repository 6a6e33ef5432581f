/* expect: verified */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <time.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int count;

static void *add(void *argument)
{
    const struct timespec deadline = {1700000000, 0};
    int error = pthread_rwlock_trywrlock(&lock);
    if (error != 0) {
        assert(error == EBUSY);
        error = pthread_rwlock_timedwrlock(&lock, &deadline);
    }
    if (error == 0) {
        ++count;
        pthread_rwlock_unlock(&lock);
    } else {
        assert(error == ETIMEDOUT);
    }
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, add, NULL);
    if (pthread_rwlock_tryrdlock(&lock) == 0) {
        assert(count <= 1);
        assert(pthread_rwlock_tryrdlock(&lock) == 0);
        pthread_rwlock_unlock(&lock);
        pthread_rwlock_unlock(&lock);
    }
    pthread_join(thread, NULL);
    pthread_rwlock_destroy(&lock);
    return 0;
}
