/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The flag is raised before the message is there. */
static int message;
static atomic_int ready;

static void *first(void *unused)
{
    ready = 1;
    message = 42; /* HERE */
    return unused;
}

static void *second(void *unused)
{
    if (ready) {
        assert(message == 42); /* HERE */
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
