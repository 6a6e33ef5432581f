/* cordon-check: data-race */
#include "../counts/count.h"

/* The address of a local variable is given away, and the variable is changed. */
static _Atomic(int *) box;

static void *first(void *unused)
{
    int mine = 1;
    atomic_store(&box, &mine);
    mine = 2; /* HERE */
    atomic_store(&box, NULL);
    return unused;
}

static void *second(void *unused)
{
    const int *theirs = atomic_load(&box);
    if (theirs) {
        assert(*theirs > 0); /* HERE */
    }
    return unused;
}

int main(void)
{
    run_two(first, second);
    return 0;
}
