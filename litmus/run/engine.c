/* engine.c - running a test's code, batch after batch.
 *
 * Problem. A weak outcome needs two cores in the same instance at the same moment, and meeting for
 * each single instance would cost far more than the instance.
 *
 * Idea. The threads meet once per batch and then run through hundreds of instances side by side.
 * They need not be in step to the instance, since a store waits in its core's store buffer for as
 * long as the line it needs is elsewhere, while loads that hit go ahead; they are kept in step to within
 * that time by the clock (pace.c). So:
 *
 *     reset    each location by the thread that loads it: its loads will hit, and the stores of the
 *              others will have to fetch the line
 *     meet
 *     run      every thread its part of every instance
 *     meet
 *     count    each thread a slice of the instances, into a table of its own
 *
 * How a batch lies in memory changes (layout.c, plan.c). Figures are in docs/litmus-speed.md. With the
 * locations reset by whoever counted them R showed some 70 times more rarely.
 *
 * A perpetual test (perpetual.c) is run in the same way, with one instance of each location and the
 * iterations of the threads in its batches, which are longer.
 *
 * A client (client.c) is run in the same way. It has one location, its whole state. It may be slow, so
 * its batches grow only while they are quick, and it may have more threads than there are CPUs: then
 * the threads that share one change with the turns.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include <cordon/wait.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void *work(void *opaque)
{
    struct worker *me = opaque;
    struct shared *shared = me->shared;
    pthread_mutex_lock(&shared->gate);
    const bool cancelled = shared->cancelled;
    pthread_mutex_unlock(&shared->gate);
    if (!cancelled) {
        if (shared->code->enter != NULL) {
            shared->code->enter(me->index);
        }
        batches_run(me);
    }
    pthread_mutex_lock(&shared->gate);
    ++shared->ended_count;
    pthread_cond_signal(&shared->ended);
    pthread_mutex_unlock(&shared->gate);
    return NULL;
}

size_t engine_size(const struct knobs *knobs)
{
    static const size_t own[] = {[LITMUS_ARRAY] = 1024,
                                 [LITMUS_PERPETUAL] = 65536,
                                 [LITMUS_PERPETUAL_ALL] = 16384,
                                 [LITMUS_THREADS] = 64};
    return knobs->size != 0 ? knobs->size : own[knobs->engine];
}

/* Until all have ended; false: one will not. */
static bool await_end(struct shared *shared, unsigned made)
{
    bool alive = true;
    pthread_mutex_lock(&shared->gate);
    while (shared->ended_count < made && alive) {
        struct timespec until;
        clock_gettime(CLOCK_MONOTONIC, &until);
        until.tv_nsec += 100000000;
        until.tv_sec += until.tv_nsec / 1000000000;
        until.tv_nsec %= 1000000000;
        if (pthread_cond_timedwait(&shared->ended, &shared->gate, &until) == ETIMEDOUT) {
            alive = shared->options->alive == NULL || shared->options->alive();
        }
    }
    pthread_mutex_unlock(&shared->gate);
    return alive;
}

/* Create the threads, let them run, and join them. */
static const char *run_threads(struct shared *shared, bool *stuck)
{
    struct worker *workers = shared->worker;
    const unsigned wanted = shared->workers;
    unsigned made = 0;
    pthread_mutex_lock(&shared->gate);
    while (made < wanted &&
           pthread_create(&workers[made].handle, NULL, work, &workers[made]) == 0) {
        ++made;
    }
    shared->cancelled = made < wanted;
    shared->start = cordon_now();
    pthread_mutex_unlock(&shared->gate);
    *stuck = !await_end(shared, made);
    for (unsigned i = 0; i < made && !*stuck; ++i) {
        pthread_join(workers[i].handle, NULL);
    }
    return made < wanted ? "cannot create the threads" : NULL;
}

/* The state that is counted there. */
static void read_key(const struct shared *shared, size_t key, int64_t *state)
{
    const unsigned bits = shared->code->bits;
    for (unsigned i = 0; i < shared->test->observed_count; ++i) {
        state[i] = litmus_key_value(shared->test, i, key >> (i * bits) & (((size_t)1 << bits) - 1));
    }
}

/* A worker's tally into the result; NULL, or what is wrong. */
static const char *collect(const struct shared *shared, const struct worker *worker,
                           struct outcome_set *outcomes)
{
    int64_t state[LITMUS_MOST_OBSERVED];
    if (worker->unpinned) {
        return "a thread could not be pinned to its CPU";
    }
    if (worker->overrun) {
        return "too many different outcomes: what can be counted has a few values";
    }
    if (worker->out_of_memory || !outcome_merge(outcomes, &worker->others)) {
        return "out of memory";
    }
    for (size_t key = 0; key < table_size(shared); ++key) {
        read_key(shared, key, state);
        if (worker->table[key] != 0 && !outcome_add(outcomes, state, worker->table[key])) {
            return "out of memory";
        }
    }
    return NULL;
}

/* What each worker counts in. */
static bool give_tables(struct shared *shared)
{
    for (unsigned i = 0; i < shared->workers; ++i) {
        struct worker *worker = &shared->worker[i];
        worker->shared = shared;
        worker->index = i;
        outcome_init(&worker->others, shared->test->observed_count);
        const size_t bytes = (table_size(shared) + 1) * sizeof(uint64_t);
        worker->table = cordon_aligned_alloc(CORDON_LINE, bytes);
        if (worker->table == NULL) {
            return false;
        }
        memset(worker->table, 0, bytes);
        if (shared->code->mode == LITMUS_THREADS) {
            worker->scores = calloc(1, sizeof *worker->scores);
            if (worker->scores == NULL) {
                return false;
            }
        }
    }
    return true;
}

/* The keys of weak outcomes, to know soon how many were seen. */
static bool find_weak_keys(struct shared *shared)
{
    int64_t state[LITMUS_MOST_OBSERVED];
    const size_t keys = shared->code->bits != 0 ? table_size(shared) : 0;
    shared->weak_key = malloc((keys + 1) * sizeof *shared->weak_key);
    for (size_t key = 0; key < keys && shared->weak_key != NULL; ++key) {
        read_key(shared, key, state);
        if (outcome_is_weak(shared->test, state)) {
            shared->weak_key[shared->weak_keys++] = (uint32_t)key;
        }
    }
    return shared->weak_key != NULL;
}

static void note_first(const struct shared *shared, const struct worker *worker,
                       struct engine_result *result)
{
    const double seconds =
        worker->first > shared->start ? (double)(worker->first - shared->start) / 1e9 : 0;
    if (worker->first != 0 && (result->first <= 0 || seconds < result->first)) {
        result->first = seconds > 0 ? seconds : 1e-9;
    }
}

static void gather(struct shared *shared, struct engine_result *result)
{
    const bool frames = litmus_counts_frames(shared->code->mode);
    result->workers = shared->workers;
    result->iterations = frames ? shared->total : 0;
    if (!result->stuck && !frames) {
        result->total = shared->total;
    } else { /* what was counted: of a stuck client's, thread 0 may have begun another batch */
        for (size_t i = 0; i < result->outcomes.count; ++i) {
            result->total += result->outcomes.seen[i];
        }
    }
    if (!result->stuck) {
        blocks_end(shared, &result->disturbance);
    }
    if (shared->worker[0].scores != NULL) {
        scores_tell(shared, result->best, sizeof result->best);
    }
}

static const char *run(struct shared *shared, struct engine_result *result)
{
    struct enemies *enemies = NULL;
    const char *wrong = layout_take(shared);
    if (wrong != NULL) {
        return wrong;
    }
    if (!give_tables(shared) || !find_weak_keys(shared)) {
        return "out of memory";
    }
    wrong = enemies_start(shared, &enemies);
    if (wrong != NULL) {
        return wrong;
    }
    wrong = run_threads(shared, &result->stuck);
    result->seconds = (double)(cordon_now() - shared->start) / 1e9;
    enemies_end(enemies);
    for (unsigned i = 0; wrong == NULL && i < shared->workers; ++i) {
        wrong = collect(shared, &shared->worker[i], &result->outcomes);
        *(litmus_counts_frames(shared->code->mode) ? &result->distinct : &result->endless) +=
            shared->worker[i].table[table_size(shared)];
        note_first(shared, &shared->worker[i], result);
    }
    if (wrong == NULL) {
        gather(shared, result);
    }
    return wrong;
}

static void prepare(struct shared *shared)
{
    const struct litmus_test *test = shared->test;
    const bool client = shared->code->unit != 0;
    shared->workers = !client && test->thread_count > shared->options->cpu_count
                          ? (unsigned)shared->options->cpu_count
                          : test->thread_count;
    shared->meeting.threads = shared->workers;
    if (shared->knobs->sync == SYNC_TIMEBASE) {
        shared->meeting.timed = true;
        shared->meeting.ticks = clock_ticks();
    }
    pace_start(shared);
    litmus_uses(test, shared->loads, shared->stores);
    for (unsigned i = 0; i < test->location_count; ++i) {
        shared->loader[i] = litmus_loader(test, i);
        shared->stores[i] |= client ? ~UINT64_C(0) : 0;
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        shared->observes_memory |= test->observed[i].thread == LITMUS_NOWHERE;
    }
    pthread_mutex_init(&shared->gate, NULL);
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&shared->ended, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

bool engine_has_room(unsigned threads, size_t cpus)
{
    return threads <= cpus || cpus > 1;
}

bool engine_can(const struct knobs *knobs, char *problem, size_t size)
{
    if (knobs->sync == SYNC_TIMEBASE && !clock_is_known()) {
        snprintf(problem, size,
                 "sync=timebase: this processor has no clock that programs can read");
        return false;
    }
    if ((knobs->cache == CACHE_SPLIT || knobs->cache == CACHE_EVICT) && !cache_can_flush()) {
        snprintf(problem, size,
                 "cache=%s: this processor has no instruction by which programs may flush a line",
                 knobs->cache == CACHE_SPLIT ? "split" : "evict");
        return false;
    }
    return true;
}

static void release(struct shared *shared)
{
    for (unsigned i = 0; i < shared->workers; ++i) {
        outcome_free(&shared->worker[i].others);
        free(shared->worker[i].table);
        free(shared->worker[i].scores);
    }
    pthread_cond_destroy(&shared->ended);
    pthread_mutex_destroy(&shared->gate);
    free(shared->weak_key);
    layout_free(shared);
}

bool engine_run(const struct litmus_test *test, const struct litmus_code *code,
                const struct engine_options *options, struct engine_result *result, char *problem,
                size_t size)
{
    const char *wrong = "out of memory";
    memset(result, 0, sizeof *result);
    if (!engine_can(&options->knobs, problem, size)) {
        return false;
    }
    struct shared *shared = cordon_aligned_alloc(CORDON_LINE, sizeof *shared);
    struct worker *workers =
        cordon_aligned_alloc(CORDON_LINE, test->thread_count * sizeof *workers);
    outcome_init(&result->outcomes, test->observed_count);
    if (shared != NULL && workers != NULL) {
        memset(shared, 0, sizeof *shared);
        memset(workers, 0, test->thread_count * sizeof *workers);
        shared->test = test;
        shared->code = code;
        shared->options = options;
        shared->knobs = &options->knobs;
        shared->worker = workers;
        prepare(shared);
        wrong = run(shared, result);
        if (result->stuck) {
            return true; /* what the threads use stays */
        }
        release(shared);
    }
    free(workers);
    free(shared);
    if (wrong != NULL) {
        outcome_free(&result->outcomes);
        snprintf(problem, size, "%s", wrong);
    }
    return wrong == NULL;
}
