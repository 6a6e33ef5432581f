/* cordon-check: endless-wait */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Two wait for the flag to be lowered, one of them lowers it only if it sees the other. */
static atomic_int turn = 1, here;

static void *first(void *unused)
{
    atomic_store(&here, 1);
    while (atomic_load(&turn) == 1) { /* HERE */
    }
    return unused;
}

static void *second(void *unused)
{
    if (atomic_load(&here)) {
        atomic_store(&turn, 2);
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
