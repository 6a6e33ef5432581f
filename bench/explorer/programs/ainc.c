/* N threads increment a counter, once each: N! orders. */
#include "start.h"

static atomic_int counter;

static void *increment(void *unused)
{
    atomic_fetch_add_explicit(&counter, 1, RELAXED);
    return unused;
}

int main(void)
{
    for (int k = 0; k < N; ++k) {
        start(increment, k);
    }
    return 0;
}
