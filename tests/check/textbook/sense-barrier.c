/* cordon-check: verified */
/* cordon-check -DRELAXED: data-race at rc11 ra */
/* cordon-check -DNO_SENSE: assertion|endless-wait|data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A barrier that can be used again at once, because its flag changes sides each time. */
enum { THREADS = 2, ROUNDS = 2 };
#ifdef RELAXED
#define ARRIVE memory_order_relaxed
#else
#define ARRIVE memory_order_acq_rel
#endif
static atomic_int arrived, sense;
static int written[ROUNDS][THREADS];

static void barrier(int mine)
{
    if (atomic_fetch_add_explicit(&arrived, 1, ARRIVE) == THREADS - 1) {
        atomic_store_explicit(&arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&sense, mine, memory_order_release);
    } else {
        while (atomic_load_explicit(&sense, memory_order_acquire) != mine) {
        }
    }
}

static void *thread(void *number)
{
    const int me = *(int *)number;
    for (int i = 0; i < ROUNDS; ++i) {
        written[i][me] = i + 1; /* HERE */
#ifdef NO_SENSE
        barrier(1);
#else
        barrier(1 - i % 2);
#endif
        for (int t = 0; t < THREADS; ++t) {
            assert(written[i][t] == i + 1); /* HERE */
        }
    }
    return NULL;
}

int main(void)
{
    static int number[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; ++i) {
        number[i] = i;
        pthread_create(&threads[i], NULL, thread, &number[i]);
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(threads[i], NULL);
    }
    return 0;
}
