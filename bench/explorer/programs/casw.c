/* N threads, each with a compare-exchange that most often fails and then a store, of one location. */
#include "start.h"

static atomic_int x;

static void *exchange_and_write(void *number)
{
    int expected = 0;
    atomic_compare_exchange_strong_explicit(&x, &expected, 1, RELAXED, RELAXED);
    atomic_store_explicit(&x, (int)(intptr_t)number + 3, RELEASE);
    return NULL;
}

int main(void)
{
    for (int k = 0; k < N; ++k) {
        start(exchange_and_write, k);
    }
    return 0;
}
