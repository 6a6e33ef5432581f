/* cordon-check: verified */
/* cordon-check --spurious: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int held;
static int counter;

static void *first(void *unused)
{
    int seen = 0;
    while (!atomic_compare_exchange_weak_explicit(&held, &seen, 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
        seen = 0;
    }
    counter += 1;
    atomic_store_explicit(&held, 0, memory_order_release);
    return unused;
}

static void *second(void *unused)
{
    int seen = 0;
    while (!atomic_compare_exchange_weak_explicit(&held, &seen, 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
        seen = 0;
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
