/* executions: 48 48 48 48 */
#include "count.h"

/* Each failure is some other thread's success, so the loop ends. */
static atomic_int x;

static void *thread(void *unused)
{
    int seen = atomic_load_explicit(&x, memory_order_relaxed);
    while (!atomic_compare_exchange_strong_explicit(&x, &seen, seen + 1, memory_order_relaxed,
                                                    memory_order_relaxed)) {
    }
    return unused;
}

int main(void)
{
    run(3, thread);
    assert(x == 3);
    return 0;
}
