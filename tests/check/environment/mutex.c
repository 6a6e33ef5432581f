/* expect: verified, 24 executions */
/* Four threads take one lock in turn: in 4! orders, and no thread has an event while it waits. */
#include <assert.h>
#include <pthread.h>

enum { THREADS = 4 };
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *add(void *argument)
{
    pthread_mutex_lock(&mutex);
    ++count;
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t thread[THREADS];
    for (long i = 0; i < THREADS; ++i) {
        pthread_create(&thread[i], NULL, add, (void *)i);
    }
    for (long i = 0; i < THREADS; ++i) {
        void *result;
        pthread_join(thread[i], &result);
        assert((long)result == i);
    }
    assert(count == THREADS);
    return 0;
}
