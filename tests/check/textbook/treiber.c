/* cordon-check: verified */
/* cordon-check -DRELAXED: data-race at rc11 ra */
/* cordon-check -DREUSE: assertion */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Treiber's stack. Its nodes must not come back while somebody looks at them: with REUSE one thread
 * pops two nodes and pushes the first again, and the other one, which had seen both, takes the first
 * off and leaves the second as the top, although it had been popped (the ABA problem).
 */
#ifdef RELAXED
#define PUBLISH memory_order_relaxed
#else
#define PUBLISH memory_order_release
#endif
struct node {
    struct node *_Atomic next;
    int value;
    atomic_int out; /* times popped, less times pushed */
};
static struct node nodes[3];
static struct node *_Atomic top;

static void push(struct node *node)
{
    struct node *seen = atomic_load_explicit(&top, memory_order_relaxed);
    atomic_fetch_sub_explicit(&node->out, 1, memory_order_relaxed);
    do {
        atomic_store_explicit(&node->next, seen, memory_order_relaxed);
    } while (
        !atomic_compare_exchange_weak_explicit(&top, &seen, node, PUBLISH, memory_order_relaxed));
}

static struct node *pop(void)
{
    struct node *seen = atomic_load_explicit(&top, memory_order_acquire), *next;
    do {
        if (!seen) {
            return NULL;
        }
        next = atomic_load_explicit(&seen->next, memory_order_relaxed);
    } while (!atomic_compare_exchange_weak_explicit(&top, &seen, next, memory_order_acquire,
                                                    memory_order_acquire));
    const int out = atomic_fetch_add_explicit(&seen->out, 1, memory_order_relaxed);
    assert(out == -1); /* HERE(assertion) */
    return seen;
}

#ifdef REUSE
static void *first(void *unused)
{
    pop();
    pop();
    return unused;
}

static void *second(void *unused)
{
    struct node *one = pop();
    struct node *two = pop();
    if (one && two) {
        push(one);
    }
    return unused;
}
#else
static void *first(void *unused)
{
    nodes[2].value = 3; /* HERE(data-race) */
    push(&nodes[2]);
    return unused;
}

static void *second(void *unused)
{
    struct node *node = pop();
    assert(node && node->value != 0); /* HERE(data-race) */
    return unused;
}
#endif

int main(void)
{
    pthread_t one, other;
    for (int i = 0; i < 2; ++i) {
        nodes[i].value = i + 1;
        push(&nodes[i]);
    }
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
