/* The mutex under plain payload (ThreadSanitizer proves the order), with every way in mixed, with
 * deadlines that pass, with holders that sleep, and with owners that free it right after unlock. A
 * lost wake-up hangs the test, and ctest's timeout reports it; that every thread gets its turns is
 * what finishing means.
 */
#include "stress.h"

#include <cordon/sync/mutex.h>

#include <string.h>

static struct guarded {
    struct cordon_mutex mutex;
    unsigned long counter, mirror; /* equal whenever the lock is free */
    unsigned long rounds;
    CORDON_ATOMIC(unsigned long) entered;
    CORDON_ATOMIC(unsigned long) gave_up;
} guarded;

/* xorshift: a cheap and different sequence for each thread. */
static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Long enough for others to queue up. */
static void nap(void)
{
    CORDON_ATOMIC(uint32_t) never = CORDON_ATOMIC_INIT(0);
    (void)cordon_park_u32(&never, 0, cordon_deadline_after(20000));
}

static void section(struct guarded *g, bool slow)
{
    CHECK(g->counter == g->mirror, "%lu and %lu", g->counter, g->mirror);
    ++g->counter;
    if (slow) {
        nap();
    }
    ++g->mirror;
    cordon_mutex_unlock(&g->mutex);
}

static void turns(unsigned index, void *argument)
{
    struct guarded *g = (struct guarded *)argument;
    (void)index;
    for (unsigned long i = 0; i < g->rounds; ++i) {
        cordon_mutex_lock(&g->mutex);
        section(g, false);
    }
    atomic_fetch_add_explicit(&g->entered, g->rounds, memory_order_relaxed);
}

/* Who gave up has left the queue, and its stack is its own again: nobody may look there any more. */
static void spoil_stack(void)
{
    static void *(*volatile const fill)(void *, int, size_t) = memset;
    unsigned char below[512];
    fill(below, 0xff, sizeof below);
}

static void mixture(unsigned index, void *argument)
{
    struct guarded *g = (struct guarded *)argument;
    uint32_t random = 2463534242u + index * 7919u;
    unsigned long entered = 0, gave_up = 0;
    for (unsigned long i = 0; i < g->rounds; ++i) {
        const uint32_t drawn = draw(&random);
        bool in = true;
        switch (drawn % 4) {
        case 0:
            in = cordon_mutex_try_lock(&g->mutex);
            break;
        case 1:
        case 2: /* often shorter than a wake-up takes, so that calls meet those who give up */
            in = cordon_mutex_lock_until(&g->mutex, cordon_deadline_after((drawn >> 8) % 60000));
            break;
        default:
            cordon_mutex_lock(&g->mutex);
            break;
        }
        if (in) {
            ++entered;
            section(g, drawn >> 24 < 32);
        } else {
            ++gave_up;
            spoil_stack();
        }
    }
    atomic_fetch_add_explicit(&g->entered, entered, memory_order_relaxed);
    atomic_fetch_add_explicit(&g->gave_up, gave_up, memory_order_relaxed);
}

static void run(unsigned threads, void (*body)(unsigned, void *), unsigned long total,
                const char *name)
{
    struct guarded *g = &guarded;
    g->rounds = stress_scale(total) / threads + 1;
    g->counter = g->mirror = 0;
    atomic_store_explicit(&g->entered, 0, memory_order_relaxed);
    atomic_store_explicit(&g->gave_up, 0, memory_order_relaxed);
    stress_run(threads, body, g);
    const unsigned long entered = atomic_load_explicit(&g->entered, memory_order_relaxed);
    const uint32_t word = atomic_load_explicit(&g->mutex.word, memory_order_relaxed);
    printf("%-8s %2u threads: %lu entered, %lu gave up\n", name, threads, entered,
           atomic_load_explicit(&g->gave_up, memory_order_relaxed));
    CHECK(g->counter == entered, "%lu of %lu", g->counter, entered);
    CHECK(word == 0 && g->mutex.queue == NULL, "word %#x at rest", word);
}

/* The holder unlocks about when the others' time runs out, so that now and then it calls one that is
 * just giving up: the call must pass on.
 */
static struct {
    struct cordon_mutex mutex;
    CORDON_ATOMIC(uint64_t) deadline; /* of this round; CORDON_NEVER: all done */
    unsigned long rounds;
} duel;

static void meet_deadlines(unsigned index, void *argument)
{
    uint32_t random = 88172645u;
    uint64_t last = 0;
    (void)argument;
    if (index == 0) {
        for (unsigned long i = 0; i < duel.rounds; ++i) {
            cordon_mutex_lock(&duel.mutex);
            const uint64_t deadline = cordon_deadline_after(40000);
            atomic_store_explicit(&duel.deadline, deadline, memory_order_relaxed);
            const uint64_t late = deadline + draw(&random) % 100000; /* timers are late, too */
            while (cordon_now() < late) {
                cordon_cpu_relax();
            }
            cordon_mutex_unlock(&duel.mutex);
        }
        atomic_store_explicit(&duel.deadline, CORDON_NEVER, memory_order_relaxed);
        return;
    }
    while (last != CORDON_NEVER) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        uint64_t deadline;
        while ((deadline = atomic_load_explicit(&duel.deadline, memory_order_relaxed)) == last) {
            cordon_wait_step(&waiter);
        }
        last = deadline;
        if (cordon_mutex_lock_until(&duel.mutex, deadline)) {
            cordon_mutex_unlock(&duel.mutex);
        }
    }
}

static void deadlines_met(unsigned threads)
{
    duel.rounds = stress_scale(2000);
    atomic_store_explicit(&duel.deadline, 0, memory_order_relaxed);
    stress_run(threads, meet_deadlines, NULL);
    const uint32_t word = atomic_load_explicit(&duel.mutex.word, memory_order_relaxed);
    CHECK(word == 0 && duel.mutex.queue == NULL, "word %#x at rest", word);
}

/* The last of its users frees the mutex, as soon as its own unlock has returned: the others'
 * unlocks must not touch it any more. The memory is spoilt first, so that it shows without a
 * sanitizer.
 */
enum { OBJECTS = 250 };

struct object {
    struct cordon_mutex mutex;
    unsigned users;
};
static struct object *objects[OBJECTS];

static void release_all(unsigned index, void *argument)
{
    const unsigned long count = *(const unsigned long *)argument;
    for (unsigned long i = 0; i < count; ++i) {
        struct object *object = objects[i];
        cordon_mutex_lock(&object->mutex);
        if (i % 4 == index % 4) {
            nap();
        }
        const bool last = --object->users == 0;
        cordon_mutex_unlock(&object->mutex);
        if (last) {
            memset((void *)object, 0xff, sizeof *object);
            free(object);
        }
    }
}

static void freed(unsigned threads)
{
    unsigned long count = OBJECTS;
    for (unsigned long i = 0; i < count; ++i) {
        objects[i] = (struct object *)calloc(1, sizeof *objects[i]);
        CHECK(objects[i] != NULL, "memory");
        objects[i]->users = threads;
    }
    stress_run(threads, release_all, &count);
}

int main(void)
{
    for (unsigned threads = 1; threads <= 32; threads *= 2) {
        run(threads, turns, 200000, "turns");
        run(threads, mixture, 20000, "mixture");
        freed(threads);
    }
    deadlines_met(2);
    deadlines_met(4);
    return 0;
}
