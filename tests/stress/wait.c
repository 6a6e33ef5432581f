/* A token goes round a ring of threads, each parked on the same word: a lost wake-up hangs the test
 * (and ctest's timeout reports it), a wake-up without its store breaks the order. Payload is plain:
 * ThreadSanitizer proves that the wait's acquire pairs with the giver's release.
 */
#define _GNU_SOURCE
#include "stress.h"

#include <signal.h>
#include <string.h>

#define DEFINE_RING(size)                                                                         \
    static struct ring##size {                                                                    \
        CORDON_ATOMIC(uint##size##_t) turn;                                                       \
        unsigned threads;                                                                         \
        unsigned long rounds, passed;                                                             \
    } ring##size;                                                                                 \
    static void pass##size(unsigned index, void *argument)                                        \
    {                                                                                             \
        struct ring##size *ring = (struct ring##size *)argument;                                  \
        for (unsigned long i = 0; i < ring->rounds; ++i) {                                        \
            for (;;) {                                                                            \
                const uint##size##_t seen =                                                       \
                    atomic_load_explicit(&ring->turn, memory_order_acquire);                      \
                if (seen == index) {                                                              \
                    break;                                                                        \
                }                                                                                 \
                CHECK(cordon_wait_u##size(&ring->turn, seen, CORDON_NEVER) == CORDON_OK, "wait"); \
            }                                                                                     \
            ++ring->passed;                                                                       \
            const unsigned next = (index + 1) % ring->threads;                                    \
            atomic_store_explicit(&ring->turn, (uint##size##_t)next, memory_order_release);       \
            cordon_wake_all_u##size(&ring->turn);                                                 \
        }                                                                                         \
    }                                                                                             \
    static void run##size(unsigned threads)                                                       \
    {                                                                                             \
        ring##size.threads = threads;                                                             \
        ring##size.rounds = stress_scale(20000) / threads / threads + 1;                          \
        ring##size.passed = 0;                                                                    \
        stress_run(threads, pass##size, &ring##size);                                             \
        CHECK(ring##size.passed == threads * ring##size.rounds, "passed %lu of %lu",              \
              ring##size.passed, threads * ring##size.rounds);                                    \
    }
DEFINE_RING(8)
DEFINE_RING(16)
DEFINE_RING(32)
DEFINE_RING(64)

static CORDON_ATOMIC(uint32_t) never_changes;

static void sleeper(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0) {
        const uint64_t deadline = cordon_deadline_after(200000000);
        CHECK(cordon_wait_u32(&never_changes, 0, deadline) == CORDON_TIMEDOUT, "woke early");
        CHECK(cordon_now() >= deadline, "gave up before the deadline");
    }
}

static void on_alarm(int number)
{
    (void)number;
}

/* A storm of signals neither ends a wait nor prolongs it for ever. */
static void signals(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_alarm;
    sigaction(SIGALRM, &action, NULL);
    timer_t timer;
    CHECK(timer_create(CLOCK_MONOTONIC, NULL, &timer) == 0, "timer");
    const struct itimerspec every_ms = {{0, 1000000}, {0, 1000000}};
    timer_settime(timer, 0, &every_ms, NULL);
    stress_run(1, sleeper, NULL);
    timer_delete(timer);
}

int main(void)
{
    for (unsigned threads = 1; threads <= 32; threads *= 2) {
        run8(threads);
        run16(threads);
        run32(threads);
        run64(threads);
    }
    signals();
    return 0;
}
