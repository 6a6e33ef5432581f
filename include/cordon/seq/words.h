/* cordon/seq/words.h - copies objects to and from shared memory that changes meanwhile.
 *
 * Problem. The reader of a sequence lock copies data that a writer may be changing, and afterwards
 * throws the copy away if so. With plain accesses, memcpy for instance, that is a data race, hence
 * undefined in C11 whatever becomes of the copy; and a volatile does not help.
 *
 * Idea. The shared copy is an array of atomic words, accessed with relaxed loads and stores: these
 * cost what plain ones do, and what is torn is then the object at worst, never a word. The user
 * keeps objects, and copies whole ones in and out:
 *
 *     struct point { double x, y, z; };
 *     static cordon_word shared[CORDON_WORDS(struct point)];
 *
 *     cordon_words_store(shared, &point, sizeof point);
 *     cordon_words_load(&point, shared, sizeof point);
 *
 * Any object that may be copied with memcpy may live there. The words order nothing: the primitives
 * that use them (seqcount.h, seqlock.h, latch.h) do.
 *
 * Bytes:         the size of the object, rounded up to whole words.
 * Initially:     all zero is an object of zero bytes; or store one.
 *
 * Source: H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC 2012
 * (HPL-2012-68); the byte-wise atomic memcpy proposed for C++ in P1478.
 */
#ifndef CORDON_SEQ_WORDS_H
#define CORDON_SEQ_WORDS_H

#include <cordon/atomic.h>

/* cordon_word - one word of a shared object: as wide as a pointer, lock-free everywhere. */
typedef CORDON_ATOMIC(uintptr_t) cordon_word;

/* CORDON_WORDS(T) - how many words an object of type T takes. */
#define CORDON_WORDS(T) ((sizeof(T) + sizeof(uintptr_t) - 1) / sizeof(uintptr_t))

/* gcc leaves a loop of three rounds a loop, and the copy in memory, unless told otherwise. */
#if defined(__GNUC__) && !defined(__clang__)
#define CORDON_WORDS_UNROLL_ _Pragma("GCC unroll 8")
#else
#define CORDON_WORDS_UNROLL_
#endif

/* A function that stays one, away from the code that is hot: gcc accepts no noinline on what is inline,
 * and without optimisation it keeps an unused function that is not.
 */
#if defined(__clang__)
#define CORDON_WORDS_APART_ __attribute__((noinline, cold)) static inline
#elif defined(__OPTIMIZE__)
#define CORDON_WORDS_APART_ __attribute__((noinline, cold, unused)) static
#else
#define CORDON_WORDS_APART_ static inline
#endif

CORDON_BEGIN_DECLS

/* The bytes of the last word. gcc shows ThreadSanitizer, and cordon-check, no memcpy that it expands to
 * more than one access; volatile keeps this from becoming a memcpy.
 */
static inline void cordon_words_rest_(void *to, const void *from, size_t rest)
{
#if CORDON_TSAN
    volatile unsigned char *bytes = (volatile unsigned char *)to;
    size_t i;
    for (i = 0; i < rest; ++i) {
        bytes[i] = ((const unsigned char *)from)[i];
    }
#else
    __builtin_memcpy(to, from, rest);
#endif
}

/* cordon_words_load - copy `size` bytes of a shared object to an own one.
 * Order:  none, of memory: each word is loaded relaxed, once, in no order.
 * Not:    a snapshot: two words may be from different stores.
 * Cost:   that of memcpy by words; with a constant size, plain moves.
 */
static inline void cordon_words_load(void *to, const cordon_word *from, size_t size)
{
    unsigned char *bytes = (unsigned char *)to;
    const size_t rest = size % sizeof(uintptr_t);
    CORDON_WORDS_UNROLL_
    for (; size >= sizeof(uintptr_t); size -= sizeof(uintptr_t)) {
        const uintptr_t value = atomic_load_explicit(from++, memory_order_relaxed);
        __builtin_memcpy(bytes, &value, sizeof value);
        bytes += sizeof value;
    }
    if (rest != 0) {
        const uintptr_t value = atomic_load_explicit(from, memory_order_relaxed);
        cordon_words_rest_(bytes, &value, rest);
    }
}

/* cordon_words_store - copy `size` bytes of an own object to a shared one.
 * The bytes that fill up the last word become zero.
 * Order:  none, of memory: each word is stored relaxed, once, in no order.
 * Cost:   that of memcpy by words; with a constant size, plain moves.
 */
static inline void cordon_words_store(cordon_word *to, const void *from, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)from;
    const size_t rest = size % sizeof(uintptr_t);
    CORDON_WORDS_UNROLL_
    for (; size >= sizeof(uintptr_t); size -= sizeof(uintptr_t)) {
        uintptr_t value;
        __builtin_memcpy(&value, bytes, sizeof value);
        atomic_store_explicit(to++, value, memory_order_relaxed);
        bytes += sizeof value;
    }
    if (rest != 0) {
        uintptr_t value = 0;
        cordon_words_rest_(&value, bytes, rest);
        atomic_store_explicit(to, value, memory_order_relaxed);
    }
}

CORDON_END_DECLS

#endif
