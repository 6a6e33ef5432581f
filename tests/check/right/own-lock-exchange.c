/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Each round of the loop writes, but what was there: it is known as waiting. */
static atomic_int held;
static int counter;

static void *first(void *unused)
{
    while (atomic_exchange_explicit(&held, 1, memory_order_acquire)) {
    }
    counter += 1;
    atomic_store_explicit(&held, 0, memory_order_release);
    return unused;
}

static void *second(void *unused)
{
    while (atomic_exchange_explicit(&held, 1, memory_order_acquire)) {
    }
    counter += 2;
    atomic_store_explicit(&held, 0, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(counter == 3);
    return 0;
}
