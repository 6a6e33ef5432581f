/* N threads enter four numbers each into a hash table; from twelve threads on there are collisions.
 * After Flanagan and Godefroid: Dynamic Partial-Order Reduction for Model Checking Software, POPL 2005.
 */
#include "start.h"

#include <stdbool.h>

enum { SLOTS = 128, EACH = 4 };
static atomic_int table[SLOTS];

static bool enter_at(int slot, int number)
{
    int expected = 0;
    return atomic_compare_exchange_strong_explicit(&table[slot], &expected, number, RELAXED,
                                                   RELAXED);
}

static void *enter(void *thread)
{
    for (int k = 0; k < EACH; ++k) {
        const int number = 11 * k + (int)(intptr_t)thread;
        int slot = 7 * number % SLOTS;
        while (!enter_at(slot, number)) {
            slot = (slot + 1) % SLOTS;
        }
    }
    return NULL;
}

int main(void)
{
    for (int k = 0; k < N; ++k) {
        start(enter, k);
    }
    return 0;
}
