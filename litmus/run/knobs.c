/* knobs.c - knobs as text, and back. */
#define _POSIX_C_SOURCE 200809L
#include "knobs.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define MOST_SIZE    1000000u
#define MOST_STRIDE  1024u
#define MOST_SKEW    100000u
#define MOST_ENEMIES 64u

static const char *const engines[] = {
    [LITMUS_ARRAY] = "array",
    [LITMUS_PERPETUAL] = "perpetual",
    [LITMUS_PERPETUAL_ALL] = "perpetual-all",
    [LITMUS_THREADS] = "threads",
};
static const char *const syncs[] = {"barrier", "timebase", "none"};
static const char *const caches[] = {"leave", "split", "evict", "touch", "random"};
static const char *const places[] = {"order", "random", "close", "spread"};
static const char *const switches[] = {"no", "yes"};

/* Each is a word, with its value's number in `words`, or a number from 0 to `most`. */
static const struct knob {
    const char *name;
    const char *const *words;
    uint64_t most; /* with words: how many there are */
} knobs_known[] = {
    {"engine", engines, sizeof engines / sizeof *engines},
    {"size", NULL, MOST_SIZE},
    {"stride", NULL, MOST_STRIDE},
    {"shuffle", switches, 2},
    {"padded", switches, 2},
    {"sync", syncs, sizeof syncs / sizeof *syncs},
    {"cache", caches, sizeof caches / sizeof *caches},
    {"place", places, sizeof places / sizeof *places},
    {"skew", NULL, MOST_SKEW},
    {"memory-enemies", NULL, MOST_ENEMIES},
    {"launch-enemies", NULL, MOST_ENEMIES},
    {"seed", NULL, UINT64_MAX},
};
enum { KNOBS = sizeof knobs_known / sizeof *knobs_known, ENGINE = 0, SEED = KNOBS - 1 };

static void to_numbers(const struct knobs *k, uint64_t *number)
{
    const uint64_t all[KNOBS] = {k->engine, k->size,           k->stride,         k->shuffle,
                                 k->padded, k->sync,           k->cache,          k->place,
                                 k->skew,   k->memory_enemies, k->launch_enemies, k->seed};
    memcpy(number, all, sizeof all);
}

static struct knobs from_numbers(const uint64_t *n)
{
    return (struct knobs){.engine = (enum litmus_mode)n[0],
                          .size = (size_t)n[1],
                          .stride = (unsigned)n[2],
                          .shuffle = n[3] != 0,
                          .padded = n[4] != 0,
                          .sync = (enum knobs_sync)n[5],
                          .cache = (enum knobs_cache)n[6],
                          .place = (enum knobs_place)n[7],
                          .skew = (unsigned)n[8],
                          .memory_enemies = (unsigned)n[9],
                          .launch_enemies = (unsigned)n[10],
                          .seed = n[11]};
}

struct knobs knobs_default(enum litmus_mode engine)
{
    struct knobs knobs = {.engine = engine, .padded = true, .seed = 1};
    if (engine == LITMUS_THREADS) { /* it lives on chance */
        knobs.padded = false;
        knobs.cache = CACHE_RANDOM;
        knobs.place = PLACE_RANDOM;
    }
    return knobs;
}

static bool read_value(const struct knob *knob, const char *value, uint64_t *number, char *problem,
                       size_t size)
{
    if (knob->words != NULL) {
        for (*number = 0; *number < knob->most; ++*number) {
            if (strcmp(knob->words[*number], value) == 0) {
                return true;
            }
        }
        int used = snprintf(problem, size, "%s is no '%s'; it is one of:", knob->name, value);
        for (uint64_t i = 0; i < knob->most && used > 0 && (size_t)used < size; ++i) {
            used += snprintf(problem + used, size - (size_t)used, " %s", knob->words[i]);
        }
        return false;
    }
    char *end;
    errno = 0;
    *number = strtoull(value, &end, 10);
    if (*value < '0' || *value > '9' || *end != '\0' || errno != 0 || *number > knob->most) {
        snprintf(problem, size, "%s is no '%s'; it is a number from 0 to %" PRIu64, knob->name,
                 value, knob->most);
        return false;
    }
    return true;
}

/* One "name=value". */
static bool read_one(char *text, uint64_t *number, char *problem, size_t size)
{
    char *value = strchr(text, '=');
    if (value == NULL) {
        snprintf(problem, size, "'%s': expected KNOB=VALUE, such as size=64", text);
        return false;
    }
    *value++ = '\0';
    for (size_t i = 0; i < KNOBS; ++i) {
        if (strcmp(knobs_known[i].name, text) == 0) {
            return read_value(&knobs_known[i], value, &number[i], problem, size);
        }
    }
    int used = snprintf(problem, size, "no knob '%s'; there are:", text);
    for (size_t i = 0; i < KNOBS && used > 0 && (size_t)used < size; ++i) {
        used += snprintf(problem + used, size - (size_t)used, " %s", knobs_known[i].name);
    }
    return false;
}

static bool read_all(const char *text, uint64_t *number, char *problem, size_t size)
{
    char *copy = strdup(text), *rest = copy;
    bool good = copy != NULL;
    if (!good) {
        snprintf(problem, size, "out of memory");
    }
    while (good && rest != NULL) {
        char *one = rest;
        rest = strchr(rest, ',');
        if (rest != NULL) {
            *rest++ = '\0';
        }
        good = read_one(one, number, problem, size);
    }
    free(copy);
    return good;
}

bool knobs_read(const char *text, struct knobs *knobs, char *problem, size_t size)
{
    uint64_t number[KNOBS];
    to_numbers(knobs, number);
    if (!read_all(text, number, problem, size)) {
        return false;
    }
    if (number[ENGINE] != knobs->engine) {
        const struct knobs own = knobs_default((enum litmus_mode)number[ENGINE]);
        to_numbers(&own, number);
        (void)read_all(text, number, problem, size);
    }
    *knobs = from_numbers(number);
    return true;
}

const char *knobs_write(const struct knobs *knobs, char *text, size_t size)
{
    const struct knobs own = knobs_default(knobs->engine);
    uint64_t number[KNOBS], usual[KNOBS];
    size_t used = 0;
    to_numbers(knobs, number);
    to_numbers(&own, usual);
    for (size_t i = 0; i < KNOBS && used < size; ++i) {
        const struct knob *knob = &knobs_known[i];
        const char *const comma = i == 0 ? "" : ",";
        if (number[i] == usual[i] && i != ENGINE && i != SEED) {
            continue;
        }
        const int added = knob->words != NULL ? snprintf(text + used, size - used, "%s%s=%s", comma,
                                                         knob->name, knob->words[number[i]])
                                              : snprintf(text + used, size - used, "%s%s=%" PRIu64,
                                                         comma, knob->name, number[i]);
        used += added > 0 ? (size_t)added : 0;
    }
    return text;
}
