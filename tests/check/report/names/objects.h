/* Shared by the fixtures; what is inlined from here must show this file's lines. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <stdatomic.h>

struct slot {
    int value;
    _Atomic(unsigned) sequence;
};

struct ring {
    _Atomic(unsigned) head, tail;
    struct slot slot[4];
    union {
        _Atomic(short) half;
        _Atomic(long) whole;
    };
};

static inline void ring_push(struct ring *ring, int value)
{
    ring->slot[2].value = value;                                            // @ ring_push ring.slot[2].value = 0
    atomic_store_explicit(&ring->tail, 3, memory_order_release);            // @ ring_push ring.tail = 3
}

#endif
