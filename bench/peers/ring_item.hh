// ring_item.hh - what the adapters in C++ have in common.
#ifndef CORDON_BENCH_PEERS_RING_ITEM_HH
#define CORDON_BENCH_PEERS_RING_ITEM_HH

#include "rings/loops.h"

#include <new>
#include <utility>

template <size_t size> struct ring_item {
    uint64_t word[size / sizeof(uint64_t)];
};

template <size_t size> const ring_item<size> &ring_item_at(const void *item)
{
    return *static_cast<const ring_item<size> *>(item);
}

template <size_t size> ring_item<size> &ring_item_at(void *item)
{
    return *static_cast<ring_item<size> *>(item);
}

// A queue that begins on a line, as all candidates do; null if there is no memory.
template <class Queue, class... Arguments> Queue *ring_new(Arguments &&...arguments)
{
    void *memory = ring_memory(sizeof(Queue));
    try {
        return memory ? new (memory) Queue(std::forward<Arguments>(arguments)...) : nullptr;
    } catch (const std::bad_alloc &) {
        free(memory);
        return nullptr;
    }
}

template <class Queue> void ring_delete(void *ring)
{
    static_cast<Queue *>(ring)->~Queue();
    free(ring);
}

// The size that an adapter is asked for, as a constant: ring_sized<Make>(size, ...) calls
// Make<size>::call(...).
template <template <size_t> class Make, class... Arguments>
auto ring_sized(size_t size, Arguments... arguments)
{
    switch (size) {
    case 8:
        return Make<8>::call(arguments...);
    case 16:
        return Make<16>::call(arguments...);
    case 64:
        return Make<64>::call(arguments...);
    default:
        return Make<256>::call(arguments...);
    }
}

// RING_QUEUE(NAME, QUEUE) - NAME_create and NAME_destroy of a QUEUE<size> that is made from a capacity.
#define RING_QUEUE(name, Queue)                              \
    template <size_t size> struct name##_maker {             \
        static void *call(size_t capacity)                   \
        {                                                    \
            return ring_new<Queue<size>>(capacity);          \
        }                                                    \
        static void call(void *ring)                         \
        {                                                    \
            ring_delete<Queue<size>>(ring);                  \
        }                                                    \
    };                                                       \
    static void *name##_create(size_t capacity, size_t size) \
    {                                                        \
        return ring_sized<name##_maker>(size, capacity);     \
    }                                                        \
    static void name##_destroy(void *ring, size_t size)      \
    {                                                        \
        ring_sized<name##_maker>(size, ring);                \
    }

#endif
