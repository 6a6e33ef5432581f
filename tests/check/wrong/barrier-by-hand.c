/* cordon-check: endless-wait */
#include "../counts/count.h"

/* A barrier that is used again too soon: who is late finds it closed. */
static atomic_int arrived;

static void barrier(void)
{
    if (atomic_fetch_add(&arrived, 1) == 1) {
        atomic_store(&arrived, 0);
    }
    while (atomic_load(&arrived) != 0) { /* HERE */
    }
}

static void *first(void *unused)
{
    barrier();
    barrier();
    return unused;
}

static void *second(void *unused)
{
    barrier();
    barrier();
    return unused;
}

int main(void)
{
    run_two(first, second);
    return 0;
}
