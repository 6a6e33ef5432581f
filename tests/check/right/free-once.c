/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* Who takes the pointer frees it, and only one can take it. */
static int *_Atomic block;

static void *first(void *unused)
{
    int *mine = atomic_exchange_explicit(&block, NULL, memory_order_acquire);
    free(mine);
    return unused;
}

static void *second(void *unused)
{
    int *mine = atomic_exchange_explicit(&block, NULL, memory_order_acquire);
    if (mine) {
        assert(*mine == 7);
        free(mine);
    }
    return unused;
}

int main(void)
{
    pthread_t one, other;
    int *made = malloc(sizeof *made);
    *made = 7;
    atomic_store(&block, made);
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
