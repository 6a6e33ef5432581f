/* cordon/ring/item.h - how a ring copies an element whose size is known only at run time.
 *
 * A ring holds elements of any size, chosen when it is made. A call of memcpy with a length that
 * the compiler does not know costs more than the whole push of an 8-byte element; a comparison that
 * always goes the same way costs next to nothing. So the common sizes are compared for, and copied
 * with a few instructions each.
 */
#ifndef CORDON_RING_ITEM_H
#define CORDON_RING_ITEM_H

#include <cordon/atomic.h>

CORDON_BEGIN_DECLS

/* Where gcc sees the caller's object, of 8 bytes say, it warns of the copies of 16 that are never
 * reached: it does not know the ring's element size.
 */
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Warray-bounds"
#pragma GCC diagnostic ignored "-Wstringop-overflow"
#if __GNUC__ >= 11
#pragma GCC diagnostic ignored "-Wstringop-overread"
#endif
#endif

/* Copy one element. gcc and clang expand __builtin_memcpy of a constant size in place; the builtin
 * needs no <string.h>, which a freestanding build may lack. gcc shows ThreadSanitizer, and cordon-check,
 * only what becomes a single access: the other sizes are left to a call, which they see.
 */
static inline void cordon_item_copy_(void *to, const void *from, size_t size)
{
    if (__builtin_expect(size == 8, 1)) { /* most rings carry pointers */
        __builtin_memcpy(to, from, 8);
        return;
    }
    switch (size) {
    case 1:
        __builtin_memcpy(to, from, 1);
        break;
    case 2:
        __builtin_memcpy(to, from, 2);
        break;
    case 4:
        __builtin_memcpy(to, from, 4);
        break;
    case 16:
        __builtin_memcpy(to, from, 16);
        break;
#if !CORDON_TSAN
    case 12:
        __builtin_memcpy(to, from, 12);
        break;
    case 24:
        __builtin_memcpy(to, from, 24);
        break;
    case 32:
        __builtin_memcpy(to, from, 32);
        break;
    case 48:
        __builtin_memcpy(to, from, 48);
        break;
    case 64:
        __builtin_memcpy(to, from, 64);
        break;
#endif
    default:
        __builtin_memcpy(to, from, size);
        break;
    }
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

CORDON_END_DECLS

#endif
