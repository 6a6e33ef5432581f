/* seqcount.c - clients of cordon_seqcount.
 *
 * with: src/wait.c
 * quick: -DROUNDS=1   to be described
 * quick: -DROUNDS=2   to be described
 */
#include <cordon/seq/seqcount.h>

static struct cordon_seqcount count;
static cordon_word words[2];
#define STORE(pair) cordon_seqcount_store(&count, words, pair, sizeof *(pair))
#define LOAD(pair)  cordon_seqcount_load(&count, pair, words, sizeof *(pair))
#include "pair.h"
