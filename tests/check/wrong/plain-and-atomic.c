/* cordon-check: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* An atomic object, and somebody who writes to it as if it were none. */
static atomic_int x;

static void *first(void *unused)
{
    atomic_store(&x, 1); /* HERE */
    return unused;
}

static void *second(void *unused)
{
    *(int *)&x = 2; /* HERE */
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
