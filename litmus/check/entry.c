/* entry.c - what the compiler calls in instrumented code, in place of ThreadSanitizer's runtime.
 *
 * An atomic operation becomes a request. These functions only fill it in and end in a jump to
 * fiber_trap, so that they leave nothing on the fiber's stack.
 */
#include "check.h"
#include "graph.h"
#include "memory.h"
#include "native.h"

#include <string.h>

#define CALLER ((uintptr_t)__builtin_return_address(0))

/* The signatures are the compiler's; no header declares them. */
#if defined(__GNUC__)
#pragma GCC diagnostic ignored "-Wmissing-prototypes"
#pragma GCC diagnostic ignored "-Wpedantic"
#endif

void __tsan_init(void)
{
}

void __tsan_func_entry(void *caller)
{
    (void)caller;
}

void __tsan_func_exit(void)
{
}

/* cordon/fence.h tells ThreadSanitizer about its fences; here they are events. */
void __tsan_acquire(void *address)
{
    (void)address;
}

void __tsan_release(void *address)
{
    (void)address;
}

#define PLAIN_ACCESS(size)                                             \
    void __tsan_read##size(void *address)                              \
    {                                                                  \
        memory_access((uintptr_t)address, size, ACCESS_READ, CALLER);  \
    }                                                                  \
    void __tsan_write##size(void *address)                             \
    {                                                                  \
        memory_access((uintptr_t)address, size, ACCESS_WRITE, CALLER); \
    }                                                                  \
    void __tsan_unaligned_read##size(void *address)                    \
    {                                                                  \
        memory_access((uintptr_t)address, size, ACCESS_READ, CALLER);  \
    }                                                                  \
    void __tsan_unaligned_write##size(void *address)                   \
    {                                                                  \
        memory_access((uintptr_t)address, size, ACCESS_WRITE, CALLER); \
    }
PLAIN_ACCESS(1)
PLAIN_ACCESS(2)
PLAIN_ACCESS(4)
PLAIN_ACCESS(8)
PLAIN_ACCESS(16)

void __tsan_read_range(void *address, size_t size)
{
    memory_access((uintptr_t)address, size, ACCESS_READ, CALLER);
}

void __tsan_write_range(void *address, size_t size)
{
    memory_access((uintptr_t)address, size, ACCESS_WRITE, CALLER);
}

void __tsan_vptr_read(void **address)
{
    memory_access((uintptr_t)address, sizeof *address, ACCESS_READ, CALLER);
}

void __tsan_vptr_update(void **address, void *value)
{
    if (*address != value) {
        memory_access((uintptr_t)address, sizeof *address, ACCESS_WRITE, CALLER);
    }
}

void *__tsan_memcpy(void *to, const void *from, size_t size)
{
    memory_access((uintptr_t)from, size, ACCESS_READ, CALLER);
    memory_access((uintptr_t)to, size, ACCESS_WRITE, CALLER);
    return memcpy(to, from, size);
}

void *__tsan_memmove(void *to, const void *from, size_t size)
{
    memory_access((uintptr_t)from, size, ACCESS_READ, CALLER);
    memory_access((uintptr_t)to, size, ACCESS_WRITE, CALLER);
    return memmove(to, from, size);
}

void *__tsan_memset(void *to, int value, size_t size)
{
    memory_access((uintptr_t)to, size, ACCESS_WRITE, CALLER);
    return memset(to, value, size);
}

void fiber_read(const volatile void *address, size_t size)
{
    memory_access((uintptr_t)address, size, ACCESS_READ, program_entry);
}

void fiber_write(volatile void *address, size_t size)
{
    memory_access((uintptr_t)address, size, ACCESS_WRITE, program_entry);
}

/* Accesses before main, by constructors, happen at once: there is one thread. */
#define BEFORE_MAIN (running < 0)

void __tsan_atomic_thread_fence(int order)
{
    if (!BEFORE_MAIN) {
        asked = (struct request){.kind = FENCE, .order = (uint8_t)order, .pc = CALLER};
        fiber_trap();
    }
}

/* The light side of membarrier(2). What it does to signal handlers is not modelled. */
void __tsan_atomic_signal_fence(int order)
{
    if (!BEFORE_MAIN && order == SEQ_CST) {
        asked = (struct request){.kind = FENCE, .order = LIGHT, .pc = CALLER};
        fiber_trap();
    }
}

#define RMW(bits, name, operation, expression)                                     \
    uint##bits##_t __tsan_atomic##bits##_##name(volatile uint##bits##_t *address,  \
                                                uint##bits##_t operand, int order) \
    {                                                                              \
        if (BEFORE_MAIN) {                                                         \
            const uint##bits##_t old = *address;                                   \
            *address = (uint##bits##_t)(expression);                               \
            return old;                                                            \
        }                                                                          \
        asked = (struct request){.kind = READ,                                     \
                                 .op = operation,                                  \
                                 .order = (uint8_t)order,                          \
                                 .size = bits / 8,                                 \
                                 .address = (uintptr_t)address,                    \
                                 .operand = operand,                               \
                                 .pc = CALLER};                                    \
        return (uint##bits##_t)fiber_trap();                                       \
    }

#define CAS(bits, name, is_weak)                                                            \
    int __tsan_atomic##bits##_compare_exchange_##name(                                      \
        volatile uint##bits##_t *address, uint##bits##_t *expected, uint##bits##_t desired, \
        int order, int failure)                                                             \
    {                                                                                       \
        if (BEFORE_MAIN) {                                                                  \
            const uint##bits##_t old = *address;                                            \
            const int equal = old == *expected;                                             \
            *(equal ? address : expected) = equal ? desired : old;                          \
            return equal;                                                                   \
        }                                                                                   \
        asked = (struct request){.kind = READ,                                              \
                                 .op = OP_CAS,                                              \
                                 .order = (uint8_t)order,                                   \
                                 .failure = (uint8_t)failure,                               \
                                 .weak = is_weak,                                           \
                                 .size = bits / 8,                                          \
                                 .address = (uintptr_t)address,                             \
                                 .operand = desired,                                        \
                                 .expected = *expected,                                     \
                                 .expected_at = (uintptr_t)expected,                        \
                                 .pc = CALLER};                                             \
        return (int)fiber_trap();                                                           \
    }

#define ATOMIC(bits)                                                                             \
    uint##bits##_t __tsan_atomic##bits##_load(const volatile uint##bits##_t *address, int order) \
    {                                                                                            \
        if (BEFORE_MAIN) {                                                                       \
            return *address;                                                                     \
        }                                                                                        \
        asked = (struct request){.kind = READ,                                                   \
                                 .order = (uint8_t)order,                                        \
                                 .size = bits / 8,                                               \
                                 .address = (uintptr_t)address,                                  \
                                 .pc = CALLER};                                                  \
        return (uint##bits##_t)fiber_trap();                                                     \
    }                                                                                            \
    void __tsan_atomic##bits##_store(volatile uint##bits##_t *address, uint##bits##_t value,     \
                                     int order)                                                  \
    {                                                                                            \
        if (BEFORE_MAIN) {                                                                       \
            *address = value;                                                                    \
            return;                                                                              \
        }                                                                                        \
        asked = (struct request){.kind = WRITE,                                                  \
                                 .order = (uint8_t)order,                                        \
                                 .size = bits / 8,                                               \
                                 .address = (uintptr_t)address,                                  \
                                 .operand = value,                                               \
                                 .pc = CALLER};                                                  \
        fiber_trap();                                                                            \
    }                                                                                            \
    RMW(bits, exchange, OP_EXCHANGE, operand)                                                    \
    RMW(bits, fetch_add, OP_ADD, old + operand)                                                  \
    RMW(bits, fetch_sub, OP_SUB, old - operand)                                                  \
    RMW(bits, fetch_and, OP_AND, old &operand)                                                   \
    RMW(bits, fetch_or, OP_OR, old | operand)                                                    \
    RMW(bits, fetch_xor, OP_XOR, old ^ operand)                                                  \
    RMW(bits, fetch_nand, OP_NAND, ~(old & operand))                                             \
    CAS(bits, strong, false)                                                                     \
    CAS(bits, weak, true)                                                                        \
    uint##bits##_t __tsan_atomic##bits##_compare_exchange_val(                                   \
        volatile uint##bits##_t *address, uint##bits##_t expected, uint##bits##_t desired,       \
        int order, int failure)                                                                  \
    {                                                                                            \
        if (BEFORE_MAIN) {                                                                       \
            const uint##bits##_t old = *address;                                                 \
            *address = old == expected ? desired : old;                                          \
            return old;                                                                          \
        }                                                                                        \
        asked = (struct request){.kind = READ,                                                   \
                                 .op = OP_CAS,                                                   \
                                 .order = (uint8_t)order,                                        \
                                 .failure = (uint8_t)failure,                                    \
                                 .size = bits / 8,                                               \
                                 .address = (uintptr_t)address,                                  \
                                 .operand = desired,                                             \
                                 .expected = expected,                                           \
                                 .pc = CALLER};                                                  \
        return (uint##bits##_t)fiber_trap();                                                     \
    }
ATOMIC(8)
ATOMIC(16)
ATOMIC(32)
ATOMIC(64)

/* cordon/check.h */
void cordon_check_wait(void)
{
    if (!BEFORE_MAIN) {
        asked = (struct request){.kind = REQUEST_WAIT_LOOP, .pc = CALLER};
        fiber_trap();
    }
}
