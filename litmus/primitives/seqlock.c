/* variants: -DROUNDS=1 */
/* sources: wait.c mutex.c */
#include "client.h"

#include <cordon/seq/seqlock.h>

static struct cordon_seqlock lock;
#define STORE(pair) cordon_seqlock_store(&lock, words, pair, sizeof *(pair))
/* As cordon_seqlock_load, but with one try before it takes the lock, so that it is explored, too. */
#define LOAD(pair)                                                                  \
    do {                                                                            \
        struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&lock, 1); \
        do {                                                                        \
            cordon_seqlock_reader_begin(&reader);                                   \
            cordon_words_load(pair, words, sizeof *(pair));                         \
        } while (cordon_seqlock_reader_retry(&reader));                             \
    } while (0)

/* A pair of equal words, counted up; a reader must see them equal, and never fewer than before. */
struct pair {
    uintptr_t first, second;
};
static cordon_word words[2];

static void writes(void)
{
    for (uintptr_t i = 1; i <= ROUNDS; ++i) {
        const struct pair pair = {i, i};
        STORE(&pair);
    }
}

static void reads(void)
{
    struct pair pair;
    uintptr_t before = 0;
    for (int i = 0; i < 2; ++i) {
        LOAD(&pair);
        assert(pair.first == pair.second && pair.first >= before);
        before = pair.first;
    }
}

static void check(void)
{
    struct pair pair;
    LOAD(&pair);
    assert(pair.first == ROUNDS && pair.second == ROUNDS);
}

CLIENT(check, writes, reads)
