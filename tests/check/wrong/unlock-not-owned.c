/* cordon-check: misuse */
#include <pthread.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void *thread(void *unused)
{
    pthread_mutex_unlock(&lock); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_mutex_lock(&lock);
    pthread_create(&one, NULL, thread, NULL);
    pthread_join(one, NULL);
    return 0;
}
