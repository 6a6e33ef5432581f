/* variants: -DROUNDS=1 | -DROUNDS=2 */
/* sources: wait.c */
#include "client.h"

#include <cordon/seq/latch.h>

static struct cordon_latch latch;
static cordon_word both[4];
#define STORE(pair) cordon_latch_store(&latch, both, pair, sizeof *(pair))
#define LOAD(pair)  cordon_latch_load(&latch, pair, both, sizeof *(pair))

/* A pair of equal words, counted up; a reader must see them equal, and never fewer than before. */
struct pair {
    uintptr_t first, second;
};

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
