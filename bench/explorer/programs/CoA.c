/* Coherence of x as two threads see it that also look at what N - 1 others write. */
#include "start.h"

static atomic_int x, y, z;

static void write_and_look(int value, atomic_int *elsewhere)
{
    atomic_store_explicit(&x, value, RELEASE);
    (void)atomic_load_explicit(elsewhere, ACQUIRE);
    (void)atomic_load_explicit(&x, ACQUIRE);
}

static void *first(void *unused)
{
    write_and_look(1, &y);
    return unused;
}

static void *second(void *unused)
{
    write_and_look(2, &z);
    return unused;
}

static void *other(void *number)
{
    const int value = (int)(intptr_t)number;
    atomic_store_explicit(&y, value, RELEASE);
    atomic_store_explicit(&z, value, RELEASE);
    return NULL;
}

int main(void)
{
    start(first, 0);
    start(second, 0);
    for (int k = 0; k < N - 1; ++k) {
        start(other, k);
    }
    return 0;
}
