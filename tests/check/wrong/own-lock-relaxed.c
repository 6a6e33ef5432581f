/* cordon-check: data-race at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A spinlock that is given back without release. */
static atomic_int held;
static int counter;

static void *first(void *unused)
{
    int free_ = 0;
    while (!atomic_compare_exchange_weak_explicit(&held, &free_, 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
        free_ = 0;
    }
    counter += 1; /* HERE */
    atomic_store_explicit(&held, 0, memory_order_relaxed);
    return unused;
}

static void *second(void *unused)
{
    int free_ = 0;
    while (!atomic_compare_exchange_weak_explicit(&held, &free_, 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
        free_ = 0;
    }
    counter += 2; /* HERE */
    atomic_store_explicit(&held, 0, memory_order_relaxed);
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
