/* cordon-check -DBROKEN: assertion */
/* cordon-check: verified at rc11 sc tso */
/* A pool of descriptors: a stack whose head is moved by compare-exchange. Popped nodes come back.
 *
 * Where: Argobots, the memory pool: issue #178 (2020). PaRSEC's LIFO, #21 (2010: "appears often
 * when using freelists"); Concurrency Kit's stack.
 *
 * What goes wrong: one thread reads head = A and A's next = B. Before its compare-exchange,
 * another pops A and B and pushes A again. The head is A, so the exchange succeeds, and B, which
 * the other thread still uses, is the head of the pool.
 *
 * Why the fix is right: a count in the same word changes with every push and pop. It must not wrap
 * around while a thread sleeps: 24 bits are for show.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { NONE, A, B, NODES, BITS = 8 };

#if BROKEN
static unsigned with_count(unsigned node, unsigned old)
{
    (void)old;
    return node;
}
#else
static unsigned with_count(unsigned node, unsigned old)
{
    return node | ((old >> BITS) + 1) << BITS;
}
#endif

static atomic_uint head = A;
static atomic_uint next[NODES] = {NONE, B, NONE};
static atomic_int owners[NODES];

static unsigned pop(void)
{
    unsigned old = atomic_load(&head);
    unsigned node;
    do {
        node = old & ((1u << BITS) - 1);
        if (node == NONE) {
            return NONE;
        }
    } while (
        !atomic_compare_exchange_strong(&head, &old, with_count(atomic_load(&next[node]), old)));
    atomic_fetch_add(&owners[node], 1);
    return node;
}

static void push(unsigned node)
{
    atomic_fetch_sub(&owners[node], 1);
    unsigned old = atomic_load(&head);
    do {
        atomic_store(&next[node], old & ((1u << BITS) - 1));
    } while (!atomic_compare_exchange_strong(&head, &old, with_count(node, old)));
}

static void *pop_two_and_push_one(void *unused)
{
    const unsigned first = pop();
    pop();
    if (first != NONE) {
        push(first);
    }
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, pop_two_and_push_one, NULL);
    pop();
    pthread_join(other, NULL);
    pop();
    assert(atomic_load(&owners[A]) <= 1 && atomic_load(&owners[B]) <= 1); /* HERE */
    return 0;
}
