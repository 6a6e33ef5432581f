/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A flag that is not even atomic. */
static int message, ready;

static void *first(void *unused)
{
    message = 42;
    ready = 1; /* HERE */
    return unused;
}

static void *second(void *unused)
{
    if (ready) { /* HERE */
        assert(message == 42);
    }
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
