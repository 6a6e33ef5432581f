/* executions: 34 34 34 34 */
#include "count.h"

/* Two threads that do twice x = x + 1, not atomically. */
static atomic_int x;

static void *thread(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        const int seen = atomic_load_explicit(&x, memory_order_relaxed);
        atomic_store_explicit(&x, seen + 1, memory_order_relaxed);
    }
    return unused;
}

int main(void)
{
    run(2, thread);
    return 0;
}
