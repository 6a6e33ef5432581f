/* cordon-check: verified */
/* cordon-check -DRELAXED_PUSH: data-race at rc11 ra */
/* cordon-check -DRELAXED_POP: data-race at rc11 ra */
/* cordon-check -DEARLY: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* Lamport's ring between one producer and one consumer. */
enum { SLOTS = 2, ITEMS = 4 };
#ifdef RELAXED_PUSH
#define PUSH memory_order_relaxed
#else
#define PUSH memory_order_release
#endif
#ifdef RELAXED_POP
#define POP memory_order_relaxed
#else
#define POP memory_order_release
#endif
static int slot[SLOTS];
static atomic_uint head, tail;

static bool push(int item)
{
    const unsigned at = atomic_load_explicit(&tail, memory_order_relaxed);
    if (at - atomic_load_explicit(&head, memory_order_acquire) == SLOTS) {
        return false;
    }
#ifdef EARLY
    atomic_store_explicit(&tail, at + 1, PUSH);
    slot[at % SLOTS] = item; /* HERE */
#else
    slot[at % SLOTS] = item; /* HERE */
    atomic_store_explicit(&tail, at + 1, PUSH);
#endif
    return true;
}

static bool pop(int *item)
{
    const unsigned at = atomic_load_explicit(&head, memory_order_relaxed);
    if (atomic_load_explicit(&tail, memory_order_acquire) == at) {
        return false;
    }
    *item = slot[at % SLOTS]; /* HERE */
    atomic_store_explicit(&head, at + 1, POP);
    return true;
}

static void *producer(void *unused)
{
    for (int i = 1; i <= ITEMS; ++i) {
        while (!push(i)) {
        }
    }
    return unused;
}

static void *consumer(void *unused)
{
    for (int i = 1; i <= ITEMS; ++i) {
        int item = 0;
        while (!pop(&item)) {
        }
        assert(item == i);
    }
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, producer, NULL);
    pthread_create(&other, NULL, consumer, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
