/* variants: -DROUNDS=1 | -DROUNDS=2 */
/* sources: wait.c */
#include <cordon/seq/latch.h>

static struct cordon_latch latch;
static cordon_word both[4];
#define STORE(pair) cordon_latch_store(&latch, both, pair, sizeof *(pair))
#define LOAD(pair)  cordon_latch_load(&latch, pair, both, sizeof *(pair))
#include "pair.h"
