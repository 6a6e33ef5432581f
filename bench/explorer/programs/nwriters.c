/* N threads write one location, and one reads it: (N + 1)! executions. */
#include "start.h"

static atomic_int x;

static void *put(void *number)
{
    atomic_store_explicit(&x, (int)(intptr_t)number, RELAXED);
    return NULL;
}

static void *get(void *unused)
{
    (void)atomic_load_explicit(&x, RELAXED);
    return unused;
}

int main(void)
{
    for (int k = 0; k < N; ++k) {
        start(put, k);
    }
    start(get, N);
    return 0;
}
