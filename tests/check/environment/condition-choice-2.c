/* expect: assertion */
/* Nor does it go by when a thread was created: of two that wait the second may be woken. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t called = PTHREAD_COND_INITIALIZER, came = PTHREAD_COND_INITIALIZER;
static int waiting;
static void *first;

static void *wait(void *argument)
{
    pthread_mutex_lock(&mutex);
    ++waiting;
    pthread_cond_signal(&came);
    pthread_cond_wait(&called, &mutex);
    if (first == NULL) {
        first = argument;
    }
    pthread_cond_signal(&called);
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, wait, &one);
    pthread_create(&other, NULL, wait, &other);
    pthread_mutex_lock(&mutex);
    while (waiting < 2) {
        pthread_cond_wait(&came, &mutex);
    }
    pthread_cond_signal(&called);
    pthread_mutex_unlock(&mutex);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(first == &one);
    return 0;
}
