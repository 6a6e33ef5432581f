/* cordon-check: data-race|uninitialised at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* The node is there before what is in it. */
static struct node {
    int value;
} * _Atomic head;

static void *first(void *unused)
{
    struct node *node = malloc(sizeof *node); /* HERE */
    node->value = 1;                          /* HERE */
    atomic_store_explicit(&head, node, memory_order_relaxed);
    return unused;
}

static void *second(void *unused)
{
    const struct node *node = atomic_load_explicit(&head, memory_order_relaxed);
    if (node) {
        assert(node->value == 1); /* HERE */
    }
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
