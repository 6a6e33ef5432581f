/* cordon-check: data-race at ra */
/* cordon-check -DACQUIRE_RELEASE: data-race at rc11 tso ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Lamport's bakery: take a number greater than all; the smallest goes first. */
enum { THREADS = 2 };
#ifdef ACQUIRE_RELEASE
#define LOAD  memory_order_acquire
#define STORE memory_order_release
#else
#define LOAD  memory_order_seq_cst
#define STORE memory_order_seq_cst
#endif
static atomic_bool choosing[THREADS];
static atomic_int number[THREADS];
static int counter;

static void lock(int me)
{
    int most = 0;
    atomic_store_explicit(&choosing[me], true, STORE);
    for (int i = 0; i < THREADS; ++i) {
        const int his = atomic_load_explicit(&number[i], LOAD);
        most = his > most ? his : most;
    }
    const int mine = most + 1;
    atomic_store_explicit(&number[me], mine, STORE);
    atomic_store_explicit(&choosing[me], false, STORE);
    for (int i = 0; i < THREADS; ++i) {
        if (i == me) {
            continue;
        }
        while (atomic_load_explicit(&choosing[i], LOAD)) {
        }
        for (;;) {
            const int his = atomic_load_explicit(&number[i], LOAD);
            if (his == 0 || his > mine || (his == mine && i > me)) {
                break;
            }
        }
    }
}

static void unlock(int me)
{
    atomic_store_explicit(&number[me], 0, STORE);
}

static void *thread(void *which)
{
    const int me = *(int *)which;
    lock(me);
    ++counter; /* HERE */
    unlock(me);
    return NULL;
}

int main(void)
{
    static int which[THREADS];
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; ++i) {
        which[i] = i;
        pthread_create(&threads[i], NULL, thread, &which[i]);
    }
    for (int i = 0; i < THREADS; ++i) {
        pthread_join(threads[i], NULL);
    }
    assert(counter == THREADS);
    return 0;
}
