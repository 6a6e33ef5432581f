/* ring_ck.c - Concurrency Kit's ck_ring. */
#include "rings/loops.h"

#include <ck_ring.h>

#define PROTOTYPE(bytes)                         \
    struct item##bytes {                         \
        uint64_t word[bytes / sizeof(uint64_t)]; \
    };                                           \
    CK_RING_PROTOTYPE(item##bytes, item##bytes)
RING_EVERY_SIZE(PROTOTYPE)

struct ck {
    CORDON_ALIGNED(CORDON_LINE) ck_ring_t ring;
    CORDON_ALIGNED(CORDON_LINE) void *buffer;
};

static void *create(size_t capacity, size_t size)
{
    struct ck *ck = ring_memory(sizeof *ck);
    if (ck != NULL && (ck->buffer = ring_memory(capacity * size)) == NULL) {
        free(ck);
        return NULL;
    }
    if (ck != NULL) {
        ck_ring_init(&ck->ring, (unsigned)capacity);
    }
    return ck;
}

static void destroy(void *ring, size_t size)
{
    struct ck *ck = ring;
    (void)size;
    free(ck->buffer);
    free(ck);
}

/* The size is a constant, so one case of each switch remains. */
#define ENQUEUE(bytes) \
    case bytes:        \
        return CALL(ENQUEUE, bytes)(item##bytes, &ck->ring, ck->buffer, (struct item##bytes *)item);
#define DEQUEUE(bytes) \
    case bytes:        \
        return CALL(DEQUEUE, bytes)(item##bytes, &ck->ring, ck->buffer, (struct item##bytes *)item);

static inline bool ck_spsc_push(void *to, const void *item, size_t size)
{
    struct ck *ck = to;
    switch (size) {
#define CALL(call, bytes) CK_RING_##call##_SPSC
        RING_EVERY_SIZE(ENQUEUE)
    }
    return false;
}

static inline bool ck_spsc_pop(void *from, void *item, size_t size)
{
    struct ck *ck = from;
    switch (size) {
        RING_EVERY_SIZE(DEQUEUE)
#undef CALL
    }
    return false;
}

RING_EACH(ck_spsc, true)

static inline bool ck_mpmc_push(void *to, const void *item, size_t size)
{
    struct ck *ck = to;
    switch (size) {
#define CALL(call, bytes) CK_RING_##call##_MPMC
        RING_EVERY_SIZE(ENQUEUE)
    }
    return false;
}

static inline bool ck_mpmc_pop(void *from, void *item, size_t size)
{
    struct ck *ck = from;
    switch (size) {
        RING_EVERY_SIZE(DEQUEUE)
#undef CALL
    }
    return false;
}

RING_EACH(ck_mpmc, false)

static const struct ring_candidate candidates[] = {
    {"ck-spsc", "ck", "CK_RING_ENQUEUE_SPSC, _DEQUEUE_SPSC",
     RING_PAIR | RING_SINGLE | RING_ONE_LESS, create, destroy, RING_CALLS(ck_spsc)},
    {"ck-mpmc", "ck", "CK_RING_ENQUEUE_MPMC, _DEQUEUE_MPMC", RING_SINGLE | RING_ONE_LESS, create,
     destroy, RING_CALLS(ck_mpmc)},
};

const struct ring_family ring_ck = RING_FAMILY(candidates);
