/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static int *block;
static atomic_int done;

static void *first(void *unused)
{
    block = malloc(sizeof *block);
    *block = 1;
    atomic_store_explicit(&done, 1, memory_order_release);
    while (atomic_load_explicit(&done, memory_order_acquire) != 2) {
    }
    free(block);
    return unused;
}

static void *second(void *unused)
{
    while (atomic_load_explicit(&done, memory_order_acquire) != 1) {
    }
    assert(*block == 1);
    atomic_store_explicit(&done, 2, memory_order_release);
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
