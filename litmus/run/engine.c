/* engine.c - running a test's code, batch after batch.
 *
 * Problem. A weak outcome needs two cores in the same instance at the same moment, and meeting for
 * each single instance would cost far more than the instance.
 *
 * Idea. The threads meet once per batch and then run through hundreds of instances side by side.
 * That they are not in step within the batch does not matter, since a store waits in its core's
 * store buffer for as long as the line it needs is elsewhere, while loads that hit go ahead. So:
 *
 *     reset    each location by the thread that loads it: its loads will hit, and the stores of the
 *              others will have to fetch the line
 *     meet
 *     run      every thread its part of every instance
 *     meet
 *     count    each thread a slice of the instances, into a table of its own
 *
 * Several instances share a cache line, because a line that arrives for one brings the others'
 * locations along. No one layout is best for every test and machine, so batches take turns: in the
 * spacing of the instances, and now and then in who resets. Measured in runs of two seconds on two
 * cores of an x86-64 virtual machine: 180 to 490 million instances of store buffering per second, 2
 * to 16 % of them weak (it varies with where the host puts the two cores), and 60 to 220 million of
 * R, 23 to 30 % weak. With the locations reset by whoever counted them R showed some 70 times more
 * rarely.
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
#include "engine.h"

#include "machine/machine.h"

#include <cordon/cpu.h>
#include <cordon/wait.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* Everyone arrives, the last one opens. Spins without a pause first, so that all leave at once. */
struct barrier {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) arrived;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) sense;
    unsigned threads;
};

enum { EAGER_SPINS = 2000 };

static void meet(struct barrier *barrier, uint32_t *sense)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    unsigned spins = 0;
    *sense = !*sense;
    if (atomic_fetch_add_explicit(&barrier->arrived, 1, memory_order_acq_rel) + 1 ==
        barrier->threads) { /* A0 <- R0; R0 -> A0: the last arrival has seen all others */
        atomic_store_explicit(&barrier->arrived, 0, memory_order_relaxed);
        atomic_store_explicit(&barrier->sense, *sense, memory_order_release); /* R1 -> A1 */
        return;
    }
    while (atomic_load_explicit(&barrier->sense, memory_order_acquire) != *sense) { /* A1 <- R1 */
        if (++spins > EAGER_SPINS) {
            cordon_wait_step(&waiter);
        }
    }
}

/* How batches take turns: ROUND batches of each; of a client, which may be slow, fewer. */
static const struct turn {
    size_t stride;  /* in units of a location's size */
    bool by_loader; /* who resets: the location's loader, or each its own slice */
} turns[] = {{1, true}, {2, true}, {1, true}, {2, false},
             {4, true}, {1, true}, {2, true}, {16, true}};
enum { TURNS = sizeof turns / sizeof *turns, ROUND = 64, CLIENT_ROUND = 16 };

/* A wide spacing is left out where a plane would outgrow the caches by far; of a client's instances
 * there are then fewer.
 */
#define MOST_PLANE ((size_t)1 << 20)

/* A client's next batch is larger if this one took less than QUICK ns, smaller if more than SLOW. A clock
 * read costs little beside a batch.
 */
enum { QUICK = 500000, SLOW = 5000000 };

struct shared {
    const struct litmus_test *test;
    const struct litmus_code *code;
    const struct engine_options *options;
    struct worker *worker;
    struct litmus_batch batch[TURNS];
    struct barrier barrier;
    unsigned loader[LITMUS_MOST_LOCATIONS];
    bool observes_memory;
    pthread_mutex_t gate; /* held until all threads exist, or one could not be made */
    pthread_cond_t ended;
    unsigned ended_count; /* guarded by gate */
    bool cancelled;
    /* Written by thread 0 between two meetings, read by all after the second. */
    bool stop;
    size_t count; /* instances in the batch at hand */
    size_t most;  /* that it may have */
    uint64_t total, batches, start, end;
};

struct worker {
    CORDON_ALIGNED(CORDON_LINE) struct shared *shared;
    unsigned index;
    pthread_t handle;
    bool unpinned, out_of_memory, overrun;
    uint64_t took; /* ns, of a client's batch; written before the meeting that ends it */
    uint64_t *table;
    struct outcome_set others;
};

/* Nobody would read more states than these. */
enum { MOST_OTHERS = 10000 };

static void add_other(void *context, const int64_t *state)
{
    struct worker *me = context;
    if (me->others.count >= MOST_OTHERS) {
        me->overrun = true;
    } else if (!outcome_add(&me->others, state, 1)) {
        me->out_of_memory = true;
    }
}

static void reset(const struct worker *me, const struct litmus_batch *batch, bool by_loader,
                  size_t from, size_t to)
{
    const struct shared *shared = me->shared;
    for (unsigned i = 0; i < shared->test->location_count; ++i) {
        if (!by_loader) {
            shared->code->reset(batch, i, from, to);
        } else if (shared->loader[i] == me->index) {
            shared->code->reset(batch, i, 0, batch->count);
        }
    }
}

/* Never before the first batch, however little time there was: no outcome at all would agree with
 * every forall. A look at the clock costs little beside a batch of a client.
 */
static bool is_over(const struct shared *shared)
{
    const atomic_int *stop = shared->options->stop;
    if (shared->batches == 0) {
        return false;
    }
    return (stop != NULL && atomic_load_explicit(stop, memory_order_relaxed) != 0) ||
           ((shared->code->unit != 0 || shared->batches % 8 == 0) && cordon_now() >= shared->end);
}

/* Thread 0, when all threads have come to the end of a client's batch: how large is the next to be? By
 * the time that the slowest needed itself; that others do not run is no matter of the batch's size.
 */
static void resize(struct shared *shared)
{
    uint64_t took = 0;
    for (unsigned i = 0; i < shared->test->thread_count; ++i) {
        took = shared->worker[i].took > took ? shared->worker[i].took : took;
    }
    if (took > SLOW && shared->count > 1) {
        shared->count /= 2;
    } else if (took < QUICK && shared->count < shared->most) {
        shared->count = 2 * shared->count < shared->most ? 2 * shared->count : shared->most;
    }
}

/* The CPU is shared with another thread in each turn. */
static bool pin(const struct worker *me, uint64_t turn)
{
    const struct engine_options *options = me->shared->options;
    const unsigned threads = me->shared->test->thread_count;
    return machine_pin(options->cpu[(me->index + turn) % threads % options->cpu_count]) == 0;
}

static void run_batches(struct worker *me)
{
    struct shared *shared = me->shared;
    const unsigned threads = shared->test->thread_count;
    const bool client = shared->code->unit != 0;
    const bool array = !client && !litmus_counts_frames(shared->code->mode);
    const uint64_t round = client ? CLIENT_ROUND : ROUND;
    const bool moves = threads > shared->options->cpu_count;
    uint64_t counting = 0;
    uint32_t sense = 0;
    for (uint64_t n = 0;; ++n) {
        const struct turn *turn = &turns[n / round % TURNS];
        struct litmus_batch batch = shared->batch[n / round % TURNS];
        batch.count = shared->count;
        batch.to = batch.count;
        const size_t from = batch.count * me->index / threads;
        const size_t to = batch.count * (me->index + 1) / threads;
        if (moves && n % round == 0 && !pin(me, n / round)) {
            me->unpinned = true;
        }
        const uint64_t before = client ? cordon_now() : 0;
        reset(me, &batch, turn->by_loader && array, from, to);
        const uint64_t resetting = client ? cordon_now() - before : 0;
        if (me->index == 0) {
            shared->stop = is_over(shared);
        }
        meet(&shared->barrier, &sense);
        if (shared->stop) {
            return;
        }
        if (me->index == 0 && n == 0) { /* all are up: on a busy machine that takes a while */
            shared->start = cordon_now();
            shared->end = shared->start + shared->options->nanoseconds;
        }
        const uint64_t began = client ? cordon_now() : 0;
        shared->code->threads[me->index](&batch);
        me->took = client ? counting + resetting + cordon_now() - began : 0;
        if (me->index == 0) {
            ++shared->batches;
            shared->total += batch.count;
        }
        meet(&shared->barrier, &sense);
        const uint64_t ended = client ? cordon_now() : 0;
        shared->code->count(&batch, from, to, me->table, add_other, me);
        counting = client ? cordon_now() - ended : 0;
        if (client && me->index == 0) {
            resize(shared);
        }
        /* Whoever resets next must not do so under another's eyes. */
        if (shared->observes_memory) {
            meet(&shared->barrier, &sense);
        }
    }
}

static void *work(void *opaque)
{
    struct worker *me = opaque;
    struct shared *shared = me->shared;
    me->unpinned = !pin(me, 0);
    pthread_mutex_lock(&shared->gate);
    const bool cancelled = shared->cancelled;
    pthread_mutex_unlock(&shared->gate);
    if (!cancelled) {
        if (shared->code->enter != NULL) {
            shared->code->enter(me->index);
        }
        run_batches(me);
    }
    pthread_mutex_lock(&shared->gate);
    ++shared->ended_count;
    pthread_cond_signal(&shared->ended);
    pthread_mutex_unlock(&shared->gate);
    return NULL;
}

/* Where the locations of a perpetual test lie: lines or pages apart. */
static const size_t apart[] = {2 * CORDON_LINE, 4096 + CORDON_LINE, CORDON_LINE, 16384};

static size_t round_up(size_t size)
{
    return (size + CORDON_LINE - 1) / CORDON_LINE * CORDON_LINE;
}

/* The memory of a batch, the same for every turn. */
static bool lay_out(struct shared *shared)
{
    const struct litmus_test *test = shared->test;
    const size_t unit = shared->code->unit != 0 ? shared->code->unit : sizeof(int32_t);
    size_t size = engine_size(&shared->options->knobs), widest = 0;
    shared->count = size;
    if (shared->code->unit != 0) {
        size = size * unit > MOST_PLANE ? (MOST_PLANE + unit - 1) / unit : size;
        shared->count = 1;
    }
    shared->most = size;
    for (unsigned i = 0; i < TURNS; ++i) {
        const size_t wanted = turns[i].stride * unit;
        const size_t stride = size * wanted <= MOST_PLANE ? wanted : unit;
        shared->batch[i].stride = stride;
        /* The line more keeps neighbours apart, and equal instances off one cache set. */
        shared->batch[i].plane = round_up(size * stride) + CORDON_LINE;
        if (litmus_counts_frames(shared->code->mode)) {
            shared->batch[i].plane = apart[i % (sizeof apart / sizeof *apart)];
        }
        widest = shared->batch[i].plane > widest ? shared->batch[i].plane : widest;
    }
    /* Each observed register has a row of results; of a client, each thread. */
    const size_t rows =
        shared->code->unit != 0 ? test->thread_count : test->observed_count + (size_t)1;
    const size_t results = size * sizeof(int32_t) * rows;
    unsigned char *memory = cordon_aligned_alloc(4096, widest * (test->location_count + 1));
    int32_t *result = cordon_aligned_alloc(4096, results);
    for (unsigned i = 0; i < TURNS; ++i) {
        shared->batch[i].memory = memory;
        shared->batch[i].result = result;
    }
    if (memory == NULL || result == NULL) {
        return false;
    }
    memset(memory, 0, widest * (test->location_count + 1));
    memset(result, 0, results);
    return true;
}

/* Without the one counter behind it. */
static size_t table_size(const struct shared *shared)
{
    return (size_t)1 << shared->code->bits * shared->test->observed_count;
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
static const char *run_threads(struct shared *shared, struct worker *workers, bool *stuck)
{
    const unsigned wanted = shared->test->thread_count;
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

/* A worker's tally into the result; NULL, or what is wrong. */
static const char *collect(const struct shared *shared, const struct worker *worker,
                           struct outcome_set *outcomes)
{
    const unsigned bits = shared->code->bits, columns = shared->test->observed_count;
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
        for (unsigned i = 0; i < columns; ++i) {
            state[i] = (int64_t)(key >> (i * bits) & (((size_t)1 << bits) - 1));
        }
        if (worker->table[key] != 0 && !outcome_add(outcomes, state, worker->table[key])) {
            return "out of memory";
        }
    }
    return NULL;
}

size_t engine_size(const struct knobs *knobs)
{
    static const size_t own[] = {[LITMUS_ARRAY] = 1024,
                                 [LITMUS_PERPETUAL] = 16384,
                                 [LITMUS_PERPETUAL_ALL] = 16384,
                                 [LITMUS_THREADS] = 64};
    return knobs->size != 0 ? knobs->size : own[knobs->engine];
}

static const char *run(struct shared *shared, struct worker *workers, struct engine_result *result)
{
    const unsigned threads = shared->test->thread_count;
    if (!lay_out(shared)) {
        return "out of memory";
    }
    for (unsigned i = 0; i < threads; ++i) {
        workers[i].shared = shared;
        workers[i].index = i;
        outcome_init(&workers[i].others, shared->test->observed_count);
        const size_t bytes = (table_size(shared) + 1) * sizeof(uint64_t);
        workers[i].table = cordon_aligned_alloc(CORDON_LINE, bytes);
        if (workers[i].table == NULL) {
            return "out of memory";
        }
        memset(workers[i].table, 0, bytes);
    }
    const char *wrong = run_threads(shared, workers, &result->stuck);
    result->seconds = (double)(cordon_now() - shared->start) / 1e9;
    for (unsigned i = 0; wrong == NULL && i < threads; ++i) {
        wrong = collect(shared, &workers[i], &result->outcomes);
        result->distinct += workers[i].table[table_size(shared)];
    }
    const bool frames = litmus_counts_frames(shared->code->mode);
    result->iterations = frames ? shared->total : 0;
    if (!result->stuck && !frames) {
        result->total = shared->total;
    } else { /* what was counted: of a stuck client's, thread 0 may have begun another batch */
        for (size_t i = 0; i < result->outcomes.count; ++i) {
            result->total += result->outcomes.seen[i];
        }
    }
    return wrong;
}

static void prepare(struct shared *shared)
{
    const struct litmus_test *test = shared->test;
    shared->barrier.threads = test->thread_count;
    for (unsigned i = 0; i < test->location_count; ++i) {
        shared->loader[i] = litmus_loader(test, i);
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

bool engine_run(const struct litmus_test *test, const struct litmus_code *code,
                const struct engine_options *options, struct engine_result *result, char *problem,
                size_t size)
{
    const char *wrong = "out of memory";
    struct shared *shared = cordon_aligned_alloc(CORDON_LINE, sizeof *shared);
    struct worker *workers =
        cordon_aligned_alloc(CORDON_LINE, test->thread_count * sizeof *workers);
    memset(result, 0, sizeof *result);
    outcome_init(&result->outcomes, test->observed_count);
    if (shared != NULL && workers != NULL) {
        memset(shared, 0, sizeof *shared);
        memset(workers, 0, test->thread_count * sizeof *workers);
        shared->test = test;
        shared->code = code;
        shared->options = options;
        shared->worker = workers;
        prepare(shared);
        wrong = run(shared, workers, result);
        if (result->stuck) {
            return true; /* what the threads use stays */
        }
        for (unsigned i = 0; i < test->thread_count; ++i) {
            outcome_free(&workers[i].others);
            free(workers[i].table);
        }
        pthread_cond_destroy(&shared->ended);
        pthread_mutex_destroy(&shared->gate);
        free(shared->batch[0].memory);
        free(shared->batch[0].result);
    }
    free(workers);
    free(shared);
    if (wrong != NULL) {
        outcome_free(&result->outcomes);
        snprintf(problem, size, "%s", wrong);
    }
    return wrong == NULL;
}
