/* executions: 6 6 6 6 */
#include "count.h"

/* Each thread has its own: as many executions as one increment of the shared one each has. */
static _Thread_local int mine = 1;
static atomic_int x;

static void *thread(void *unused)
{
    ++mine;
    x += mine;
    assert(mine == 2);
    return unused;
}

int main(void)
{
    run(3, thread);
    assert(mine == 1 && x == 6);
    return 0;
}
