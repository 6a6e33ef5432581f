/* Two threads write, to two locations each; two others look at all four. */
#include "start.h"

static atomic_int a, b, c, d;

static void look(atomic_int *where)
{
    (void)atomic_load_explicit(where, ACQUIRE);
}

static void *look_twice(void *unused)
{
    look(&a), look(&b), look(&c), look(&d);
    look(&a), look(&b), look(&c), look(&d);
    return unused;
}

static void *look_less(void *unused)
{
    look(&a), look(&b), look(&c), look(&d);
    look(&a), look(&b);
    return unused;
}

static void write_both(atomic_int *first, atomic_int *second)
{
    for (int value = 1; value <= 3; ++value) {
        atomic_store_explicit(first, value, RELEASE);
        atomic_store_explicit(second, value, RELEASE);
    }
}

static void *write_ab(void *unused)
{
    write_both(&a, &b);
    return unused;
}

static void *write_cd(void *unused)
{
    write_both(&c, &d);
    return unused;
}

int main(void)
{
    start(look_twice, 0);
    start(look_less, 1);
    start(write_ab, 2);
    start(write_cd, 3);
    return 0;
}
