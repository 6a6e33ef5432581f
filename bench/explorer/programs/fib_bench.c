/* Two threads add two numbers to each other in turns, as for Fibonacci's; no interleaving gets further
 * than the twelfth of those.
 */
#include "start.h"

#include <assert.h>

enum { ROUNDS = 5, TWELFTH = 144 };
static atomic_int i = 1, j = 1;

static void add_both_to(atomic_int *sum)
{
    for (int round = 0; round < ROUNDS; ++round) {
        const int first = atomic_load_explicit(&i, ACQUIRE);
        const int second = atomic_load_explicit(&j, ACQUIRE);
        atomic_store_explicit(sum, first + second, RELEASE);
    }
}

static void *raise_i(void *unused)
{
    add_both_to(&i);
    return unused;
}

static void *raise_j(void *unused)
{
    add_both_to(&j);
    return unused;
}

static void *check(void *unused)
{
    assert(atomic_load_explicit(&i, ACQUIRE) <= TWELFTH);
    assert(atomic_load_explicit(&j, ACQUIRE) <= TWELFTH);
    return unused;
}

int main(void)
{
    start(raise_i, 0);
    start(raise_j, 1);
    start(check, 2);
    return 0;
}
