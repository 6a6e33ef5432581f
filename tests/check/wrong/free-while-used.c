/* cordon-check: use-after-free|data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* The owner frees the block when asked to; the user looks at it once more after asking. */
static int *block;
static atomic_int done;

static void *first(void *unused)
{
    block = malloc(sizeof *block);
    *block = 1;
    atomic_store(&done, 1);
    while (atomic_load(&done) != 2) {
    }
    free(block); /* HERE */
    return unused;
}

static void *second(void *unused)
{
    while (atomic_load(&done) != 1) {
    }
    atomic_store(&done, 2);
    assert(*block == 1); /* HERE */
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
