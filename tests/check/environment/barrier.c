/* expect: verified, 6 executions */
/* Three threads meet; exactly one is the serial one. They arrive in 3! orders. */
#include <assert.h>
#include <pthread.h>

enum { THREADS = 3 };
static pthread_barrier_t barrier;
static int value[THREADS], serial[THREADS];

static void *meet(void *argument)
{
    const long me = (long)argument;
    value[me] = 1;
    serial[me] = pthread_barrier_wait(&barrier) == PTHREAD_BARRIER_SERIAL_THREAD;
    for (int i = 0; i < THREADS; ++i) {
        assert(value[i] == 1);
    }
    return NULL;
}

int main(void)
{
    pthread_t thread[THREADS];
    pthread_barrier_init(&barrier, NULL, THREADS);
    for (long i = 0; i < THREADS; ++i) {
        pthread_create(&thread[i], NULL, meet, (void *)i);
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(thread[i], NULL);
    }
    assert(serial[0] + serial[1] + serial[2] == 1);
    pthread_barrier_destroy(&barrier);
    return 0;
}
