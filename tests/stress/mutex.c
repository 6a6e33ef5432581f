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

static void section(struct guarded *g, bool slow)
{
    CHECK(g->counter == g->mirror, "%lu and %lu", g->counter, g->mirror);
    ++g->counter;
    if (slow) {
        CORDON_ATOMIC(uint32_t) never = CORDON_ATOMIC_INIT(0);
        (void)cordon_park_u32(&never, 0, cordon_deadline_after(20000));
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

/* The last of its users frees the mutex, as soon as its own unlock has returned: the others'
 * unlocks must not touch it any more. The memory is spoilt first, so that it shows without a
 * sanitizer.
 */
enum { OBJECTS = 2000 };

struct object {
    struct cordon_mutex mutex;
    unsigned users;
};
static struct object *objects[OBJECTS];

static void release_all(unsigned index, void *argument)
{
    const unsigned long count = *(const unsigned long *)argument;
    (void)index;
    for (unsigned long i = 0; i < count; ++i) {
        struct object *object = objects[i];
        cordon_mutex_lock(&object->mutex);
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
    unsigned long count = stress_scale(OBJECTS - 1);
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
        run(threads, turns, 400000, "turns");
        run(threads, mixture, 20000, "mixture");
        for (int again = 0; again < 5; ++again) {
            freed(threads);
        }
    }
    return 0;
}
