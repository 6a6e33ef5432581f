/* latch.c - clients of cordon_latch.
 *
 * with: src/wait.c
 * quick: -DROUNDS=1   to be described
 * quick: -DROUNDS=2   to be described
 */
#include <cordon/seq/latch.h>

static struct cordon_latch latch;
static cordon_word both[4];
#define STORE(pair) cordon_latch_store(&latch, both, pair, sizeof *(pair))
#define LOAD(pair)  cordon_latch_load(&latch, pair, both, sizeof *(pair))
#include "pair.h"
