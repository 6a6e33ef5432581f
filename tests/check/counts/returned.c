/* executions: 2 2 2 2 */
#include "count.h"

static atomic_int x;

static void *thread(void *unused)
{
    (void)unused;
    return atomic_load_explicit(&x, memory_order_relaxed) ? &x : NULL;
}

int main(void)
{
    pthread_t one;
    void *back;
    pthread_create(&one, NULL, thread, NULL);
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    pthread_join(one, &back);
    assert(back == NULL || back == &x);
    return 0;
}
