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

/* Copy one element of a size other than 8. gcc and clang expand __builtin_memcpy of a constant size in place; the builtin
 * needs no <string.h>, which a freestanding build may lack. gcc shows ThreadSanitizer, and cordon-check,
 * only what becomes a single access: the other sizes are left to a call, which they see.
 */
static CORDON_OUTLINE_ void cordon_item_copy_other_(void *to, const void *from, size_t size)
{
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

/* Up to 8 bytes without a call, so that the address of the caller's object goes nowhere. More than the
 * object has is the caller's mistake; to stop shows it, half an element would not.
 */
static inline void cordon_item_copy_small_(void *to, const void *from, size_t size)
{
    unsigned char *t = (unsigned char *)to;
    const unsigned char *f = (const unsigned char *)from;
    switch (size) {
    case 1:
        __builtin_memcpy(t, f, 1);
        break;
    case 2:
        __builtin_memcpy(t, f, 2);
        break;
    case 3:
        __builtin_memcpy(t, f, 2);
        __builtin_memcpy(t + 2, f + 2, 1);
        break;
    case 4:
        __builtin_memcpy(t, f, 4);
        break;
    case 5:
        __builtin_memcpy(t, f, 4);
        __builtin_memcpy(t + 4, f + 4, 1);
        break;
    case 6:
        __builtin_memcpy(t, f, 4);
        __builtin_memcpy(t + 4, f + 4, 2);
        break;
    case 7:
        __builtin_memcpy(t, f, 4);
        __builtin_memcpy(t + 4, f + 4, 2);
        __builtin_memcpy(t + 6, f + 6, 1);
        break;
    default:
        __builtin_trap();
    }
}

/* Copy one element; `object` is the caller's end of it. Where the compiler sees that object, and it
 * has 8 bytes, no call is left that takes its address, and it can live in a register. A push then
 * stores the element and tail, and nothing else.
 */
static inline void cordon_item_copy_(void *to, const void *from, size_t size, const void *object)
{
    if (__builtin_expect(size == 8, 1)) { /* most rings carry pointers */
        __builtin_memcpy(to, from, 8);
    } else if (__builtin_object_size(object, 0) <= 8) {
        cordon_item_copy_small_(to, from, size);
    } else {
        cordon_item_copy_other_(to, from, size);
    }
}

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

CORDON_END_DECLS

#endif
