/* expect: deadlock */
/* As queue.c, but everybody waits for one condition: a signal may wake the wrong side. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int slot, full, sum;

static void *produce(void *argument)
{
    pthread_mutex_lock(&mutex);
    while (full) {
        pthread_cond_wait(&changed, &mutex);
    }
    slot = (int)(long)argument;
    full = 1;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void *consume(void *argument)
{
    pthread_mutex_lock(&mutex);
    while (!full) {
        pthread_cond_wait(&changed, &mutex);
    }
    sum += slot;
    full = 0;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t thread[4];
    for (long i = 0; i < 4; ++i) {
        pthread_create(&thread[i], NULL, i % 2 ? produce : consume, (void *)i);
    }
    for (int i = 0; i < 4; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
