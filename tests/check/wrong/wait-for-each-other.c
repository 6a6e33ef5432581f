/* cordon-check: endless-wait */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int x, y;

static void *first(void *unused)
{
    while (!atomic_load(&y)) { /* HERE */
    }
    atomic_store(&x, 1);
    return unused;
}

static void *second(void *unused)
{
    while (!atomic_load(&x)) { /* HERE */
    }
    atomic_store(&y, 1);
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
