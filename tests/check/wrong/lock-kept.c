/* cordon-check: deadlock */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* It leaves by a way that does not unlock. */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int tries;

static void *first(void *unused)
{
    pthread_mutex_lock(&lock); /* HERE */
    if (tries++ == 1) {
        return NULL;
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

static void *second(void *unused)
{
    pthread_mutex_lock(&lock); /* HERE */
    if (tries++ == 0) {
        return NULL;
    }
    pthread_mutex_unlock(&lock);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
