/* expect: deadlock */
/* The flag is set, and the signal sent, without the lock: between the look and going to sleep. */
#include <pthread.h>
#include <stdatomic.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static atomic_int flag;

static void *wait(void *argument)
{
    pthread_mutex_lock(&mutex);
    while (!atomic_load(&flag)) {
        pthread_cond_wait(&changed, &mutex);
    }
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, wait, NULL);
    atomic_store(&flag, 1);
    pthread_cond_signal(&changed);
    pthread_join(thread, NULL);
    return 0;
}
