/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Between the look and the store another one may take it. */
static atomic_int held;
static int counter;

static void *first(void *unused)
{
    while (atomic_load(&held)) {
    }
    atomic_store(&held, 1);
    counter += 1; /* HERE */
    atomic_store(&held, 0);
    return unused;
}

static void *second(void *unused)
{
    while (atomic_load(&held)) {
    }
    atomic_store(&held, 1);
    counter += 2; /* HERE */
    atomic_store(&held, 0);
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
