/* expect: assertion */
/* Nothing says that the first that waits is the first to be woken. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t called = PTHREAD_COND_INITIALIZER, came = PTHREAD_COND_INITIALIZER;
static int waiting, woken;

static void *wait(void *argument)
{
    pthread_mutex_lock(&mutex);
    const int turn = waiting++;
    pthread_cond_signal(&came);
    pthread_cond_wait(&called, &mutex);
    assert(woken++ == turn);
    pthread_cond_signal(&called);
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, wait, NULL);
    pthread_create(&other, NULL, wait, NULL);
    pthread_mutex_lock(&mutex);
    while (waiting < 2) {
        pthread_cond_wait(&came, &mutex);
    }
    pthread_cond_signal(&called);
    pthread_mutex_unlock(&mutex);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
