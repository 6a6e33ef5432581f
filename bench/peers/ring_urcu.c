/* ring_urcu.c - liburcu's wfcqueue: wait-free for producers, a mutex among consumers. It is a list of nodes
 * that the caller supplies, so each item is allocated and freed, as a program would have to.
 */
#define _LGPL_SOURCE
#include "rings/loops.h"

#include <urcu/wfcqueue.h>

struct queue {
    CORDON_ALIGNED(CORDON_LINE) struct cds_wfcq_head head;
    CORDON_ALIGNED(CORDON_LINE) struct cds_wfcq_tail tail;
};

struct node {
    struct cds_wfcq_node link;
    uint64_t word[];
};

static void *create(size_t capacity, size_t size)
{
    struct queue *queue = ring_memory(sizeof *queue);
    (void)capacity;
    (void)size;
    if (queue != NULL) {
        cds_wfcq_init(&queue->head, &queue->tail);
    }
    return queue;
}

static inline bool wfcq_pop(void *from, void *item, size_t size)
{
    struct queue *queue = from;
    struct cds_wfcq_node *link = cds_wfcq_dequeue_blocking(&queue->head, &queue->tail);
    if (link == NULL) {
        return false;
    }
    struct node *node = caa_container_of(link, struct node, link);
    memcpy(item, node->word, size);
    free(node);
    return true;
}

static inline bool wfcq_push(void *to, const void *item, size_t size)
{
    struct queue *queue = to;
    struct node *node = malloc(sizeof *node + size);
    if (node == NULL) {
        return false;
    }
    cds_wfcq_node_init(&node->link);
    memcpy(node->word, item, size);
    (void)cds_wfcq_enqueue(&queue->head, &queue->tail, &node->link);
    return true;
}

static void destroy(void *ring, size_t size)
{
    struct queue *queue = ring;
    uint64_t item[RING_MOST_WORDS];
    while (wfcq_pop(queue, item, size)) {
    }
    cds_wfcq_destroy(&queue->head, &queue->tail);
    free(queue);
}

RING_EACH(wfcq, false)

static const struct ring_candidate candidates[] = {
    {"urcu-wfcqueue", "liburcu", "cds_wfcq_enqueue, cds_wfcq_dequeue_blocking; malloc, free",
     RING_SINGLE | RING_UNBOUNDED, create, destroy, RING_CALLS(wfcq)},
};

const struct ring_family ring_urcu = RING_FAMILY(candidates);
