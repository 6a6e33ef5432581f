/* executions: 141 141 141 175 */
#include "count.h"

static atomic_int i = 1, j = 1;

static void *first(void *unused)
{
    for (int k = 0; k < 3; ++k) {
        i = i + j;
    }
    return unused;
}

static void *second(void *unused)
{
    for (int k = 0; k < 3; ++k) {
        j = i + j;
    }
    return unused;
}

int main(void)
{
    run_two(first, second);
    assert(i <= 21 && j <= 21);
    return 0;
}
