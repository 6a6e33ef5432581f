/* N writers, each of which makes its cell one more than the cell before it; a reader goes down to the
 * last cell that is zero.
 */
#include "start.h"

static atomic_int cell[N + 1];

static void *find_zero(void *unused)
{
    int k = N;
    while (atomic_load_explicit(&cell[k], ACQUIRE) != 0) {
        --k;
    }
    return unused;
}

static void *raise(void *number)
{
    const int k = (int)(intptr_t)number;
    const int below = atomic_load_explicit(&cell[k - 1], ACQUIRE);
    atomic_store_explicit(&cell[k], below + 1, RELEASE);
    return NULL;
}

int main(void)
{
    start(find_zero, 0);
    for (int k = 1; k <= N; ++k) {
        start(raise, k);
    }
    return 0;
}
