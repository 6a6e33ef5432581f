/* cordon-check: wild-pointer */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* It is not waited for. */
static int answer = 42;
static int *_Atomic where;

static void *first(void *unused)
{
    atomic_store(&where, &answer);
    return unused;
}

static void *second(void *unused)
{
    assert(*atomic_load(&where) == 42); /* HERE */
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
