/* throw.c - C++ exceptions on fibers.
 *
 * The unwinder works on the fiber's stack and keeps nothing elsewhere, but the C++ library keeps the
 * exceptions in flight in the memory of the thread that runs the fibers, and the objects in its heap.
 * Neither would go back in time. The library finds these functions before its own: they keep both
 * among the fiber's locals.
 */
#define _GNU_SOURCE
#include "cxx.h"
#include "environment.h"

#include <stdlib.h>
#include <string.h>

void *__cxa_allocate_exception(size_t size);
void __cxa_free_exception(void *object);
void *__cxa_get_globals(void);
void *__cxa_get_globals_fast(void);
void *_Znwm(size_t size);
void _ZdlPv(void *block);

static void uncaught(void)
{
    fail(FOUND_ABORT, program_entry, 0, "an exception that nobody catches");
    abort();
}

/* Before each object the library keeps a header. */
enum { HEADER_BYTES = 128 };
_Static_assert(sizeof((struct locals *)0)->exceptions[0] > HEADER_BYTES, "room for an object");

void *__cxa_allocate_exception(size_t size)
{
    typedef void *set(void (*handler)(void));
    static bool known;
    struct locals *mine = LOCALS(exceptions);
    program_entry = (uintptr_t)__builtin_return_address(0);
    if (!known) {
        known = true;
        ((set *)(uintptr_t)libstdcxx("_ZSt13set_terminatePFvvE"))(uncaught);
    }
    for (int i = 0; i < MOST_EXCEPTIONS && size <= EXCEPTION_BYTES - HEADER_BYTES; ++i) {
        if ((mine->exceptions_used >> i & 1) == 0) {
            mine->exceptions_used |= (uint8_t)(1 << i);
            memset(mine->exceptions[i], 0, HEADER_BYTES);
            return mine->exceptions[i] + HEADER_BYTES;
        }
    }
    fail(FOUND_UNSUPPORTED, program_entry, 0,
         "more than %d exceptions at a time, or one of more than %d bytes", MOST_EXCEPTIONS,
         EXCEPTION_BYTES - HEADER_BYTES);
    abort();
}

void __cxa_free_exception(void *object)
{
    struct locals *mine = LOCALS(exceptions);
    for (int i = 0; i < MOST_EXCEPTIONS; ++i) {
        if (object == mine->exceptions[i] + HEADER_BYTES) {
            mine->exceptions_used &= (uint8_t) ~(1 << i);
        }
    }
}

void *__cxa_get_globals(void)
{
    return LOCALS(exception_globals)->exception_globals;
}

void *__cxa_get_globals_fast(void)
{
    return LOCALS(exception_globals)->exception_globals;
}

/* The messages of the standard exceptions: the library writes each whole as it makes it. */
void *_Znwm(size_t size)
{
    if (running < 0) {
        return malloc(size);
    }
    void *block = fiber_allocate(size, 0, true);
    fiber_write(block, size);
    return block;
}

void _ZdlPv(void *block)
{
    uintptr_t base, pc;
    size_t size;
    if (native_block_of((uintptr_t)block, &base, &size, &pc)) {
        deallocate(block);
    } else {
        free(block);
    }
}
