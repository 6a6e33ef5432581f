/* cordon-check: assertion */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Atomic accesses do not make an atomic increment. */
static atomic_int counter;

static void *first(void *unused)
{
    const int old = atomic_load(&counter);
    atomic_store(&counter, old + 1);
    return unused;
}

static void *second(void *unused)
{
    const int old = atomic_load(&counter);
    atomic_store(&counter, old + 1);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(counter == 2); /* HERE */
    return 0;
}
