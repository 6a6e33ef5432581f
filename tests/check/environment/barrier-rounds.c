/* expect: verified, 8 executions */
/* Two threads meet three times, and exchange what they know each time. */
#include <assert.h>
#include <pthread.h>

static pthread_barrier_t barrier;
static int value[2];

static void *meet(void *argument)
{
    const long me = (long)argument;
    for (int round = 1; round <= 3; ++round) {
        if (round % 2 == me) {
            value[me] = round;
        }
        pthread_barrier_wait(&barrier);
        if (round % 2 != me) {
            assert(value[1 - me] == round);
        }
    }
    return NULL;
}

int main(void)
{
    pthread_t thread;
    pthread_barrier_init(&barrier, NULL, 2);
    pthread_create(&thread, NULL, meet, (void *)1);
    meet((void *)0);
    pthread_join(thread, NULL);
    return 0;
}
