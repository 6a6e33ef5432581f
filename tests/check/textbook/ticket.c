/* cordon-check: verified */
/* cordon-check -DRELAXED: data-race at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A ticket lock: first come, first served. */
enum { THREADS = 3 };
#ifdef RELAXED
#define UNLOCK memory_order_relaxed
#else
#define UNLOCK memory_order_release
#endif
static atomic_uint next, serving;
static int counter;

static void *thread(void *unused)
{
    const unsigned mine = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    while (atomic_load_explicit(&serving, memory_order_acquire) != mine) {
    }
    ++counter; /* HERE */
    atomic_store_explicit(&serving, mine + 1, UNLOCK);
    return unused;
}

int main(void)
{
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; ++i) {
        pthread_create(&threads[i], NULL, thread, NULL);
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(threads[i], NULL);
    }
    assert(counter == THREADS);
    return 0;
}
