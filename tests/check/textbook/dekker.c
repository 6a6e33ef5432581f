/* cordon-check: data-race at ra */
/* cordon-check -DACQUIRE_RELEASE: data-race at rc11 tso ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Dekker's mutual exclusion of two threads, the first one ever. */
#ifdef ACQUIRE_RELEASE
#define LOAD  memory_order_acquire
#define STORE memory_order_release
#else
#define LOAD  memory_order_seq_cst
#define STORE memory_order_seq_cst
#endif
static atomic_int wants[2], turn;
static int counter;

static void lock(int me)
{
    const int other = 1 - me;
    atomic_store_explicit(&wants[me], 1, STORE);
    while (atomic_load_explicit(&wants[other], LOAD)) {
        if (atomic_load_explicit(&turn, LOAD) != me) {
            atomic_store_explicit(&wants[me], 0, STORE);
            while (atomic_load_explicit(&turn, LOAD) != me) {
            }
            atomic_store_explicit(&wants[me], 1, STORE);
        }
    }
}

static void unlock(int me)
{
    atomic_store_explicit(&turn, 1 - me, STORE);
    atomic_store_explicit(&wants[me], 0, STORE);
}

static void *thread(void *number)
{
    const int me = *(int *)number;
    lock(me);
    ++counter; /* HERE */
    unlock(me);
    return NULL;
}

int main(void)
{
    static int number[2] = {0, 1};
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) {
        pthread_create(&threads[i], NULL, thread, &number[i]);
    }
    for (int i = 0; i < 2; ++i) {
        pthread_join(threads[i], NULL);
    }
    assert(counter == 2);
    return 0;
}
