/* expect: verified */
/* Two threads wait for a gate; main opens it for both, before, between or after. */
#include <assert.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t opened = PTHREAD_COND_INITIALIZER;
static int gate, passed;

static void *pass(void *argument)
{
    pthread_mutex_lock(&mutex);
    while (!gate) {
        pthread_cond_wait(&opened, &mutex);
    }
    ++passed;
    pthread_mutex_unlock(&mutex);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, pass, NULL);
    pthread_create(&other, NULL, pass, NULL);
    pthread_mutex_lock(&mutex);
    gate = 1;
#ifdef SIGNAL
    pthread_cond_signal(&opened);
#else
    pthread_cond_broadcast(&opened);
#endif
    pthread_mutex_unlock(&mutex);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(passed == 2);
    return 0;
}
