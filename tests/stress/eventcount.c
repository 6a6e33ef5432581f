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

static struct {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) flag;
    CORDON_ALIGNED(CORDON_LINE) struct cordon_eventcount ec;
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) arrived;
    /* Stores that miss the cache keep the flag's store waiting behind them. */
    struct {
        CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) word;
    } slow[4];
    uint32_t rounds;
    uint64_t deadline; /* from now, for the sleeper; 0: none that counts */
} duel;

static void meet(uint32_t target)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    atomic_fetch_add_explicit(&duel.arrived, 1, memory_order_acq_rel);
    while (atomic_load_explicit(&duel.arrived, memory_order_acquire) < target) {
        cordon_wait_step(&waiter);
    }
}

static void pause_until(uint64_t instant)
{
    while (cordon_now() < instant) {
        cordon_cpu_relax();
    }
}

static void fight(unsigned index, void *argument)
{
    (void)argument;
    for (uint32_t round = 1; round <= duel.rounds; ++round) {
        const uint32_t jitter = round * UINT32_C(2654435761) >> 24; /* 0 ... 255 */
        for (unsigned i = 0; index == 1 && i < 4; ++i) {
            atomic_store_explicit(&duel.slow[i].word, round, memory_order_relaxed);
        }
        meet(4 * (round - 1) + 2);
        if (index == 0) {
            if (duel.deadline > 0) {
                /* timers are late by some 50 us */
                pause_until(cordon_deadline_after(duel.deadline + 400 * jitter));
            }
            for (unsigned i = 0; i < 4; ++i) {
                atomic_store_explicit(&duel.slow[i].word, round, memory_order_relaxed);
            }
            atomic_store_explicit(&duel.flag, round, memory_order_relaxed);
            cordon_eventcount_signal(&duel.ec);
        } else {
            for (volatile uint32_t i = 0; duel.deadline == 0 && i < jitter; ++i) {
            }
            const uint64_t deadline =
                cordon_deadline_after(duel.deadline > 0 ? duel.deadline : UINT64_C(20000000000));
            const uint32_t key = cordon_eventcount_prepare(&duel.ec);
            if (atomic_load_explicit(&duel.flag, memory_order_relaxed) == round) {
                cordon_eventcount_cancel(&duel.ec, key);
            } else {
                const enum cordon_result result = cordon_eventcount_wait(&duel.ec, key, deadline);
                CHECK(result == CORDON_OK || duel.deadline > 0, "lost wake-up, round %u", round);
            }
        }
        meet(4 * (round - 1) + 4);
        CHECK(atomic_load_explicit(&duel.ec.word, memory_order_relaxed) == 0,
              "somebody is still registered");
    }
}

static void run_duel(uint64_t deadline, unsigned long rounds)
{
    atomic_store_explicit(&duel.flag, 0, memory_order_relaxed);
    atomic_store_explicit(&duel.arrived, 0, memory_order_relaxed);
    duel.deadline = deadline;
    duel.rounds = (uint32_t)stress_scale(rounds);
    stress_run(2, fight, NULL);
}

static struct {
    struct cordon_eventcount ec;
    CORDON_ATOMIC(uint32_t) awake;
    unsigned threads;
    unsigned long letter; /* plain: the signal orders it */
} crowd;

static void stand(unsigned index, void *argument)
{
    (void)argument;
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (index > 0) {
        const uint32_t key = cordon_eventcount_prepare(&crowd.ec);
        CHECK(cordon_eventcount_wait(&crowd.ec, key,
                                     cordon_deadline_after(UINT64_C(20000000000))) == CORDON_OK,
              "not woken");
        CHECK(crowd.letter == 42, "read %lu", crowd.letter);
        atomic_fetch_add_explicit(&crowd.awake, 1, memory_order_relaxed);
        return;
    }
    while (atomic_load_explicit(&crowd.ec.word, memory_order_relaxed) >> 16 < crowd.threads - 1) {
        cordon_wait_step(&waiter);
    }
    cordon_wait_yield(); /* by now most of them sleep indeed */
    crowd.letter = 42;
    for (unsigned i = 1; i < crowd.threads; ++i) {
        cordon_eventcount_signal(&crowd.ec);
        while (atomic_load_explicit(&crowd.awake, memory_order_relaxed) < i) {
            cordon_wait_yield();
        }
        CHECK(atomic_load_explicit(&crowd.ec.word, memory_order_relaxed) == (crowd.threads - 1 - i)
                                                                                << 16,
              "one signal, not one thread");
    }
}

static void run_crowd(unsigned threads)
{
    crowd.threads = threads;
    crowd.letter = 0;
    atomic_store_explicit(&crowd.awake, 0, memory_order_relaxed);
    stress_run(threads, stand, NULL);
}

int main(void)
{
    (void)cordon_fence_asymmetric_probe();
    run_duel(0, 30000);
    run_duel(20000, 3000);
    for (unsigned threads = 1; threads <= 32; threads *= 2) {
        run_ring(threads);
        run_crowd(threads);
        if (threads > 1) {
            run_tickets(threads);
        }
    }
    return 0;
}
