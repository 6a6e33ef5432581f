/* The first-come-first-served lock that sleeps, under plain payload (ThreadSanitizer proves the
 * order): threads that enter in turn, holders that sleep so that waiters do, owners that free it right
 * after unlock. A lost wake-up hangs the test, and ctest's timeout reports it.
 */
#include "stress.h"

#include <cordon/sync/fifo.h>

#include <string.h>

static struct guarded {
    struct cordon_fifo lock;
    unsigned long counter, mirror; /* equal whenever the lock is free */
    unsigned long rounds;
    CORDON_ATOMIC(unsigned long) entered;
} guarded;

/* xorshift: a cheap and different sequence for each thread. */
static uint32_t draw(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Long enough for others to go to sleep. */
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
    cordon_fifo_unlock(&g->lock);
}

static void turns(unsigned index, void *argument)
{
    struct guarded *g = (struct guarded *)argument;
    uint32_t random = 2463534242u + index * 7919u;
    for (unsigned long i = 0; i < g->rounds; ++i) {
        cordon_fifo_lock(&g->lock);
        section(g, draw(&random) % 512 == 0);
    }
    atomic_fetch_add_explicit(&g->entered, g->rounds, memory_order_relaxed);
}

static void mixture(unsigned index, void *argument)
{
    struct guarded *g = (struct guarded *)argument;
    uint32_t random = 2463534242u + index * 7919u;
    unsigned long entered = 0;
    for (unsigned long i = 0; i < g->rounds; ++i) {
        const uint32_t drawn = draw(&random);
        if (drawn % 4 == 0) {
            if (!cordon_fifo_try_lock(&g->lock)) {
                continue;
            }
        } else {
            cordon_fifo_lock(&g->lock);
        }
        ++entered;
        section(g, drawn >> 24 < 16);
    }
    atomic_fetch_add_explicit(&g->entered, entered, memory_order_relaxed);
}

static void run(unsigned threads, void (*body)(unsigned, void *), unsigned long total,
                const char *name)
{
    struct guarded *g = &guarded;
    g->rounds = stress_scale(total) / threads + 1;
    g->counter = g->mirror = 0;
    atomic_store_explicit(&g->entered, 0, memory_order_relaxed);
    stress_run(threads, body, g);
    const unsigned long entered = atomic_load_explicit(&g->entered, memory_order_relaxed);
    const uint32_t next = atomic_load_explicit(&g->lock.next, memory_order_relaxed);
    const uint32_t serving = atomic_load_explicit(&g->lock.serving, memory_order_relaxed);
    printf("%-8s %2u threads: %lu entered\n", name, threads, entered);
    CHECK(g->counter == entered, "%lu of %lu", g->counter, entered);
    CHECK(next == serving, "%#x and %#x at rest", next, serving);
}

/* Threads that arrive one after the other, and fall asleep meanwhile, enter in that order. */
static struct {
    struct cordon_fifo lock;
    CORDON_ATOMIC(uint32_t) started;
    unsigned entered[STRESS_MOST_THREADS], count; /* guarded */
} line;

static void in_line(unsigned index, void *argument)
{
    const unsigned threads = *(const unsigned *)argument;
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (index == 0) {
        cordon_fifo_lock(&line.lock);
        for (unsigned next = 1; next < threads; ++next) {
            const uint32_t before = atomic_load_explicit(&line.lock.next, memory_order_relaxed);
            atomic_store_explicit(&line.started, next, memory_order_relaxed);
            while (atomic_load_explicit(&line.lock.next, memory_order_relaxed) == before) {
                cordon_wait_step(&waiter);
            }
        }
        nap();
    } else {
        while (atomic_load_explicit(&line.started, memory_order_relaxed) != index) {
            cordon_wait_step(&waiter);
        }
        cordon_fifo_lock(&line.lock);
    }
    line.entered[line.count++] = index;
    cordon_fifo_unlock(&line.lock);
}

static void order(unsigned threads)
{
    line.count = 0;
    atomic_store_explicit(&line.started, 0, memory_order_relaxed);
    stress_run(threads, in_line, &threads);
    for (unsigned i = 0; i < threads; ++i) {
        CHECK(line.entered[i] == i, "%u entered as number %u", line.entered[i], i);
    }
}

/* The last of its users frees the lock, as soon as its own unlock has returned: the others' unlocks
 * must not touch it any more. The memory is spoilt first, so that it shows without a sanitizer.
 */
enum { OBJECTS = 250 };

struct object {
    struct cordon_fifo lock;
    unsigned users;
};
static struct object *objects[OBJECTS];

static void release_all(unsigned index, void *argument)
{
    const unsigned long count = *(const unsigned long *)argument;
    for (unsigned long i = 0; i < count; ++i) {
        struct object *object = objects[i];
        cordon_fifo_lock(&object->lock);
        if (i % 4 == index % 4) {
            nap();
        }
        const bool last = --object->users == 0;
        cordon_fifo_unlock(&object->lock);
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
        run(threads, turns, 60000, "turns");
        run(threads, mixture, 10000, "mixture");
        order(threads);
        freed(threads);
    }
    order(STRESS_MOST_THREADS);
    return 0;
}
