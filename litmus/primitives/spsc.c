/* spsc.c - clients of cordon_spsc.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: to be described
 * quick: -DBLOCKING   to be described
 */
#include "client.h"

#include <cordon/ring/spsc.h>

/* Fewer slots than elements: full, empty and wrap-around. */
#ifdef BLOCKING
enum { SLOTS = 1, ITEMS = 2 };
#else
enum { SLOTS = 2, ITEMS = 3 };
#endif
static _Alignas(CORDON_LINE) unsigned char memory[256];
static struct cordon_spsc ring;

static void pushes(void)
{
    for (int i = 1; i <= ITEMS; ++i) {
#ifdef BLOCKING
        assert(cordon_spsc_push(&ring, &i) == CORDON_OK);
#else
        if (cordon_spsc_try_push(&ring, &i) != CORDON_OK) {
            return;
        }
#endif
    }
#ifdef BLOCKING
    cordon_spsc_close(&ring);
#endif
}

static void pops(void)
{
    int last = 0, item;
#ifdef BLOCKING
    while (cordon_spsc_pop(&ring, &item) == CORDON_OK) {
        assert(item == last + 1);
        last = item;
    }
    assert(last == ITEMS && cordon_spsc_is_closed(&ring));
#else
    for (int i = 0; i < ITEMS; ++i) {
        if (cordon_spsc_try_pop(&ring, &item) == CORDON_OK) {
            assert(item == last + 1);
            last = item;
        }
    }
#endif
}

static void (*parts[])(void) = {pushes, pops};

int main(void)
{
    assert(cordon_spsc_bytes(SLOTS, sizeof(int)) <= sizeof memory);
    assert(cordon_spsc_init(&ring, memory, SLOTS, sizeof(int)));
    client_run(parts, 2);
    return 0;
}
