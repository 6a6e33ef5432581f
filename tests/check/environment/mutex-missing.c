/* expect: data-race */
/* One of the two forgets the lock. */
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void *careful(void *argument)
{
    pthread_mutex_lock(&mutex);
    ++count;
    pthread_mutex_unlock(&mutex);
    return argument;
}

static void *careless(void *argument)
{
    ++count;
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, careful, NULL);
    pthread_create(&other, NULL, careless, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
