/* expect: verified */
/* A semaphore of two: never three inside. */
#include <assert.h>
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>

static sem_t places;
static atomic_int inside;

static void *enter(void *argument)
{
    sem_wait(&places);
    assert(atomic_fetch_add_explicit(&inside, 1, memory_order_relaxed) < 2);
    atomic_fetch_sub_explicit(&inside, 1, memory_order_relaxed);
    sem_post(&places);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    int value;
    sem_init(&places, 0, 2);
    pthread_create(&one, NULL, enter, NULL);
    pthread_create(&other, NULL, enter, NULL);
    if (sem_trywait(&places) == 0) {
        sem_post(&places);
    } else {
        assert(errno == EAGAIN);
    }
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    sem_getvalue(&places, &value);
    assert(value == 2);
    sem_destroy(&places);
    return 0;
}
