/* Many threads push into and pop from one ring, in every way that it offers. Elements are plain and
 * span several words with a checksum, so that ThreadSanitizer sees a missing order and the checksum
 * a torn element. Nothing is lost or doubled, each consumer sees each producer's elements in order,
 * and after a close all that was pushed is popped before a pop says so.
 */
#include "stress.h"

#include <cordon/ring/mpmc.h>

#include <string.h>

struct item {
    uint32_t producer, number;
    uint64_t twisted;
    uint64_t inverse;
};

enum mode { SINGLE, BATCH, IN_PLACE, BLOCKING, DEADLINE, MIXED, MODES };

enum { MOST_BATCH = 5, MOST_ITEMS = 20000 };

static struct {
    struct cordon_mpmc ring;
    enum mode mode;
    unsigned producers;
    uint32_t each; /* elements of a producer */
    uint32_t cut;  /* close from outside after so many were popped; 0: the last producer closes */
    CORDON_ATOMIC(uint32_t) pushing; /* producers that have not ended */
    CORDON_ATOMIC(uint32_t) popped;
    uint32_t pushed[STRESS_MOST_THREADS]; /* each producer's own; read at the end */
    CORDON_ATOMIC(uint8_t) seen[STRESS_MOST_THREADS][MOST_ITEMS];
} test;

static struct item make(uint32_t producer, uint32_t number)
{
    struct item item;
    item.producer = producer;
    item.number = number;
    item.twisted = ((uint64_t)producer << 32 | number) * UINT64_C(0x9E3779B97F4A7C15);
    item.inverse = ~item.twisted;
    return item;
}

static void expect(const struct item *item, uint32_t *next)
{
    CHECK(item->producer < test.producers && item->number < test.each, "%u of %u", item->number,
          item->producer);
    const struct item wanted = make(item->producer, item->number);
    CHECK(memcmp(item, &wanted, sizeof wanted) == 0, "torn");
    CHECK(item->number >= next[item->producer], "producer %u: %u after %u", item->producer,
          item->number, next[item->producer]);
    next[item->producer] = item->number + 1;
    CHECK(atomic_fetch_add_explicit(&test.seen[item->producer][item->number], 1,
                                    memory_order_relaxed) == 0,
          "twice");
    const uint32_t popped = atomic_fetch_add_explicit(&test.popped, 1, memory_order_relaxed) + 1;
    if (popped == test.cut) {
        cordon_mpmc_close(&test.ring);
    }
}

static enum mode mode_of(uint32_t salt)
{
    return test.mode == MIXED ? (enum mode)(salt * UINT32_C(2654435761) >> 16) % MIXED : test.mode;
}

static enum cordon_result push_some(uint32_t me, uint32_t *done)
{
    struct item items[MOST_BATCH];
    struct cordon_mpmc_ticket ticket;
    enum cordon_result result = CORDON_FULL;
    size_t n = 1 + *done % MOST_BATCH;
    n = n < test.each - *done ? n : test.each - *done;
    n = n < cordon_mpmc_capacity(&test.ring) ? n : cordon_mpmc_capacity(&test.ring);
    for (uint32_t i = 0; i < MOST_BATCH; ++i) {
        items[i] = make(me, *done + i);
    }
    switch (mode_of(*done + me)) {
    case BATCH:
        if (*done % 2 == 0) {
            result = cordon_mpmc_try_push_n(&test.ring, items, n);
        } else {
            n = cordon_mpmc_try_push_some(&test.ring, items, n);
            result = n > 0                               ? CORDON_OK
                     : cordon_mpmc_is_closed(&test.ring) ? CORDON_CLOSED
                                                         : CORDON_BUSY;
        }
        break;
    case IN_PLACE: {
        struct item *slot = (struct item *)cordon_mpmc_reserve(&test.ring, &ticket);
        n = 1;
        result = ticket.result;
        if (slot != NULL) {
            *slot = items[0];
            if (*done % 64 == 0) {
                cordon_wait_yield(); /* a slow one: the others see BUSY */
            }
            cordon_mpmc_commit(&test.ring, &ticket);
        }
        break;
    }
    case BLOCKING:
        result = cordon_mpmc_push(&test.ring, items);
        CHECK(result == CORDON_OK || result == CORDON_CLOSED, "%d", (int)result);
        n = 1;
        break;
    case DEADLINE:
        result = cordon_mpmc_push_until(&test.ring, items, cordon_deadline_after(30000));
        n = 1;
        break;
    case SINGLE:
    default:
        result = cordon_mpmc_try_push(&test.ring, items);
        n = 1;
        break;
    }
    if (result == CORDON_OK) {
        *done += (uint32_t)n;
    }
    return result;
}

static enum cordon_result pop_some(uint32_t turn, uint32_t *next)
{
    struct item items[MOST_BATCH];
    struct cordon_mpmc_ticket ticket;
    enum cordon_result result = CORDON_EMPTY;
    size_t n = 1 + turn % MOST_BATCH;
    n = n < cordon_mpmc_capacity(&test.ring) ? n : cordon_mpmc_capacity(&test.ring);
    switch (mode_of(turn)) {
    case BATCH:
        result = turn % 2 == 0 ? cordon_mpmc_try_pop_n(&test.ring, items, n) : CORDON_CLOSED;
        if (result == CORDON_CLOSED) { /* fewer may remain */
            n = cordon_mpmc_try_pop_some(&test.ring, items, n);
            result = n > 0 ? CORDON_OK : (n = 1, cordon_mpmc_try_pop(&test.ring, items));
        }
        break;
    case IN_PLACE: {
        const struct item *slot = (const struct item *)cordon_mpmc_peek(&test.ring, &ticket);
        result = ticket.result;
        if (slot != NULL) {
            items[0] = *slot;
            if (turn % 64 == 0) {
                cordon_wait_yield();
            }
            cordon_mpmc_release(&test.ring, &ticket);
        }
        n = 1;
        break;
    }
    case BLOCKING:
        result = cordon_mpmc_pop(&test.ring, items);
        CHECK(result == CORDON_OK || result == CORDON_CLOSED, "%d", (int)result);
        n = 1;
        break;
    case DEADLINE:
        result = cordon_mpmc_pop_until(&test.ring, items, cordon_deadline_after(30000));
        n = 1;
        break;
    case SINGLE:
    default:
        result = cordon_mpmc_try_pop(&test.ring, items);
        n = 1;
        break;
    }
    for (size_t i = 0; result == CORDON_OK && i < n; ++i) {
        expect(&items[i], next);
    }
    return result;
}

static void either(unsigned index, void *argument)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    enum cordon_result result = CORDON_OK;
    (void)argument;
    if (index < test.producers) {
        uint32_t done = 0;
        while (done < test.each && result != CORDON_CLOSED) {
            result = push_some(index, &done);
            if (result == CORDON_OK) {
                waiter.steps = 0;
            } else if (result != CORDON_CLOSED) {
                cordon_wait_step(&waiter);
            }
        }
        test.pushed[index] = done;
        CHECK(result != CORDON_CLOSED || test.cut != 0, "closed by nobody");
        if (atomic_fetch_sub_explicit(&test.pushing, 1, memory_order_relaxed) == 1) {
            cordon_mpmc_close(&test.ring);
        }
        return;
    }
    uint32_t next[STRESS_MOST_THREADS] = {0};
    for (uint32_t turn = index; result != CORDON_CLOSED; ++turn) {
        result = pop_some(turn, next);
        if (result == CORDON_OK) {
            waiter.steps = 0;
        } else if (result != CORDON_CLOSED) {
            cordon_wait_step(&waiter);
        }
    }
}

static void run(unsigned producers, unsigned consumers, size_t capacity, enum mode mode, bool cut)
{
    const uint32_t total = (uint32_t)stress_scale(capacity < 3 ? 500 : 5000);
    CHECK(cordon_mpmc_create(&test.ring, capacity, sizeof(struct item)), "memory");
    test.mode = mode;
    test.producers = producers;
    test.each = total / producers + 1;
    test.cut = cut ? total / 2 : 0;
    CHECK(test.each <= MOST_ITEMS, "%u", test.each);
    atomic_store_explicit(&test.pushing, producers, memory_order_relaxed);
    atomic_store_explicit(&test.popped, 0, memory_order_relaxed);
    for (unsigned p = 0; p < producers; ++p) {
        for (uint32_t i = 0; i < test.each; ++i) {
            atomic_store_explicit(&test.seen[p][i], 0, memory_order_relaxed);
        }
    }
    stress_run(producers + consumers, either, NULL);
    uint32_t pushed = 0;
    for (unsigned p = 0; p < producers; ++p) {
        pushed += test.pushed[p];
        for (uint32_t i = 0; i < test.pushed[p]; ++i) {
            CHECK(atomic_load_explicit(&test.seen[p][i], memory_order_relaxed) == 1, "lost");
        }
    }
    const uint32_t popped = atomic_load_explicit(&test.popped, memory_order_relaxed);
    CHECK(pushed == popped && (cut || pushed == producers * test.each), "pushed %u, popped %u",
          pushed, popped);
    CHECK(atomic_load_explicit(&test.ring.not_empty.word, memory_order_relaxed) == 0 &&
              atomic_load_explicit(&test.ring.not_full.word, memory_order_relaxed) == 0,
          "somebody is still registered");
    cordon_mpmc_destroy(&test.ring);
}

/* Slots that become ready out of turn: two threads sleep, the second slot becomes ready first, which
 * wakes one of them for nothing; then the first does, which must in the end wake both.
 */
static struct {
    struct cordon_mpmc ring;
    bool pushing, closing;
} turns;

static void asleep(struct cordon_eventcount *ec, uint32_t threads)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (atomic_load_explicit(&ec->word, memory_order_relaxed) != threads << 16) {
        cordon_wait_step(&waiter);
    }
}

static void out_of_turn(unsigned index, void *argument)
{
    const uint64_t deadline = cordon_deadline_after(UINT64_C(20000000000));
    struct cordon_mpmc_ticket tickets[2];
    uint64_t item = 7;
    (void)argument;
    if (index > 0) {
        const enum cordon_result result = turns.pushing
                                              ? cordon_mpmc_push_until(&turns.ring, &item, deadline)
                                              : cordon_mpmc_pop_until(&turns.ring, &item, deadline);
        CHECK(result == CORDON_OK || (turns.closing && result == CORDON_CLOSED), "%d: not woken",
              (int)result);
        return;
    }
    if (turns.pushing) {
        asleep(&turns.ring.not_full, 2);
        cordon_mpmc_peek(&turns.ring, &tickets[0]);
        cordon_mpmc_peek(&turns.ring, &tickets[1]);
        cordon_mpmc_release(&turns.ring, &tickets[1]);
        asleep(&turns.ring.not_full, 2);
        cordon_mpmc_release(&turns.ring, &tickets[0]);
        return;
    }
    asleep(&turns.ring.not_empty, 2);
    *(uint64_t *)cordon_mpmc_reserve(&turns.ring, &tickets[0]) = 1;
    if (turns.closing) { /* one element, of which both are told BUSY at first; then it is over */
        cordon_mpmc_close(&turns.ring);
        asleep(&turns.ring.not_empty, 2);
    } else {
        *(uint64_t *)cordon_mpmc_reserve(&turns.ring, &tickets[1]) = 2;
        cordon_mpmc_commit(&turns.ring, &tickets[1]);
        asleep(&turns.ring.not_empty, 2);
    }
    cordon_mpmc_commit(&turns.ring, &tickets[0]);
}

static void run_out_of_turn(bool pushing, bool closing)
{
    turns.pushing = pushing;
    turns.closing = closing;
    for (unsigned long i = 0; i < stress_scale(50); ++i) {
        CHECK(cordon_mpmc_create(&turns.ring, 2, sizeof(uint64_t)), "memory");
        for (uint64_t item = 0; pushing && item < 2; ++item) {
            CHECK(cordon_mpmc_try_push(&turns.ring, &item) == CORDON_OK, "push");
        }
        stress_run(3, out_of_turn, NULL);
        cordon_mpmc_destroy(&turns.ring);
    }
}

int main(void)
{
    static const size_t capacities[] = {1, 2, 7, 1000};
    run_out_of_turn(false, false);
    run_out_of_turn(true, false);
    run_out_of_turn(false, true);
    static const unsigned sides[][2] = {{1, 1}, {2, 2}, {1, 7}, {7, 1}, {16, 16}};
    for (size_t s = 0; s < sizeof sides / sizeof *sides; ++s) {
        for (int mode = SINGLE; mode < MODES; ++mode) {
            for (size_t c = 0; c < sizeof capacities / sizeof *capacities; ++c) {
                run(sides[s][0], sides[s][1], capacities[c], (enum mode)mode, false);
                run(sides[s][0], sides[s][1], capacities[c], (enum mode)mode, true);
            }
        }
    }
    return 0;
}
