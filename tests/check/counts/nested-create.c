/* executions: 3 3 3 3 */
#include "count.h"

/* What was written before a thread was made is what it reads, or anything later. */
static atomic_int x;

static void *inner(void *unused)
{
    assert(atomic_load_explicit(&x, memory_order_relaxed) >= 2);
    return unused;
}

static void *outer(void *unused)
{
    pthread_t thread;
    atomic_store_explicit(&x, 2, memory_order_relaxed);
    pthread_create(&thread, NULL, inner, NULL);
    atomic_store_explicit(&x, 3, memory_order_relaxed);
    atomic_store_explicit(&x, 4, memory_order_relaxed);
    pthread_join(thread, NULL);
    return unused;
}

int main(void)
{
    pthread_t thread;
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    pthread_create(&thread, NULL, outer, NULL);
    pthread_join(thread, NULL);
    assert(atomic_load_explicit(&x, memory_order_relaxed) == 4);
    return 0;
}
