/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

static struct node {
    int value;
} * _Atomic head;

static void *first(void *unused)
{
    struct node *node = malloc(sizeof *node);
    node->value = 1;
    atomic_store_explicit(&head, node, memory_order_release);
    return unused;
}

static void *second(void *unused)
{
    const struct node *node = atomic_load_explicit(&head, memory_order_acquire);
    if (node) {
        assert(node->value == 1);
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
    free(head);
    return 0;
}
