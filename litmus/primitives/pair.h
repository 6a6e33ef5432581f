/* pair.h - the client of a sequence lock: a reader sees a whole object, and never an older one.
 *
 * The including file defines STORE(pair) and LOAD(pair).
 */
#include "client.h"

#include <cordon/seq/words.h>

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
