/* cordon-check: data-race at rc11 ra */
/* cordon-check -DORDER=memory_order_acq_rel: verified */
#include "../counts/count.h"
#include <stdlib.h>

/* The last one frees; but nothing orders the others' accesses before that. */
#ifndef ORDER
#define ORDER memory_order_relaxed
#endif
struct object {
    atomic_int references;
    int part[2];
};
static struct object *object;

static void leave(void)
{
    if (atomic_fetch_sub_explicit(&object->references, 1, ORDER) == 1) { /* HERE */
        free(object);                                                    /* HERE */
    }
}

static void *first(void *unused)
{
    object->part[0] = 1; /* HERE */
    leave();
    return unused;
}

static void *second(void *unused)
{
    object->part[1] = 1; /* HERE */
    leave();
    return unused;
}

int main(void)
{
    object = malloc(sizeof *object);
    atomic_init(&object->references, 2);
    run_two(first, second);
    return 0;
}
