/* seqlock.c - clients of cordon_seqlock.
 *
 * with: src/wait.c src/mutex.c
 * quick: -DROUNDS=1   to be described
 */
#include <cordon/seq/seqlock.h>

static struct cordon_seqlock lock;
static cordon_word words[2];
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
#include "pair.h"
