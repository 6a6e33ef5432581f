/* cordon-check: endless-wait */
#include "../counts/count.h"

/* It waits for just 1, and may see 0 and then 2. */
static atomic_int stage;

static void *first(void *unused)
{
    atomic_store(&stage, 1);
    atomic_store(&stage, 2);
    return unused;
}

static void *second(void *unused)
{
    while (atomic_load(&stage) != 1) { /* HERE */
    }
    return unused;
}

int main(void)
{
    run_two(first, second);
    return 0;
}
