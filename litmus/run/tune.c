/* tune.c - candidates, drawn and dropped. */
#include "tune.h"

#include <math.h>
#include <string.h>

double tune_bits(const struct outcome_set *outcomes)
{
    double all = 0, bits = 0;
    for (size_t i = 0; i < outcomes->count; ++i) {
        all += (double)outcomes->seen[i];
    }
    for (size_t i = 0; i < outcomes->count; ++i) {
        const double seen = (double)outcomes->seen[i];
        bits += seen > 0 ? seen * log2(all / seen) : 0;
    }
    return bits;
}

bool tune_better(const struct tune_score *a, const struct tune_score *b)
{
    if (a->seconds <= 0 || b->seconds <= 0) {
        return a->seconds > 0;
    }
    if (a->hits > 0 || b->hits > 0) {
        return a->hits / a->seconds > b->hits / b->seconds;
    }
    return a->bits / a->seconds > b->bits / b->seconds;
}

/* G. Steele, D. Lea, C. Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014. */
uint64_t tune_random(uint64_t *state)
{
    uint64_t z = *state += 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* The name's bytes by FNV-1a. */
uint64_t tune_seed(uint64_t seed, const char *name)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (; *name != '\0'; ++name) {
        hash = (hash ^ (unsigned char)*name) * 0x100000001b3u;
    }
    return tune_random(&hash) ^ seed;
}

/* One of the numbers. */
#define PICK(state, ...)                         \
    pick(state, (const unsigned[]){__VA_ARGS__}, \
         sizeof((const unsigned[]){__VA_ARGS__}) / sizeof(unsigned))

static unsigned pick(uint64_t *state, const unsigned *from, size_t count)
{
    return from[tune_random(state) % count];
}

/* About a third of the knobs is turned: what is good is often near to what is known to be good. */
static bool turn(uint64_t *state)
{
    return tune_random(state) % 3 == 0;
}

/* What neither counts frames nor lives on chance is turned by more than size, place and enemies. */
static void turn_array(uint64_t *state, struct knobs *knobs)
{
    if (turn(state)) {
        knobs->stride = PICK(state, 1, 2, 4, 16, 17);
    }
    if (turn(state)) {
        knobs->shuffle = true;
    }
    if (turn(state)) {
        knobs->padded = !knobs->padded;
    }
    if (turn(state)) {
        knobs->cache =
            (enum knobs_cache)PICK(state, CACHE_SPLIT, CACHE_EVICT, CACHE_TOUCH, CACHE_RANDOM);
    }
}

/* Enemies only where they have a CPU of their own, but for one try in four: they then take turns with the test. */
static void turn_enemies(uint64_t *state, const struct tune_space *space, struct knobs *knobs)
{
    const unsigned spare = space->cpus > space->threads ? space->cpus - space->threads : 0;
    if (spare != 0 || tune_random(state) % 4 == 0) {
        if (turn(state)) {
            knobs->memory_enemies = spare != 0 ? 1 + (unsigned)(tune_random(state) % spare) : 1;
        }
        if (turn(state)) {
            knobs->launch_enemies = 1;
        }
    }
}

static unsigned draw_size(uint64_t *state, enum litmus_mode engine)
{
    return litmus_counts_frames(engine) ? PICK(state, 2048, 4096, 32768, 65536, 131072)
           : engine == LITMUS_THREADS   ? PICK(state, 16, 32, 128, 256)
                                        : PICK(state, 64, 256, 512, 2048, 4096, 16384);
}

static struct knobs draw(uint64_t *state, const struct tune_space *space, const struct knobs *base)
{
    const enum litmus_mode engine = space->engine[tune_random(state) % space->engines];
    struct knobs knobs = *base;
    if (engine != base->engine) {
        knobs = knobs_default(engine);
        knobs.size = space->sized ? base->size : knobs.size;
    }
    if (turn(state) && !space->sized) {
        knobs.size = draw_size(state, engine);
    }
    if (engine == LITMUS_ARRAY) {
        turn_array(state, &knobs);
    }
    if (!litmus_counts_frames(engine) && turn(state)) {
        knobs.sync = (enum knobs_sync)PICK(state, SYNC_TIMEBASE, SYNC_NONE);
    }
    if (!litmus_counts_frames(engine) && turn(state)) {
        knobs.skew = PICK(state, 4, 16, 64, 256);
    }
    if (turn(state) && space->cpus > 1) {
        knobs.place = (enum knobs_place)PICK(state, PLACE_RANDOM, PLACE_CLOSE, PLACE_SPREAD);
    }
    turn_enemies(state, space, &knobs);
    knobs.seed = tune_random(state) >> 32;
    return knobs;
}

/* One in which something is turned. */
static struct knobs draw_other(uint64_t *state, const struct tune_space *space,
                               const struct knobs *base)
{
    for (;;) {
        const struct knobs knobs = draw(state, space, base);
        struct knobs reseeded = *base;
        char text[400], plain[400];
        reseeded.seed = knobs.seed;
        if (strcmp(knobs_write(&knobs, text, sizeof text),
                   knobs_write(&reseeded, plain, sizeof plain)) != 0) {
            return knobs;
        }
    }
}

void tune_draw(uint64_t seed, const struct tune_space *space, const struct knobs *first,
               size_t first_count, struct tune_candidate *candidate, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        memset(&candidate[i], 0, sizeof candidate[i]);
        candidate[i].knobs = i < first_count ? first[i] : draw_other(&seed, space, &first[0]);
    }
}

/* By insertion: those that are equally good stay as they are, the default knobs before all others. */
static void sort(struct tune_candidate *candidate, size_t count)
{
    for (size_t i = 1; i < count; ++i) {
        const struct tune_candidate one = candidate[i];
        size_t at = i;
        for (; at > 0 && tune_better(&one.score, &candidate[at - 1].score); --at) {
            candidate[at] = candidate[at - 1];
        }
        candidate[at] = one;
    }
}

bool tune_search(struct tune_candidate *candidate, size_t count, uint64_t nanoseconds,
                 tune_measure *measure, void *context)
{
    unsigned rounds = 0;
    for (size_t left = count; left > 1; left = (left + 1) / 2) {
        ++rounds;
    }
    for (size_t left = count; left > 1; left = (left + 1) / 2) {
        for (size_t i = 0; i < left; ++i) {
            struct tune_candidate *one = &candidate[i];
            if (!measure(context, &one->knobs, nanoseconds / rounds / left, &one->score)) {
                one->score = (struct tune_score){0};
            }
        }
        sort(candidate, left);
    }
    return count > 0 && candidate[0].score.seconds > 0;
}
