/* cordon-check: endless-wait */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The value that it waits for may have been there and gone. */
static atomic_int step;

static void *first(void *unused)
{
    atomic_store(&step, 1);
    atomic_store(&step, 2);
    return unused;
}

static void *second(void *unused)
{
    while (atomic_load(&step) != 1) { /* HERE */
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
