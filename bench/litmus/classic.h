/* classic.h - the array method of litmus7, in its plainest form: what cordon-litmus's engines are measured against.
 *
 * Written anew from the paper (J. Alglave, L. Maranget, S. Sarkar, P. Sewell, "Litmus: Running Tests Against Hardware",
 * TACAS 2011). A run is an array of instances of the test. One thread gives all their locations
 * initial values, the threads go through the array, with or without synchronisation before each instance, the registers go into
 * arrays, and one thread counts what came out. Where litmus7 creates its threads for each run, these stay, which
 * is to its advantage; where it leaves settings to its user, the best of several is taken.
 */
#ifndef CORDON_BENCH_LITMUS_CLASSIC_H
#define CORDON_BENCH_LITMUS_CLASSIC_H

#include <cordon/cpu.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { CLASSIC_MOST_THREADS = 4, CLASSIC_LOCATIONS = 2, CLASSIC_MOST_COLUMNS = 4 };

/* Before each instance: */
enum classic_sync {
    CLASSIC_NONE,     /* nothing */
    CLASSIC_USER,     /* one thread, by turns, raises the instance's flag; the others spin on it */
    CLASSIC_TIMEBASE, /* the flag is a time, and all wait for it */
};

struct classic_setting {
    enum classic_sync sync;
    bool indirect; /* locations are reached through arrays of pointers, in random order */
    unsigned
        stride; /* ints from an instance's location to the next one's, if not indirect: the cells' size */
    size_t size;    /* instances in a run */
    uint64_t ahead; /* CLASSIC_TIMEBASE: so many ticks of the clock */
};

/* A run's memory, and what its threads share. */
struct classic_run {
    struct classic_setting setting;
    atomic_int *memory[CLASSIC_LOCATIONS];
    atomic_int **pointer[CLASSIC_LOCATIONS];
    int *out[CLASSIC_MOST_COLUMNS];
    _Atomic uint64_t *flag; /* of each instance; 0: not yet */
    unsigned threads;
};

typedef void classic_thread(const struct classic_run *run);

/* What is asked of an instance at its end: a register's value, that is one of the out[], or a location's. */
struct classic_column {
    bool is_location;
    unsigned index;
    int weak; /* the value that it has in a weak outcome */
};

struct classic_shape {
    const char *name; /* of the catalogue's test: SB+rlx */
    unsigned threads;
    classic_thread *thread[CLASSIC_MOST_THREADS];
    unsigned columns;
    struct classic_column column[CLASSIC_MOST_COLUMNS];
};

enum { CLASSIC_SHAPES = 8 };
extern const struct classic_shape classic_shape[CLASSIC_SHAPES];

struct classic_result {
    uint64_t total, weak;
    double seconds;
};

/* classic_measure - runs of this shape, for so long; thread i is on cpu[i % cpus]. False: no memory, or no thread.
 */
bool classic_measure(const struct classic_shape *shape, const struct classic_setting *setting,
                     const unsigned *cpu, size_t cpus, uint64_t nanoseconds,
                     struct classic_result *result);

/* classic_text - "no sync, direct, stride 1, 1000 a run". Returns text. */
const char *classic_text(const struct classic_setting *setting, char *text, size_t size);

#endif
