/* executions: 6 6 6 6 */
#include "count.h"

/* Whoever is first finds the flag clear; the others set it again, one after another: 3! */
static atomic_flag flag = ATOMIC_FLAG_INIT;
static atomic_int winners;

static void *thread(void *unused)
{
    if (!atomic_flag_test_and_set_explicit(&flag, memory_order_relaxed)) {
        winners++;
    }
    return unused;
}

int main(void)
{
    run(3, thread);
    assert(winners == 1);
    return 0;
}
