/* cordon-check: double-free|use-after-free */
#include "../counts/count.h"
#include <stdlib.h>

/* Who decrements and who looks whether it was the last must be one step. */
static atomic_int references = 2, done;
static int *object;

static void leave(void)
{
    atomic_fetch_sub(&references, 1);
    if (atomic_load(&references) == 0) {
        free(object); /* HERE */
    }
}

static void *first(void *unused)
{
    leave(); /* HERE */
    return unused;
}

static void *second(void *unused)
{
    leave(); /* HERE */
    atomic_store(&done, 1);
    return unused;
}

int main(void)
{
    object = malloc(sizeof *object); /* HERE */
    run_two(first, second);
    return 0;
}
