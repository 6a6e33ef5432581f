/* executions: 4 4 4 4 */
#include "count.h"

#include <stdlib.h>

/* A block that is gone while another execution allocates others in its place, and then comes back. */
static atomic_int which, other, before;

static void *allocator(void *unused)
{
    volatile char *large = NULL, *small[2] = {NULL, NULL};
    if (atomic_load_explicit(&which, memory_order_relaxed) == 0) {
        large = malloc(100);
        large[90] = 1;
    } else {
        small[0] = malloc(8);
        small[1] = malloc(8);
        *small[0] = *small[1] = 1;
    }
    atomic_load_explicit(&other, memory_order_relaxed);
    if (large) {
        large[40] = 2;
        large[95] = 2;
    }
    free((void *)large);
    free((void *)small[0]);
    free((void *)small[1]);
    return unused;
}

static void *chooser(void *unused)
{
    atomic_load_explicit(&before, memory_order_relaxed);
    atomic_store_explicit(&which, 1, memory_order_relaxed);
    return unused;
}

int main(void)
{
    pthread_t one, two;
    pthread_create(&one, NULL, allocator, NULL);
    pthread_create(&two, NULL, chooser, NULL);
    atomic_store_explicit(&other, 1, memory_order_relaxed);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    return 0;
}
