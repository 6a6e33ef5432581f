/* Threads that sleep at once, without spinning first, so that every race of going to sleep with
 * being woken is run. A lost wake-up hangs the test, and ctest's timeout reports it.
 *
 * ring     a turn goes round; each thread sleeps at an eventcount of its own.
 * tickets  some threads make tickets, the others take them: one signal, one sleeper; some give up
 * at a deadline now and then. All tickets are taken.
 */
#include "stress.h"

#include <cordon/sync/eventcount.h>

static struct {
    CORDON_ATOMIC(uint32_t) turn;
    struct {
        CORDON_ALIGNED(CORDON_LINE) struct cordon_eventcount ec;
    } places[STRESS_MOST_THREADS];
    unsigned threads;
    unsigned long rounds, passed; /* passed is plain: the turn orders it */
} ring;

static bool my_turn(unsigned index)
{
    return atomic_load_explicit(&ring.turn, memory_order_acquire) == index;
}

static void pass(unsigned index, void *argument)
{
    (void)argument;
    struct cordon_eventcount *mine = &ring.places[index].ec;
    const unsigned next = (index + 1) % ring.threads;
    for (unsigned long i = 0; i < ring.rounds; ++i) {
        while (!my_turn(index)) {
            const uint32_t key = cordon_eventcount_prepare(mine);
            if (my_turn(index)) {
                cordon_eventcount_cancel(mine, key);
            } else {
                CHECK(cordon_eventcount_wait(mine, key, CORDON_NEVER) == CORDON_OK, "wait");
            }
        }
        ++ring.passed;
        atomic_store_explicit(&ring.turn, next, memory_order_release);
        cordon_eventcount_signal(&ring.places[next].ec);
    }
}

static void run_ring(unsigned threads)
{
    ring.threads = threads;
    ring.rounds = stress_scale(40000) / threads + 1;
    ring.passed = 0;
    stress_run(threads, pass, NULL);
    CHECK(ring.passed == threads * ring.rounds, "passed %lu", ring.passed);
    for (unsigned i = 0; i < threads; ++i) {
        CHECK(atomic_load_explicit(&ring.places[i].ec.word, memory_order_relaxed) == 0,
              "somebody is still registered");
    }
}

static struct {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) tickets;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) left; /* to be taken still */
    CORDON_ALIGNED(CORDON_LINE) struct cordon_eventcount ec;
    unsigned makers;
    uint32_t each;
} office;

static bool take(void)
{
    uint32_t n = atomic_load_explicit(&office.tickets, memory_order_relaxed);
    while (n > 0) {
        if (atomic_compare_exchange_weak_explicit(&office.tickets, &n, n - 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
            if (atomic_fetch_sub_explicit(&office.left, 1, memory_order_release) == 1) {
                cordon_eventcount_signal_all(&office.ec);
            }
            return true;
        }
    }
    return false;
}

static bool over(void)
{
    return atomic_load_explicit(&office.left, memory_order_acquire) == 0;
}

static void ticket(unsigned index, void *argument)
{
    (void)argument;
    if (index < office.makers) {
        for (uint32_t i = 0; i < office.each; ++i) {
            atomic_fetch_add_explicit(&office.tickets, 1, memory_order_release);
            cordon_eventcount_signal(&office.ec);
        }
        return;
    }
    for (unsigned long tries = 0; !over(); ++tries) {
        if (take()) {
            continue;
        }
        const uint32_t key = cordon_eventcount_prepare(&office.ec);
        if (over() || take()) {
            cordon_eventcount_cancel(&office.ec, key);
            continue;
        }
        const uint64_t deadline =
            (tries + index) % 3 == 0 ? cordon_deadline_after(20000) : CORDON_NEVER;
        (void)cordon_eventcount_wait(&office.ec, key, deadline);
    }
}

static void run_tickets(unsigned threads)
{
    office.makers = threads / 2;
    office.each = (uint32_t)(stress_scale(20000) / threads + 1);
    atomic_store_explicit(&office.left, office.makers * office.each, memory_order_relaxed);
    stress_run(threads, ticket, NULL);
    CHECK(atomic_load_explicit(&office.tickets, memory_order_relaxed) == 0, "a ticket is left");
    CHECK(atomic_load_explicit(&office.ec.word, memory_order_relaxed) == 0,
          "somebody is still registered");
}

int main(void)
{
    (void)cordon_fence_asymmetric_probe();
    for (unsigned threads = 1; threads <= 32; threads *= 2) {
        run_ring(threads);
        if (threads > 1) {
            run_tickets(threads);
        }
    }
    return 0;
}
