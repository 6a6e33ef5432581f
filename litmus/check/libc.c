/* libc.c - memory and strings. The library's own code is not instrumented: what it would read and
 * write is announced here.
 */
#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* What constructors allocate, before the first thread has a heap. It is never given back. */
enum { EARLY_BYTES = 1 << 20 };
static _Alignas(64) char early[EARLY_BYTES];
static size_t early_used;

static bool is_early(const void *block)
{
    return (uintptr_t)block - (uintptr_t)early < sizeof early;
}

static size_t early_size(const void *block)
{
    return ((const size_t *)block)[-1];
}

static void *allocate_early(size_t size, size_t alignment)
{
    const size_t align = alignment > 16 ? alignment : 16;
    const uintptr_t end = (uintptr_t)early + early_used + sizeof(size_t);
    const uintptr_t block = (end + align - 1) & ~(uintptr_t)(align - 1);
    if (size > sizeof early || block + size > (uintptr_t)early + sizeof early) {
        fail(FOUND_BOUND, program_entry, 0, "constructors allocate more than %d bytes",
             EARLY_BYTES);
        return NULL;
    }
    early_used = block + size - (uintptr_t)early;
    ((size_t *)block)[-1] = size;
    return (void *)block;
}

void *allocate(size_t size, size_t alignment, bool zeroed)
{
    return running < 0 ? allocate_early(size, alignment) : fiber_allocate(size, alignment, zeroed);
}

void deallocate(void *block)
{
    if (block != NULL && !is_early(block)) {
        fiber_free(block);
    }
}

static size_t size_of(const void *block)
{
    return is_early(block) ? early_size(block) : fiber_block_size(block);
}

static void *no_memory(void)
{
    LOCALS(error)->error = ENOMEM;
    return NULL;
}

static void *reallocate(void *old, size_t size)
{
    if (old == NULL) {
        return allocate(size, 0, false);
    }
    if (size == 0) {
        deallocate(old);
        return NULL;
    }
    const size_t before = size_of(old);
    const size_t kept = before < size ? before : size;
    void *block = allocate(size, 0, false);
    if (kept > 0) {
        fiber_write(block, kept);
        memcpy(block, old, kept);
    }
    deallocate(old); /* finds races with the copy, too, and bad pointers */
    return block;
}

WRAP(void *, malloc, size_t size)
{
    ENTER();
    return allocate(size, 0, false);
}

WRAP(void *, calloc, size_t count, size_t size)
{
    ENTER();
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes)) {
        return no_memory();
    }
    void *block = allocate(bytes, 0, true);
    fiber_write(block, bytes);
    return memset(block, 0, bytes);
}

WRAP(void *, realloc, void *old, size_t size)
{
    ENTER();
    return reallocate(old, size);
}

WRAP(void *, reallocarray, void *old, size_t count, size_t size)
{
    ENTER();
    size_t bytes;
    return __builtin_mul_overflow(count, size, &bytes) ? no_memory() : reallocate(old, bytes);
}

static bool is_power_of_two(size_t n)
{
    return n != 0 && (n & (n - 1)) == 0;
}

WRAP(void *, aligned_alloc, size_t alignment, size_t size)
{
    ENTER();
    if (!is_power_of_two(alignment)) {
        LOCALS(error)->error = EINVAL;
        return NULL;
    }
    return allocate(size, alignment, false);
}

WRAP(void *, memalign, size_t alignment, size_t size)
{
    ENTER();
    return allocate(size, is_power_of_two(alignment) ? alignment : 0, false);
}

WRAP(int, posix_memalign, void **block, size_t alignment, size_t size)
{
    ENTER();
    if (!is_power_of_two(alignment) || alignment % sizeof(void *) != 0) {
        return EINVAL;
    }
    void *made = allocate(size, alignment, false);
    fiber_write(block, sizeof *block);
    *block = made;
    return 0;
}

WRAP(void, free, void *block)
{
    ENTER();
    deallocate(block);
}

WRAP(size_t, malloc_usable_size, void *block)
{
    return block == NULL ? 0 : size_of(block);
}

/* Memory */

static void *copy(void *to, const void *from, size_t size)
{
    fiber_read(from, size);
    fiber_write(to, size);
    return memmove(to, from, size);
}

WRAP(void *, memcpy, void *to, const void *from, size_t size)
{
    ENTER();
    return copy(to, from, size);
}

WRAP(void *, memmove, void *to, const void *from, size_t size)
{
    ENTER();
    return copy(to, from, size);
}

WRAP(void *, mempcpy, void *to, const void *from, size_t size)
{
    ENTER();
    return (char *)copy(to, from, size) + size;
}

WRAP(void *, memset, void *to, int value, size_t size)
{
    ENTER();
    fiber_write(to, size);
    return memset(to, value, size);
}

WRAP(int, memcmp, const void *a, const void *b, size_t size)
{
    ENTER();
    fiber_read(a, size);
    fiber_read(b, size);
    return memcmp(a, b, size);
}

WRAP(int, bcmp, const void *a, const void *b, size_t size)
{
    ENTER();
    fiber_read(a, size);
    fiber_read(b, size);
    return memcmp(a, b, size);
}

WRAP(void *, memchr, const void *in, int value, size_t size)
{
    ENTER();
    void *found = memchr(in, value, size);
    fiber_read(in, found != NULL ? (size_t)((char *)found - (const char *)in) + 1 : size);
    return found;
}

/* The checks of _FORTIFY_SOURCE: the heap and the stack are watched more closely than that. */
static void must_fit(size_t size, size_t room, uintptr_t pc)
{
    if (size > room) {
        fail(FOUND_OVERFLOW, pc, 0, "writes %zu bytes into an object that has %zu left", size,
             room);
    }
}

WRAP(void *, __memcpy_chk, void *to, const void *from, size_t size, size_t room)
{
    ENTER();
    must_fit(size, room, pc);
    return copy(to, from, size);
}

WRAP(void *, __memmove_chk, void *to, const void *from, size_t size, size_t room)
{
    ENTER();
    must_fit(size, room, pc);
    return copy(to, from, size);
}

WRAP(void *, __memset_chk, void *to, int value, size_t size, size_t room)
{
    ENTER();
    must_fit(size, room, pc);
    fiber_write(to, size);
    return memset(to, value, size);
}

/* Strings */

static size_t length_of(const char *text)
{
    const size_t length = strlen(text);
    fiber_read(text, length + 1);
    return length;
}

static size_t length_upto(const char *text, size_t most)
{
    const size_t length = strnlen(text, most);
    fiber_read(text, length < most ? length + 1 : most);
    return length;
}

static char *duplicate(const char *text, size_t length)
{
    char *made = allocate(length + 1, 0, false);
    fiber_write(made, length + 1);
    memcpy(made, text, length);
    made[length] = '\0';
    return made;
}

WRAP(size_t, strlen, const char *text)
{
    ENTER();
    return length_of(text);
}

WRAP(size_t, strnlen, const char *text, size_t most)
{
    ENTER();
    return length_upto(text, most);
}

WRAP(char *, strdup, const char *text)
{
    ENTER();
    return duplicate(text, length_of(text));
}

WRAP(char *, strndup, const char *text, size_t most)
{
    ENTER();
    return duplicate(text, length_upto(text, most));
}

WRAP(int, strcmp, const char *a, const char *b)
{
    ENTER();
    length_of(a);
    length_of(b);
    return strcmp(a, b);
}

WRAP(int, strncmp, const char *a, const char *b, size_t most)
{
    ENTER();
    length_upto(a, most);
    length_upto(b, most);
    return strncmp(a, b, most);
}

WRAP(char *, strchr, const char *text, int wanted)
{
    ENTER();
    length_of(text);
    return strchr(text, wanted);
}

WRAP(char *, strrchr, const char *text, int wanted)
{
    ENTER();
    length_of(text);
    return strrchr(text, wanted);
}

WRAP(char *, strstr, const char *text, const char *wanted)
{
    ENTER();
    length_of(text);
    length_of(wanted);
    return strstr(text, wanted);
}

WRAP(char *, strcpy, char *to, const char *from)
{
    ENTER();
    return copy(to, from, length_of(from) + 1);
}

WRAP(char *, stpcpy, char *to, const char *from)
{
    ENTER();
    const size_t length = length_of(from);
    return (char *)copy(to, from, length + 1) + length;
}

WRAP(char *, strncpy, char *to, const char *from, size_t size)
{
    ENTER();
    length_upto(from, size);
    fiber_write(to, size);
    return strncpy(to, from, size);
}

WRAP(char *, strcat, char *to, const char *from)
{
    ENTER();
    copy(to + length_of(to), from, length_of(from) + 1);
    return to;
}

WRAP(char *, strncat, char *to, const char *from, size_t most)
{
    ENTER();
    const size_t length = length_upto(from, most);
    char *end = to + length_of(to);
    copy(end, from, length);
    fiber_write(end + length, 1);
    end[length] = '\0';
    return to;
}

WRAP(char *, __strcpy_chk, char *to, const char *from, size_t room)
{
    ENTER();
    const size_t size = length_of(from) + 1;
    must_fit(size, room, pc);
    return copy(to, from, size);
}

WRAP(char *, __strncpy_chk, char *to, const char *from, size_t size, size_t room)
{
    ENTER();
    must_fit(size, room, pc);
    length_upto(from, size);
    fiber_write(to, size);
    return strncpy(to, from, size);
}

WRAP(char *, __strcat_chk, char *to, const char *from, size_t room)
{
    ENTER();
    const size_t before = length_of(to), size = length_of(from) + 1;
    must_fit(before + size, room, pc);
    copy(to + before, from, size);
    return to;
}

/* Numbers: beside what they return, they say where they stopped. */
#define NUMBER(type, name)                                   \
    WRAP(type, name, const char *text, char **end, int base) \
    {                                                        \
        ENTER();                                             \
        if (end != NULL) {                                   \
            fiber_write(end, sizeof *end);                   \
        }                                                    \
        length_of(text);                                     \
        return name(text, end, base);                        \
    }
NUMBER(long, strtol)
NUMBER(unsigned long, strtoul)
NUMBER(long long, strtoll)
NUMBER(unsigned long long, strtoull)

WRAP(double, strtod, const char *text, char **end)
{
    ENTER();
    if (end != NULL) {
        fiber_write(end, sizeof *end);
    }
    length_of(text);
    return strtod(text, end);
}

static void swap(char *a, char *b, size_t size)
{
    fiber_write(a, size);
    fiber_write(b, size);
    for (size_t i = 0; i < size; ++i) {
        const char c = a[i];
        a[i] = b[i];
        b[i] = c;
    }
}

/* Its comparisons may be events, and the library's own sort has memory that would not go back in
 * time. What a test sorts is short.
 */
WRAP(void, qsort, void *base, size_t count, size_t size, int (*compare)(const void *, const void *))
{
    ENTER();
    char *array = base;
    for (size_t i = 1; i < count; ++i) {
        for (size_t k = i; k > 0 && compare(array + (k - 1) * size, array + k * size) > 0; --k) {
            program_entry = pc;
            swap(array + (k - 1) * size, array + k * size, size);
        }
    }
}
