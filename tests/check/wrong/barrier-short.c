/* cordon-check: deadlock */
#include <pthread.h>
#include <stddef.h>

/* A barrier for three; main does not go there. */
static pthread_barrier_t barrier;

static void *meet(void *unused)
{
    pthread_barrier_wait(&barrier); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_barrier_init(&barrier, NULL, 3);
    pthread_create(&one, NULL, meet, NULL);
    pthread_create(&other, NULL, meet, NULL);
    pthread_join(one, NULL);   /* HERE */
    pthread_join(other, NULL); /* HERE */
    return 0;
}
