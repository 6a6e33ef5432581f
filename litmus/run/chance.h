/* chance.h - the engines' random numbers: whoever has the seed can draw them again.
 *
 * A stream is named by a seed, what it is for, and which of them: so every thread draws what the others draw
 * without asking them. The generator is splitmix64 (G. L. Steele, D. Lea, C. H. Flood, OOPSLA 2014).
 */
#ifndef CORDON_LITMUS_CHANCE_H
#define CORDON_LITMUS_CHANCE_H

#include <stdint.h>

struct chance {
    uint64_t state;
};

static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* 0 to n - 1; of none or one there is only 0. */
static inline uint32_t chance_below(struct chance *chance, uint32_t n)
{
    return (uint32_t)((chance_next(chance) >> 32) * n >> 32);
}

enum chance_use {
    CHANCE_PLAN,
    CHANCE_PLACE,
    CHANCE_PLAYERS,
    CHANCE_ORDER,
    CHANCE_CACHE,
    CHANCE_RUN,
    CHANCE_ENEMY
};

static inline struct chance chance_of(uint64_t seed, enum chance_use use, uint64_t which)
{
    struct chance chance = {seed};
    chance.state = chance_next(&chance) + (uint64_t)use;
    chance.state = chance_next(&chance) ^ which;
    chance.state = chance_next(&chance);
    return chance;
}

#endif
