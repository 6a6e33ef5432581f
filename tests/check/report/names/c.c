/* Each line of code that is marked with @ does one write, of what is written behind it. */
#include "objects.h"

#include <stddef.h>
#include <stdint.h>

struct node {
    struct node *_Atomic next;
    _Atomic(int) value;
};
typedef struct {
    _Atomic(int) refs;
} counted;

enum state { IDLE, READY = 7 };

extern atomic_int shared; /* of other.c */
void other(void);
void *fixture_allocate(size_t size);
void scenario(void);

struct ring ring;
_Atomic(enum state) state;
_Atomic(double) weight;
atomic_int matrix[3][5];
_Atomic(struct node *) top;
atomic_uint mask;
_Atomic(uintptr_t) tagged;
_Atomic(void (*)(void)) handler;
atomic_flag flag;
_Atomic(counted *) counts;

static void push(struct node *node)
{
    atomic_store_explicit(&node->next, NULL, memory_order_relaxed);         // @ push T1:node.next = NULL
    atomic_store_explicit(&top, node, memory_order_release);                // @ push top = &T1:node
}

void scenario(void)
{
    static atomic_int calls;
    struct node local;
    struct node *block = fixture_allocate(sizeof *block);                   // block
    counted *array = fixture_allocate(4 * sizeof *array);                   // array
    unsigned char *raw = fixture_allocate(24);                              // raw
    ring_push(&ring, 1);
    atomic_store(&ring.half, 300);                                          // @ scenario ring.half = 300
    atomic_store(&ring.whole, 5000000000);                                  // @ scenario ring.whole = 5000000000
    atomic_store(&state, READY);                                            // @ scenario state = READY
    atomic_store(&weight, 1.5);                                             // @ scenario weight = 1.5
    atomic_store(&matrix[1][4], -1);                                        // @ scenario matrix[1][4] = -1
    atomic_store(&mask, 0x80000000u);                                       // @ scenario mask = 0x80000000
    atomic_fetch_add(&calls, 1);                                            // @ scenario calls = 1
    atomic_store(&handler, other);                                          // @ scenario handler = other
    atomic_exchange(&tagged, (uintptr_t)&ring.slot[1]);                     // @ scenario tagged = &ring.slot[1]
    atomic_flag_test_and_set(&flag);                                        // @ scenario flag = 1
    push(&local);
    atomic_store(&top, block);                                              // @ scenario top = &node#1
    atomic_store(&block->value, 9);                                         // @ scenario node#1.value = 9
    atomic_store(&counts, array);                                           // @ scenario counts = &counted#1[0]
    atomic_store(&array[2].refs, 2);                                        // @ scenario counted#1[2].refs = 2
    atomic_store((atomic_int *)(raw + 8), 6);                               // @ scenario heap block of 24 bytes from c.c:45, +8 (block#1+8) = 6
    other();
}
