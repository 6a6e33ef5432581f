/* cordon-check --events 200: bound */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Each round writes, so none is the same as the one before: it needs a bound. */
static atomic_int tickets;

static void *first(void *unused)
{
    while (atomic_fetch_add(&tickets, 1) != 1000000) {
    }
    return unused;
}

static void *second(void *unused)
{
    while (atomic_fetch_add(&tickets, 1) != 1000000) {
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
