/* words.c - the words of a shared object: each is copied whole, and none that is not the object's. They
 * order nothing, so there is no order here to weaken.
 *
 * quick: -DCASE=1   every size: it comes back, what fills the last word is zero, nothing else is touched
 * quick: -DCASE=2   two writers and a reader at once: an object may be torn, a word may not
 * quick: -DCASE=3   the same with a size that fills its words
 */
#include <cordon/seq/words.h>

#include <cordon/litmus.h>

#include <stdlib.h>
#include <string.h>

#define WORD sizeof(uintptr_t)

/* Of object number i every byte is i. */
#if CASE == 3
enum { SIZE = 2 * WORD };
#else
enum { SIZE = WORD + 3 };
#endif
enum { MOST = 3 * WORD, UNTOUCHED = 0xee };

struct cordon_litmus_state {
    cordon_word words[5];
    int first, second; /* what the reader got */
};

static inline uintptr_t word(const cordon_word *from)
{
    return atomic_load_explicit(from, memory_order_relaxed);
}

/* Each size, in memory just as large: cordon-check notices an access past its end. */
static inline void copies(struct cordon_litmus_state *s)
{
    for (size_t size = 1; size <= MOST; ++size) {
        const size_t used = (size + WORD - 1) / WORD;
        unsigned char *from = (unsigned char *)malloc(size);
        unsigned char *to = (unsigned char *)malloc(size);
        if (from != NULL && to != NULL) {
            unsigned char bytes[5 * WORD];
            for (size_t i = 0; i < 5; ++i) {
                atomic_store_explicit(&s->words[i], UINTPTR_MAX, memory_order_relaxed);
            }
            for (size_t i = 0; i < size; ++i) {
                from[i] = (unsigned char)(i + 1);
            }
            cordon_words_store(s->words + 1, from, size);
            cordon_words_load(to, s->words + 1, size);
            for (size_t i = 0; i < 5; ++i) {
                const uintptr_t value = word(&s->words[i]);
                memcpy(bytes + i * WORD, &value, WORD);
            }
            for (size_t i = 0; i < size; ++i) {
                CORDON_EXPECT(to[i] == i + 1 && bytes[WORD + i] == i + 1);
            }
            for (size_t i = size; i < used * WORD; ++i) {
                CORDON_EXPECT(bytes[WORD + i] == 0);
            }
            CORDON_EXPECT(word(&s->words[0]) == UINTPTR_MAX);
            CORDON_EXPECT(word(&s->words[1 + used]) == UINTPTR_MAX);
        }
        free(from);
        free(to);
    }
}

static inline void stores(struct cordon_litmus_state *s, int number)
{
    unsigned char object[SIZE];
    memset(object, number, SIZE);
    cordon_words_store(s->words, object, SIZE);
}

static inline void stores_1(struct cordon_litmus_state *s)
{
    stores(s, 1);
}

static inline void stores_2(struct cordon_litmus_state *s)
{
    stores(s, 2);
}

static inline int all_alike(const unsigned char *bytes, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        CORDON_EXPECT(bytes[i] == bytes[0]);
    }
    CORDON_EXPECT(bytes[0] <= 2);
    return bytes[0];
}

static inline void loads(struct cordon_litmus_state *s)
{
    unsigned char object[SIZE + 1];
    object[SIZE] = UNTOUCHED;
    cordon_words_load(object, s->words, SIZE);
    s->first = all_alike(object, WORD);
    s->second = all_alike(object + WORD, SIZE - WORD);
    CORDON_EXPECT(object[SIZE] == UNTOUCHED);
}

static inline void loads_twice(struct cordon_litmus_state *s)
{
    loads(s);
    loads(s);
}

#if CASE == 1
CORDON_LITMUS(.threads = {copies})
#else
CORDON_LITMUS(.threads = {stores_1, stores_2, loads_twice},
              .outcomes = {CORDON_OUTCOME(first), CORDON_OUTCOME(second)})
#endif
