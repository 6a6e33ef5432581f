/* executions: 20 20 20 20 */
#include "count.h"

/* 6! / (3! 3!) */
static atomic_int x;

static void *thread(void *unused)
{
    for (int i = 0; i < 3; ++i) {
        x++;
    }
    return unused;
}

int main(void)
{
    run(2, thread);
    assert(x == 6);
    return 0;
}
