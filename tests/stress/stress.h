/* stress.h - what the stress tests share: threads, a start line, and a check that explains itself.
 *
 * A stress test is a plain executable (so that it runs under every sanitizer): main runs its cases
 * for each thread count of STRESS_THREADS and returns 0. CHECK exits 1 with the place and the
 * facts.
 */
#ifndef CORDON_TESTS_STRESS_H
#define CORDON_TESTS_STRESS_H

#include <cordon/wait.h>

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define CHECK(condition, ...)                                               \
    do {                                                                    \
        if (!(condition)) {                                                 \
            fprintf(stderr, "%s:%d: %s: ", __FILE__, __LINE__, #condition); \
            fprintf(stderr, __VA_ARGS__);                                   \
            fputc('\n', stderr);                                            \
            exit(1);                                                        \
        }                                                                   \
    } while (0)

enum { STRESS_MOST_THREADS = 64 };

struct stress_thread {
    pthread_t handle;
    unsigned index;
    void (*body)(unsigned index, void *argument);
    void *argument;
    CORDON_ATOMIC(uint32_t) * line;
};

static inline void *stress_entry(void *opaque)
{
    struct stress_thread *thread = (struct stress_thread *)opaque;
    /* A start line, so that short bodies overlap. The mutexes of pthread_create order the rest. */
    atomic_fetch_sub_explicit(thread->line, 1, memory_order_relaxed);
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (atomic_load_explicit(thread->line, memory_order_relaxed) != 0) {
        cordon_wait_step(&waiter);
    }
    thread->body(thread->index, thread->argument);
    return NULL;
}

/* stress_run - run body(index, argument) on so many threads at once, and wait for all. */
static inline void stress_run(unsigned threads, void (*body)(unsigned, void *), void *argument)
{
    struct stress_thread all[STRESS_MOST_THREADS];
    CORDON_ATOMIC(uint32_t) line = CORDON_ATOMIC_INIT(threads);
    CHECK(threads <= STRESS_MOST_THREADS, "%u threads", threads);
    for (unsigned i = 0; i < threads; ++i) {
        all[i].index = i;
        all[i].body = body;
        all[i].argument = argument;
        all[i].line = &line;
        CHECK(pthread_create(&all[i].handle, NULL, stress_entry, &all[i]) == 0, "thread %u", i);
    }
    for (unsigned i = 0; i < threads; ++i) {
        pthread_join(all[i].handle, NULL);
    }
}

/* stress_scale - how much work fits a lane: the sanitizers are some 10 times slower. */
static inline unsigned long stress_scale(unsigned long rounds)
{
#if CORDON_TSAN || defined(__SANITIZE_ADDRESS__)
    return rounds / 10 + 1;
#else
    return rounds;
#endif
}

#endif
