/* cordon-check: deadlock */
#include <pthread.h>
#include <semaphore.h>
#include <stddef.h>

/* Two wait, and one is told. */
static sem_t there;

static void *wait_for_it(void *unused)
{
    sem_wait(&there); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one, other;
    sem_init(&there, 0, 0);
    pthread_create(&one, NULL, wait_for_it, NULL);
    pthread_create(&other, NULL, wait_for_it, NULL);
    sem_post(&there);
    pthread_join(one, NULL);   /* HERE */
    pthread_join(other, NULL); /* HERE */
    return 0;
}
