/* executions: 5 5 5 5 */
#include "count.h"

/* Which location is accessed depends on what was read. Where both write, slot[1], they do so in either
 * order, and if the mover is second the writer may read what it wrote.
 */
static atomic_int index_, slot[3];

static void *mover(void *unused)
{
    atomic_store_explicit(&index_, 1, memory_order_relaxed);
    atomic_store_explicit(&index_, 2, memory_order_relaxed);
    atomic_store_explicit(&slot[1], 7, memory_order_relaxed);
    return unused;
}

static void *writer(void *unused)
{
    const int i = atomic_load_explicit(&index_, memory_order_relaxed);
    atomic_store_explicit(&slot[i], 1, memory_order_relaxed);
    atomic_load_explicit(&slot[i], memory_order_relaxed);
    return unused;
}

int main(void)
{
    run_two(mover, writer);
    return 0;
}
