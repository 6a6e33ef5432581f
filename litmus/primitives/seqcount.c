/* variants: -DROUNDS=1 | -DROUNDS=2 */
/* sources: wait.c */
#include <cordon/seq/seqcount.h>

static struct cordon_seqcount count;
static cordon_word words[2];
#define STORE(pair) cordon_seqcount_store(&count, words, pair, sizeof *(pair))
#define LOAD(pair)  cordon_seqcount_load(&count, pair, words, sizeof *(pair))
#include "pair.h"
