/* executions: 2 2 2 2 */
#include "count.h"

#include <stdlib.h>

/* Locations on main's stack and on the heap are as good as others. */
struct pair {
    atomic_int *first, *second;
};

static void *thread(void *of)
{
    struct pair *pair = of;
    atomic_store_explicit(pair->first, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(pair->second, 1, memory_order_relaxed);
    return NULL;
}

int main(void)
{
    atomic_int here = 0;
    atomic_int *there = malloc(sizeof *there);
    pthread_t one;
    atomic_init(there, 0);
    struct pair pair = {&here, there};
    pthread_create(&one, NULL, thread, &pair);
    atomic_fetch_add_explicit(there, 1, memory_order_relaxed);
    pthread_join(one, NULL);
    assert(atomic_load_explicit(there, memory_order_relaxed) == 2 && here == 1);
    free(there);
    return 0;
}
