/* cordon-check: verified */
/* cordon-check -DRELAXED: data-race at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The queue of Michael and Scott (PODC 1996), whose nodes are not used again. */
#ifdef RELAXED
#define LINK memory_order_relaxed
#else
#define LINK memory_order_release
#endif
struct node {
    int value;
    struct node *_Atomic next;
};
static struct node nodes[3];
static struct node *_Atomic head = &nodes[0], *_Atomic tail = &nodes[0];

static void enqueue(struct node *node, int value)
{
    node->value = value; /* HERE */
    for (;;) {
        struct node *last = atomic_load_explicit(&tail, memory_order_acquire);
        struct node *next = atomic_load_explicit(&last->next, memory_order_acquire);
        if (next) {
            atomic_compare_exchange_strong_explicit(&tail, &last, next, memory_order_release,
                                                    memory_order_relaxed);
        } else if (atomic_compare_exchange_strong_explicit(&last->next, &next, node, LINK,
                                                           memory_order_relaxed)) {
            atomic_compare_exchange_strong_explicit(&tail, &last, node, memory_order_release,
                                                    memory_order_relaxed);
            return;
        }
    }
}

static int dequeue(void)
{
    for (;;) {
        struct node *first = atomic_load_explicit(&head, memory_order_acquire);
        struct node *last = atomic_load_explicit(&tail, memory_order_acquire);
        struct node *next = atomic_load_explicit(&first->next, memory_order_acquire);
        if (!next) {
            return 0;
        }
        if (first == last) {
            atomic_compare_exchange_strong_explicit(&tail, &last, next, memory_order_release,
                                                    memory_order_relaxed);
        } else if (atomic_compare_exchange_strong_explicit(
                       &head, &first, next, memory_order_acq_rel, memory_order_relaxed)) {
            return next->value; /* HERE */
        }
    }
}

static void *producer(void *unused)
{
    enqueue(&nodes[1], 1);
    return unused;
}

static void *other_producer(void *unused)
{
    enqueue(&nodes[2], 2);
    return unused;
}

static void *consumer(void *result)
{
    *(int *)result = dequeue();
    return NULL;
}

int main(void)
{
    pthread_t thread[3];
    int first = 0;
    pthread_create(&thread[0], NULL, producer, NULL);
    pthread_create(&thread[1], NULL, other_producer, NULL);
    pthread_create(&thread[2], NULL, consumer, &first);
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    int sum = first;
    for (int i = 0; i < 2; ++i) {
        sum += dequeue();
    }
    assert(sum == 3);
    return 0;
}
