/* enemy.c - threads that get in the way of a test's.
 *
 * Of memory: they load and store all over a buffer that no second-level cache can hold, so that lines travel and
 * buffers fill; and they fetch the test's own lines, to read or to write, out of the hands of whoever is about to use
 * them. (A fetch is no access: it changes no outcome, only its time. Stress beside the test is what brings weak behaviour out on
 * GPUs: T. Sorensen, A. Donaldson, PLDI 2016; R. Levine and others, "MC Mutants", ASPLOS 2023.) Of launch: they create
 * threads and join them, so that the scheduler has to move (DISORDER, 2026).
 *
 * Where there is a CPU that the test leaves free they have it. Otherwise they work in bursts and sleep between them:
 * a test whose threads get no time shows nothing.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include "machine/machine.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BURST = 1000, LAUNCHES = 2, LEAST_REST = 100000, MORE_REST = 300000 }; /* ns */

#define LEAST_BUFFER ((size_t)1 << 22)
#define MOST_BUFFER  ((size_t)1 << 25)

struct enemy {
    struct enemies *all;
    pthread_t handle;
    unsigned index;
    bool launches;
};

struct enemies {
    const struct shared *shared;
    atomic_bool over;
    bool rests;
    _Atomic(uint32_t) *buffer;
    size_t words;
    unsigned count;
    struct enemy enemy[];
};

static void rest(const struct enemy *me, struct chance *chance)
{
    const struct timespec time = {0, LEAST_REST + (long)chance_below(chance, MORE_REST)};
    if (me->all->rests || me->launches) {
        nanosleep(&time, NULL);
    }
}

static void disturb_memory(const struct enemy *me, struct chance *chance)
{
    const struct shared *shared = me->all->shared;
    const uint32_t words = (uint32_t)me->all->words;
    const uint32_t lines = (uint32_t)(shared->memory_size / CORDON_CPU_FETCH_);
    const uint32_t what = chance_below(chance, 4);
    for (unsigned i = 0; i < BURST; ++i) {
        const unsigned char *const line =
            shared->memory + CORDON_CPU_FETCH_ * (size_t)chance_below(chance, lines);
        if (what == 0) {
            cordon_cpu_fetch_read_(line);
        } else if (what == 1) {
            cordon_cpu_fetch_write_(line);
        } else if (what == 2) {
            (void)atomic_load_explicit(&me->all->buffer[chance_below(chance, words)],
                                       memory_order_relaxed);
        } else {
            atomic_store_explicit(&me->all->buffer[chance_below(chance, words)], i,
                                  memory_order_relaxed);
        }
    }
}

static void *do_nothing(void *nothing)
{
    return nothing;
}

static void launch(void)
{
    for (unsigned i = 0; i < LAUNCHES; ++i) {
        pthread_t handle;
        if (pthread_create(&handle, NULL, do_nothing, NULL) == 0) {
            pthread_join(handle, NULL);
        }
    }
}

static void *disturb(void *opaque)
{
    struct enemy *me = opaque;
    const struct engine_options *options = me->all->shared->options;
    struct chance chance = chance_of(options->knobs.seed, CHANCE_ENEMY, me->index);
    /* From the list's end: the test begins at its head. Who cannot be pinned disturbs elsewhere. */
    (void)machine_pin(options->cpu[options->cpu_count - 1 - me->index % options->cpu_count]);
    while (!atomic_load_explicit(&me->all->over, memory_order_relaxed)) {
        if (me->launches) {
            launch();
        } else {
            disturb_memory(me, &chance);
        }
        rest(me, &chance);
    }
    return NULL;
}

static size_t buffer_size(const struct machine *machine)
{
    size_t size = LEAST_BUFFER;
    for (unsigned i = 0; machine != NULL && i < machine->cache_count; ++i) {
        if (machine->cache[i].level == 2 && machine->cache[i].kind != 'i' &&
            2 * machine->cache[i].bytes > size) {
            size = (size_t)(2 * machine->cache[i].bytes);
        }
    }
    return size < MOST_BUFFER ? size : MOST_BUFFER;
}

void enemies_end(struct enemies *enemies)
{
    if (enemies == NULL) {
        return;
    }
    atomic_store_explicit(&enemies->over, true, memory_order_relaxed);
    for (unsigned i = 0; i < enemies->count; ++i) {
        pthread_join(enemies->enemy[i].handle, NULL);
    }
    free(enemies->buffer);
    free(enemies);
}

const char *enemies_start(const struct shared *shared, struct enemies **enemies)
{
    const struct knobs *knobs = shared->knobs;
    const unsigned count = knobs->memory_enemies + knobs->launch_enemies;
    const size_t size = buffer_size(shared->options->machine);
    *enemies = NULL;
    if (count == 0) {
        return NULL;
    }
    struct enemies *made = calloc(1, sizeof *made + count * sizeof made->enemy[0]);
    if (made == NULL) {
        return "out of memory";
    }
    atomic_init(&made->over, false);
    made->shared = shared;
    made->rests =
        knobs->place != PLACE_ORDER || count + shared->workers > shared->options->cpu_count;
    made->words = size / sizeof(uint32_t);
    made->buffer = malloc(size);
    bool good = made->buffer != NULL;
    if (good) {
        memset((void *)made->buffer, 0, size);
    }
    while (good && made->count < count) {
        struct enemy *one = &made->enemy[made->count];
        one->all = made;
        one->index = made->count;
        one->launches = made->count >= knobs->memory_enemies;
        good = pthread_create(&one->handle, NULL, disturb, one) == 0;
        made->count += good;
    }
    if (!good) {
        enemies_end(made);
        return "cannot make the enemies";
    }
    *enemies = made;
    return NULL;
}
