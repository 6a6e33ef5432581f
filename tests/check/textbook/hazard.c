/* cordon-check: use-after-free|data-race at ra */
/* cordon-check -DACQUIRE_RELEASE: use-after-free|data-race at rc11 tso ra */
/* cordon-check -DUNCHECKED: use-after-free|data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* A hazard pointer (Michael, 2004): what a reader announces is not freed, if it is still current
 * after the announcement. Announcement and second look must not change places.
 */
#ifdef ACQUIRE_RELEASE
#define LOAD  memory_order_acquire
#define STORE memory_order_release
#else
#define LOAD  memory_order_seq_cst
#define STORE memory_order_seq_cst
#endif
static int *_Atomic current, *_Atomic hazard;

static void *reader(void *unused)
{
    int *seen = atomic_load_explicit(&current, LOAD);
    atomic_store_explicit(&hazard, seen, STORE);
#ifndef UNCHECKED
    if (atomic_load_explicit(&current, LOAD) == seen)
#endif
    {
        assert(*seen == 1 || *seen == 2); /* HERE */
    }
    atomic_store_explicit(&hazard, NULL, memory_order_release);
    return unused;
}

static void *writer(void *unused)
{
    int *made = malloc(sizeof *made); /* HERE */
    *made = 2;
    int *old = atomic_load_explicit(&current, memory_order_relaxed);
    atomic_store_explicit(&current, made, STORE);
    while (atomic_load_explicit(&hazard, LOAD) == old) {
    }
    free(old); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one, other;
    int *made = malloc(sizeof *made);
    *made = 1;
    atomic_init(&current, made);
    pthread_create(&one, NULL, reader, NULL);
    pthread_create(&other, NULL, writer, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    free(atomic_load(&current));
    return 0;
}
