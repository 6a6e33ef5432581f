/* mpmc.c - clients of cordon_mpmc.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DSLOTS=1   to be described
 * quick: -DSLOTS=2   to be described
 */
#include "client.h"

#include <cordon/ring/mpmc.h>

enum { ITEMS = 2 };
static _Alignas(CORDON_LINE) unsigned char memory[512];
static struct cordon_mpmc ring;
static CORDON_ATOMIC(int) got[ITEMS + 1];

static void push(int item)
{
    (void)cordon_mpmc_try_push(&ring, &item);
}

static void pushes_one(void)
{
    push(1);
}

static void pushes_two(void)
{
    push(2);
}

static void pop(void)
{
    int item;
    if (cordon_mpmc_try_pop(&ring, &item) != CORDON_OK) {
        return;
    }
    assert(item >= 1 && item <= ITEMS);
    assert(atomic_fetch_add_explicit(&got[item], 1, memory_order_relaxed) == 0);
}

static void pops(void)
{
    pop();
    pop();
}

static void (*parts[])(void) = {pushes_one, pushes_two, pops};

int main(void)
{
    assert(cordon_mpmc_bytes(SLOTS, sizeof(int)) <= sizeof memory);
    assert(cordon_mpmc_init(&ring, memory, SLOTS, sizeof(int)));
    client_run(parts, 3);
    return 0;
}
