/* classic.c - see classic.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "classic.h"

#include "machine/machine.h"
#include "stats.h"

#include <cordon/wait.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Values are 0 to 2. */
enum { KEY_BITS = 2, KEYS = 1 << KEY_BITS * CLASSIC_MOST_COLUMNS };

struct crew {
    struct classic_run run;
    const struct classic_shape *shape;
    const unsigned *cpu;
    size_t cpus;
    uint64_t end;
    bool stop, cancelled;
    uint64_t seen[KEYS];
    uint64_t runs, began, ended;
    pthread_mutex_t gate; /* held until all threads exist, or one could not be made */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(unsigned) arrived;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(unsigned) round;
};

struct member {
    struct crew *crew;
    unsigned id;
    pthread_t handle;
};

/* All come together, and see what each has written. */
static void meet_all(struct crew *crew)
{
    const unsigned round = atomic_load_explicit(&crew->round, memory_order_relaxed);
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (atomic_fetch_add_explicit(&crew->arrived, 1, memory_order_acq_rel) + 1 ==
        crew->run.threads) { /* A1 <- R1; R1 -> A1: the last one has seen the others */
        atomic_store_explicit(&crew->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&crew->round, round + 1, memory_order_release); /* R2 -> A2 */
        return;
    }
    for (unsigned spins = 0; atomic_load_explicit(&crew->round, memory_order_acquire) == round;
         ++spins) { /* A2 <- R2 */
        if (spins > 2000) {
            cordon_wait_step(&waiter);
        }
    }
}

static atomic_int *cell(const struct classic_run *run, unsigned location, size_t i)
{
    return run->setting.indirect ? run->pointer[location][i]
                                 : run->memory[location] + i * run->setting.stride;
}

static void initialise(struct classic_run *run)
{
    for (unsigned location = 0; location < CLASSIC_LOCATIONS; ++location) {
        for (size_t i = 0; i < run->setting.size; ++i) {
            atomic_store_explicit(cell(run, location, i), 0, memory_order_relaxed);
        }
    }
    for (size_t i = 0; run->setting.sync != CLASSIC_NONE && i < run->setting.size; ++i) {
        atomic_store_explicit(&run->flag[i], 0, memory_order_relaxed);
    }
}

static void count(struct crew *crew)
{
    const struct classic_shape *shape = crew->shape;
    for (size_t i = 0; i < crew->run.setting.size; ++i) {
        unsigned key = 0;
        for (unsigned c = 0; c < shape->columns; ++c) {
            const struct classic_column *column = &shape->column[c];
            const int value =
                column->is_location
                    ? atomic_load_explicit(cell(&crew->run, column->index, i), memory_order_relaxed)
                    : crew->run.out[column->index][i];
            key |= (unsigned)value << c * KEY_BITS;
        }
        ++crew->seen[key];
    }
}

/* One thread initialises and counts, as in the original. */
static void *work(void *opaque)
{
    const struct member *me = opaque;
    struct crew *crew = me->crew;
    (void)machine_pin(crew->cpu[me->id % crew->cpus]);
    pthread_mutex_lock(&crew->gate);
    const bool cancelled = crew->cancelled;
    pthread_mutex_unlock(&crew->gate);
    for (uint64_t n = 0; !cancelled; ++n) {
        if (me->id == 0) {
            initialise(&crew->run);
            const uint64_t now = cordon_now();
            crew->began = n == 0 ? now : crew->began;
            crew->stop = n != 0 && now >= crew->end;
            crew->ended = now;
            crew->runs = n;
        }
        meet_all(crew);
        if (crew->stop) {
            break;
        }
        crew->shape->thread[me->id](&crew->run);
        meet_all(crew);
        if (me->id == 0) {
            count(crew);
        }
    }
    return NULL;
}

static void shuffle(atomic_int **pointer, size_t count, struct stats_random *random)
{
    for (size_t i = count; i > 1; --i) {
        const size_t k = stats_random_below(random, (uint32_t)i);
        atomic_int *swap = pointer[i - 1];
        pointer[i - 1] = pointer[k];
        pointer[k] = swap;
    }
}

static bool take(struct classic_run *run, unsigned columns)
{
    const size_t size = run->setting.size, stride = run->setting.stride;
    struct stats_random random = {1};
    bool taken = true;
    for (unsigned l = 0; l < CLASSIC_LOCATIONS; ++l) {
        run->memory[l] = cordon_aligned_alloc(CORDON_LINE, size * stride * sizeof **run->memory +
                                                               (l + 1) * CORDON_LINE);
        run->pointer[l] = calloc(size, sizeof **run->pointer);
        taken = taken && run->memory[l] != NULL && run->pointer[l] != NULL;
        for (size_t i = 0; taken && i < size; ++i) {
            run->pointer[l][i] = run->memory[l] + i * stride;
        }
    }
    for (unsigned c = 0; c < columns; ++c) {
        run->out[c] = cordon_aligned_alloc(CORDON_LINE, size * sizeof **run->out);
        taken = taken && run->out[c] != NULL;
        if (taken) {
            memset(run->out[c], 0, size * sizeof **run->out);
        }
    }
    run->flag = cordon_aligned_alloc(CORDON_LINE, size * sizeof *run->flag);
    if (!taken || run->flag == NULL) {
        return false;
    }
    for (unsigned l = 0; l < CLASSIC_LOCATIONS; ++l) {
        shuffle(run->pointer[l], size, &random);
    }
    return true;
}

static void give_back(struct classic_run *run)
{
    for (unsigned l = 0; l < CLASSIC_LOCATIONS; ++l) {
        free(run->memory[l]);
        free(run->pointer[l]);
    }
    for (unsigned c = 0; c < CLASSIC_MOST_COLUMNS; ++c) {
        free(run->out[c]);
    }
    free(run->flag);
}

static bool run_crew(struct crew *crew, uint64_t nanoseconds)
{
    struct member member[CLASSIC_MOST_THREADS];
    unsigned made = 0;
    pthread_mutex_init(&crew->gate, NULL);
    pthread_mutex_lock(&crew->gate);
    for (; made < crew->run.threads; ++made) {
        member[made] = (struct member){.crew = crew, .id = made};
        if (pthread_create(&member[made].handle, NULL, work, &member[made]) != 0) {
            crew->cancelled = true;
            break;
        }
    }
    crew->end = cordon_now() + nanoseconds;
    pthread_mutex_unlock(&crew->gate);
    for (unsigned i = 0; i < made; ++i) {
        pthread_join(member[i].handle, NULL);
    }
    pthread_mutex_destroy(&crew->gate);
    return !crew->cancelled;
}

bool classic_measure(const struct classic_shape *shape, const struct classic_setting *setting,
                     const unsigned *cpu, size_t cpus, uint64_t nanoseconds,
                     struct classic_result *result)
{
    struct crew *crew = cordon_aligned_alloc(CORDON_LINE, sizeof *crew);
    if (crew == NULL) {
        return false;
    }
    memset(crew, 0, sizeof *crew);
    crew->run.setting = *setting;
    crew->run.threads = shape->threads;
    crew->shape = shape;
    crew->cpu = cpu;
    crew->cpus = cpus;
    const bool done = take(&crew->run, shape->columns) && run_crew(crew, nanoseconds);
    unsigned weak = 0;
    for (unsigned c = 0; c < shape->columns; ++c) {
        weak |= (unsigned)shape->column[c].weak << c * KEY_BITS;
    }
    *result = (struct classic_result){.total = crew->runs * setting->size,
                                      .weak = crew->seen[weak],
                                      .seconds = (double)(crew->ended - crew->began) / 1e9};
    give_back(&crew->run);
    free(crew);
    return done;
}

const char *classic_text(const struct classic_setting *setting, char *text, size_t size)
{
    static const char *const sync[] = {"no sync", "user", "timebase"};
    char ahead[32] = "";
    if (setting->sync == CLASSIC_TIMEBASE) {
        snprintf(ahead, sizeof ahead, " %u", (unsigned)setting->ahead);
    }
    snprintf(text, size, "%s%s, %s, stride %u, size %zu", sync[setting->sync], ahead,
             setting->indirect ? "indirect" : "direct", setting->stride, setting->size);
    return text;
}
