/* place.c - which CPU is whose, and who plays whom. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include "machine/machine.h"

#include <limits.h>

/* Instances between two moves to other CPUs: moving takes tens of microseconds. */
#define STAY ((uint64_t)1 << 18)

/* A client's batches between two moves. */
enum { CLIENT_STAY = 16 };

/* Between two of the options' CPUs; where the topology is not known, their numbers tell. */
static unsigned distance(const struct engine_options *options, size_t a, size_t b)
{
    const unsigned p = options->cpu[a], q = options->cpu[b];
    const struct machine_cpu *first = NULL, *second = NULL;
    if (options->machine != NULL) {
        first = machine_find(options->machine, p);
        second = machine_find(options->machine, q);
    }
    if (first == NULL || second == NULL) {
        return p > q ? p - q : q - p;
    }
    return p == q ? 0 : 1 + (unsigned)machine_distance(first, second);
}

/* How well the CPU suits those that are taken: close to all, or far from the nearest. More is better. */
static long suits(const struct engine_options *options, const unsigned *taken, unsigned count,
                  size_t at, bool close)
{
    long nearest = LONG_MAX, sum = 0;
    for (unsigned i = 0; i < count; ++i) {
        const long far = (long)distance(options, taken[i], at);
        nearest = far < nearest ? far : nearest;
        sum += far;
    }
    return close || count == 0 ? -sum : nearest * 4096 + sum;
}

/* The CPUs of the first seats, as indices into the options' list: the first by lot, each other where it suits. */
static void seat(const struct shared *shared, uint64_t epoch, unsigned seats, unsigned *taken)
{
    const struct engine_options *options = shared->options;
    const enum knobs_place place = shared->knobs->place;
    const unsigned cpus = (unsigned)options->cpu_count;
    struct chance chance = chance_of(shared->knobs->seed, CHANCE_PLACE, epoch);
    for (unsigned s = 0; s < seats; ++s) {
        /* From one drawn by lot on: those that suit alike take turns, and so do all of place=random. */
        const unsigned from = chance_below(&chance, cpus);
        long best = LONG_MIN;
        for (unsigned i = 0; i < cpus; ++i) {
            const unsigned at = (from + i) % cpus;
            bool free = true;
            for (unsigned k = 0; k < s; ++k) {
                free = free && taken[k] != at;
            }
            const long how =
                place == PLACE_RANDOM ? 0 : suits(options, taken, s, at, place == PLACE_CLOSE);
            if (free && how > best) {
                best = how;
                taken[s] = at;
            }
        }
    }
}

uint64_t place_stay(const struct shared *shared)
{
    return shared->code->unit != 0 ? CLIENT_STAY : STAY / shared->most + 1;
}

unsigned place_cpu(const struct shared *shared, unsigned worker, uint64_t n)
{
    const unsigned threads = shared->workers;
    const unsigned cpus = (unsigned)shared->options->cpu_count;
    const unsigned seats = threads < cpus ? threads : cpus;
    unsigned taken[LITMUS_MOST_THREADS];
    /* A client's threads that share a CPU change with the turns. */
    const uint64_t moved = threads > cpus ? n / CLIENT_STAY : 0;
    const unsigned mine = (unsigned)((worker + moved) % threads % seats);
    if (shared->knobs->place == PLACE_ORDER) {
        return shared->options->cpu[mine];
    }
    seat(shared, n / place_stay(shared), seats, taken);
    return shared->options->cpu[taken[mine]];
}

void place_players(const struct shared *shared, uint64_t n, unsigned char *player)
{
    const unsigned threads = shared->test->thread_count, workers = shared->workers;
    const bool random = shared->knobs->place == PLACE_RANDOM && shared->code->unit == 0;
    struct chance chance = chance_of(shared->knobs->seed, CHANCE_PLAYERS, n);
    for (unsigned t = 0; t < threads; ++t) {
        player[t] = (unsigned char)(t % workers);
    }
    if (random || threads > workers) {
        for (unsigned t = threads; t > 1; --t) {
            const unsigned k = chance_below(&chance, t);
            const unsigned char kept = player[t - 1];
            player[t - 1] = player[k];
            player[k] = kept;
        }
    }
}
