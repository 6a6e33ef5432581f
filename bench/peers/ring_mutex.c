/* ring_mutex.c - a reference: an array, a mutex and two condition variables, as in every textbook. */
#include "rings/loops.h"

#include <pthread.h>

struct queue {
    CORDON_ALIGNED(CORDON_LINE) pthread_mutex_t mutex;
    pthread_cond_t not_empty, not_full;
    size_t capacity, head, count;
    unsigned char *items;
};

static void *create(size_t capacity, size_t size)
{
    struct queue *queue = ring_memory(sizeof *queue);
    if (queue != NULL && (queue->items = ring_memory(capacity * size)) == NULL) {
        free(queue);
        return NULL;
    }
    if (queue != NULL) {
        queue->capacity = capacity;
        pthread_mutex_init(&queue->mutex, NULL);
        pthread_cond_init(&queue->not_empty, NULL);
        pthread_cond_init(&queue->not_full, NULL);
    }
    return queue;
}

static void destroy(void *ring, size_t size)
{
    struct queue *queue = ring;
    (void)size;
    pthread_cond_destroy(&queue->not_full);
    pthread_cond_destroy(&queue->not_empty);
    pthread_mutex_destroy(&queue->mutex);
    free(queue->items);
    free(queue);
}

static inline bool mutex_push(void *to, const void *item, size_t size)
{
    struct queue *queue = to;
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == queue->capacity) {
        pthread_cond_wait(&queue->not_full, &queue->mutex);
    }
    const size_t free_slot = queue->head + queue->count;
    memcpy(queue->items +
               (free_slot < queue->capacity ? free_slot : free_slot - queue->capacity) * size,
           item, size);
    ++queue->count;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_signal(&queue->not_empty);
    return true;
}

static inline bool mutex_pop(void *from, void *item, size_t size)
{
    struct queue *queue = from;
    pthread_mutex_lock(&queue->mutex);
    while (queue->count == 0) {
        pthread_cond_wait(&queue->not_empty, &queue->mutex);
    }
    memcpy(item, queue->items + queue->head * size, size);
    queue->head = queue->head + 1 < queue->capacity ? queue->head + 1 : 0;
    --queue->count;
    pthread_mutex_unlock(&queue->mutex);
    pthread_cond_signal(&queue->not_full);
    return true;
}

RING_BLOCKING(mutex, false)

static const struct ring_candidate candidates[] = {
    {"mutex", "reference", "mutex queue (reference): pthread_mutex_t and two pthread_cond_t",
     RING_SINGLE | RING_BLOCKS, create, destroy, RING_CALLS(mutex)},
};

const struct ring_family ring_mutex = RING_FAMILY(candidates);
