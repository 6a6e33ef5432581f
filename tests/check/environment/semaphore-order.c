/* expect: verified, 1 executions */
/* What is written before a post is read after the wait. */
#include <assert.h>
#include <pthread.h>
#include <semaphore.h>

static sem_t ready;
static int data;

static void *give(void *argument)
{
    data = 42;
    sem_post(&ready);
    return argument;
}

int main(void)
{
    pthread_t thread;
    sem_init(&ready, 0, 0);
    pthread_create(&thread, NULL, give, NULL);
    sem_wait(&ready);
    assert(data == 42);
    pthread_join(thread, NULL);
    return 0;
}
