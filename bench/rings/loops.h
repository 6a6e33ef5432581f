/* loops.h - the loops that `cordon-bench rings` times, the same for every queue. In C and in C++.
 *
 * Each is an inline function that is given the queue's push or pop. With a function that the compiler knows,
 * it becomes a loop of its own around that function's code: no call, no size that is not a constant. (There
 * are dozens of such loops in a file; so that the compiler puts the calls into each, as it would in a program
 * that has one, the build raises its limits for these files. See CMakeLists.txt.)
 *
 * Who finds the queue full or empty waits as cordon_wait_step does, in every loop alike: it relaxes (`pause`
 * on x86), looking again after each, and from the 256th in a row on gives up the core (sched_yield) instead.
 * Queues that block wait by themselves.
 *
 * A consumer looks at every item: its number must be above the last one of the same producer (be the next,
 * where there is but one of each), and one word of each 64 bytes must be what the number says. So copying
 * queues and those in place both fetch every line. What the loops need for that is in the figures, for every
 * queue alike.
 */
#ifndef CORDON_BENCH_RINGS_LOOPS_H
#define CORDON_BENCH_RINGS_LOOPS_H

#include "candidate.h"
#include "../clock.h"

#define RING_INLINE static inline __attribute__((always_inline))

/* False, or 0: full or empty. `size` is a constant in each loop. */
typedef bool ring_push(void *to, const void *item, size_t size);
typedef bool ring_pop(void *from, void *item, size_t size);
typedef size_t ring_push_n(void *to, const void *items, size_t n, size_t size);
typedef size_t ring_pop_n(void *from, void *items, size_t n, size_t size);

/* Up to *n slots side by side, and how many; then the first n of them are done with. `scratch` is the loop's,
 * for what must be kept in between.
 */
#define RING_SCRATCH 4
typedef void *ring_grant(void *ring, size_t *n, uint64_t *scratch, size_t size);
typedef void ring_done(void *ring, size_t n, uint64_t *scratch);

/* What a consumer knows of the items it saw. Of a pair the next number is all that is needed: the loop has no
 * more to keep, and to store, than that.
 */
struct ring_tally {
    uint64_t turn;                /* of a pair: the next number */
    uint64_t count, sum, squares; /* of a crowd */
    uint64_t wrong;
    uint64_t next[RING_MOST_PRODUCERS]; /* of each producer, no less than this */
};

RING_INLINE void ring_fill(uint64_t *word, uint64_t number, size_t size)
{
    size_t i;
    for (i = 0; i < size / sizeof *word; ++i) {
        word[i] = number + i;
    }
}

RING_INLINE uint64_t ring_damage(const uint64_t *word, size_t size)
{
    const size_t words = size / sizeof *word;
    uint64_t damage = word[words - 1] - word[0] - (words - 1);
    size_t i;
    for (i = 7; i < words - 1; i += 8) {
        damage |= word[i] - word[0] - i;
    }
    return damage;
}

RING_INLINE void ring_begin(struct ring_tally *tally, bool pair)
{
    tally->turn = tally->count = tally->sum = tally->squares = tally->wrong = 0;
    if (!pair) {
        memset(tally->next, 0, sizeof tally->next);
    }
}

/* The next item came. */
RING_INLINE void ring_take(struct ring_tally *tally, const uint64_t *word, size_t size, bool pair)
{
    const uint64_t number = word[0];
    tally->wrong |= ring_damage(word, size);
    if (pair) {
        tally->wrong |= number ^ tally->turn;
        ++tally->turn;
    } else {
        uint64_t *next = &tally->next[number >> RING_SHIFT & (RING_MOST_PRODUCERS - 1)];
        tally->wrong |= number < *next;
        *next = number + 1;
        tally->sum += number;
        tally->squares += number * number;
        ++tally->count;
    }
}

RING_INLINE void ring_finish(struct ring_side *side, const struct ring_tally *tally, bool pair)
{
    side->in_turn = pair;
    side->count = pair ? tally->turn : tally->count;
    side->sum = tally->sum;
    side->squares = tally->squares;
    side->wrong = tally->wrong;
}

RING_INLINE bool ring_go_on(const struct ring_side *side, uint64_t count)
{
    return count < side->limit && atomic_load_explicit(side->stop, memory_order_relaxed) == 0;
}

/* No more from this producer. Returns whether it was the last one. */
RING_INLINE bool ring_leave(struct ring_side *side, uint64_t count)
{
    side->count = count;
    return atomic_fetch_sub_explicit(side->producing, 1, memory_order_acq_rel) == 1; /* R0 -> A0 */
}

/* Has the last producer left? Who then still finds the queue empty has seen everything. */
RING_INLINE bool ring_all_left(const struct ring_side *side)
{
    return atomic_load_explicit(side->producing, memory_order_acquire) == 0; /* A0 <- R0 */
}

#define RING_FRESH(waiter) ((waiter)->steps = 0)

/* One at a time. */
RING_INLINE void ring_produce_each(struct ring_side *side, void *to, size_t size, ring_push *push)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint64_t item[RING_MOST_WORDS], count = 0;
    ring_fill(item, side->first, size);
    while (ring_go_on(side, count)) {
        if (push(to, item, size)) {
            RING_FRESH(&waiter);
            ring_fill(item, side->first + ++count, size);
        } else {
            cordon_wait_step(&waiter);
        }
    }
    (void)ring_leave(side, count);
}

RING_INLINE void ring_consume_each(struct ring_side *side, void *from, size_t size, bool pair,
                                   ring_pop *pop)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct ring_tally tally;
    uint64_t item[RING_MOST_WORDS];
    bool all_left = false; /* before the queue was found empty */
    ring_begin(&tally, pair);
    memset(item, 0, size);
    for (;;) {
        if (pop(from, item, size)) {
            RING_FRESH(&waiter);
            ring_take(&tally, item, size, pair);
        } else if (all_left) {
            break;
        } else if (!(all_left = ring_all_left(side))) {
            cordon_wait_step(&waiter);
        }
    }
    ring_finish(side, &tally, pair);
}

/* With calls that wait: they have no other way to learn the end than from an item. */
RING_INLINE void ring_produce_blocking(struct ring_side *side, void *to, size_t size,
                                       ring_push *push)
{
    uint64_t item[RING_MOST_WORDS], count = 0;
    unsigned i;
    ring_fill(item, side->first, size);
    while (ring_go_on(side, count)) {
        (void)push(to, item, size);
        ring_fill(item, side->first + ++count, size);
    }
    if (ring_leave(side, count)) {
        ring_fill(item, RING_END, size);
        for (i = 0; i < side->consumers; ++i) {
            (void)push(to, item, size);
        }
    }
}

RING_INLINE void ring_consume_blocking(struct ring_side *side, void *from, size_t size, bool pair,
                                       ring_pop *pop)
{
    struct ring_tally tally;
    uint64_t item[RING_MOST_WORDS];
    ring_begin(&tally, pair);
    memset(item, 0, size);
    while (pop(from, item, size) && item[0] != RING_END) {
        ring_take(&tally, item, size, pair);
    }
    ring_finish(side, &tally, pair);
}

/* Several at once. */
RING_INLINE void ring_produce_batch(struct ring_side *side, void *to, size_t size,
                                    ring_push_n *push)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    const size_t words = size / sizeof(uint64_t);
    const unsigned batch = side->batch;
    uint64_t items[RING_MOST_BATCH * RING_MOST_WORDS], count = 0;
    size_t pushed = batch, n; /* of those that were filled in */
    while (ring_go_on(side, count)) {
        if (pushed == batch) {
            for (pushed = 0; pushed < batch; ++pushed) {
                ring_fill(&items[pushed * words], side->first + count + pushed, size);
            }
            pushed = 0;
        }
        n = push(to, &items[pushed * words], batch - pushed, size);
        pushed += n;
        count += n;
        if (n > 0) {
            RING_FRESH(&waiter);
        } else {
            cordon_wait_step(&waiter);
        }
    }
    (void)ring_leave(side, count);
}

RING_INLINE void ring_consume_batch(struct ring_side *side, void *from, size_t size, bool pair,
                                    ring_pop_n *pop, ring_pop_n *pop_rest)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct ring_tally tally;
    const unsigned batch = side->batch;
    uint64_t items[RING_MOST_BATCH * RING_MOST_WORDS];
    size_t n, i;
    ring_begin(&tally, pair);
    for (;;) {
        n = pop(from, items, batch, size);
        for (i = 0; i < n; ++i) {
            ring_take(&tally, &items[i * (size / sizeof *items)], size, pair);
        }
        if (n > 0) {
            RING_FRESH(&waiter);
        } else if (ring_all_left(side)) {
            break;
        } else {
            cordon_wait_step(&waiter);
        }
    }
    /* What is less than a batch is never got by all or none. */
    while ((n = pop_rest(from, items, batch, size)) > 0) {
        for (i = 0; i < n; ++i) {
            ring_take(&tally, &items[i * (size / sizeof *items)], size, pair);
        }
    }
    ring_finish(side, &tally, pair);
}

/* In place: the items are made, and looked at, in the queue's own memory. */
RING_INLINE void ring_produce_place(struct ring_side *side, void *to, size_t size,
                                    ring_grant *reserve, ring_done *commit)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint64_t scratch[RING_SCRATCH], count = 0;
    while (ring_go_on(side, count)) {
        size_t n = side->batch, i;
        uint64_t *word = (uint64_t *)reserve(to, &n, scratch, size);
        if (word == NULL) {
            cordon_wait_step(&waiter);
            continue;
        }
        RING_FRESH(&waiter);
        for (i = 0; i < n; ++i) {
            ring_fill(&word[i * (size / sizeof *word)], side->first + count + i, size);
        }
        commit(to, n, scratch);
        count += n;
    }
    (void)ring_leave(side, count);
}

RING_INLINE void ring_consume_place(struct ring_side *side, void *from, size_t size, bool pair,
                                    ring_grant *peek, ring_done *release)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct ring_tally tally;
    uint64_t scratch[RING_SCRATCH];
    bool all_left = false;
    ring_begin(&tally, pair);
    for (;;) {
        size_t n = side->batch, i;
        const uint64_t *word = (const uint64_t *)peek(from, &n, scratch, size);
        if (word != NULL) {
            RING_FRESH(&waiter);
            for (i = 0; i < n; ++i) {
                ring_take(&tally, &word[i * (size / sizeof *word)], size, pair);
            }
            release(from, n, scratch);
        } else if (all_left) {
            break;
        } else if (!(all_left = ring_all_left(side))) {
            cordon_wait_step(&waiter);
        }
    }
    ring_finish(side, &tally, pair);
}

/* A round trip: an item goes into one ring, comes back through another. Both are empty but for it. */
RING_INLINE void ring_ping_each(struct ring_side *side, size_t size, ring_push *push, ring_pop *pop)
{
    enum { PATIENCE = 1000000 }; /* looks after the stop, until the item is given up as lost */
    uint64_t item[RING_MOST_WORDS], back[RING_MOST_WORDS], count = 0, wrong = 0;
    memset(back, 0, size);
    while (wrong == 0 && ring_go_on(side, count)) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        uint64_t began, ended;
        unsigned looks = 0;
        ring_fill(item, count, size);
        began = bench_ticks_start();
        while (!push(side->ring, item, size)) {
            cordon_wait_step(&waiter);
        }
        while (!pop(side->back, back, size)) {
            cordon_wait_step(&waiter);
            if (waiter.steps > CORDON_WAIT_RELAXES && ++looks == PATIENCE) {
                back[0] = RING_END; /* lost */
                break;
            }
        }
        ended = bench_ticks_stop((uint32_t)back[0]);
        wrong = (back[0] ^ count) | ring_damage(back, size);
        histogram_add(side->histogram, ended - began);
        ++count;
        while (bench_ticks_stop(0) - ended < side->pace) {
            cordon_cpu_relax();
        }
    }
    ring_fill(item, RING_END, size);
    (void)push(side->ring, item, size);
    side->count = count;
    side->wrong = wrong;
}

RING_INLINE void ring_echo_each(struct ring_side *side, size_t size, ring_push *push, ring_pop *pop)
{
    uint64_t item[RING_MOST_WORDS];
    uint64_t count = 0;
    memset(item, 0, size);
    for (;;) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        while (!pop(side->ring, item, size)) {
            cordon_wait_step(&waiter);
        }
        if (item[0] == RING_END) {
            break;
        }
        ++count;
        while (!push(side->back, item, size)) {
            cordon_wait_step(&waiter);
        }
    }
    side->count = count;
    side->wrong = 0;
}

/* RING_EACH(NAME, PAIR) and its like define the loops around NAME_push and NAME_pop (in C++ templates, with
 * the size as argument), and RING_CALLS(NAME) is the table of them.
 */
#ifdef __cplusplus
#define RING_AT(function, size) function<size>
#define RING_CALLED(name, call) name##_##call<size>
#define RING_LOOP(name, loop, body)                                   \
    template <size_t size> static void name##_##loop(ring_side *side) \
    {                                                                 \
        body;                                                         \
    }
#else
#define RING_AT(function, size) function##_##size
#define RING_CALLED(name, call) name##_##call
#define RING_LOOP_(name, loop, body, bytes)                     \
    static void name##_##loop##_##bytes(struct ring_side *side) \
    {                                                           \
        enum { size = bytes };                                  \
        body;                                                   \
    }
#define RING_LOOP(name, loop, body)  \
    RING_LOOP_(name, loop, body, 8)  \
    RING_LOOP_(name, loop, body, 16) \
    RING_LOOP_(name, loop, body, 64) \
    RING_LOOP_(name, loop, body, 256)
#endif

#define RING_ROUND_TRIP(name)                                                              \
    RING_LOOP(name, ping,                                                                  \
              ring_ping_each(side, size, RING_CALLED(name, push), RING_CALLED(name, pop))) \
    RING_LOOP(name, echo,                                                                  \
              ring_echo_each(side, size, RING_CALLED(name, push), RING_CALLED(name, pop)))
#define RING_EACH(name, pair)                                                                    \
    RING_LOOP(name, produce, ring_produce_each(side, side->ring, size, RING_CALLED(name, push))) \
    RING_LOOP(name, consume,                                                                     \
              ring_consume_each(side, side->ring, size, pair, RING_CALLED(name, pop)))           \
    RING_ROUND_TRIP(name)
#define RING_BLOCKING(name, pair)                                                          \
    RING_LOOP(name, produce,                                                               \
              ring_produce_blocking(side, side->ring, size, RING_CALLED(name, push)))      \
    RING_LOOP(name, consume,                                                               \
              ring_consume_blocking(side, side->ring, size, pair, RING_CALLED(name, pop))) \
    RING_ROUND_TRIP(name)
/* NAME_pop_rest is what takes less than a batch. */
#define RING_BATCH(name, pair)                                                                    \
    RING_LOOP(name, produce, ring_produce_batch(side, side->ring, size, RING_CALLED(name, push))) \
    RING_LOOP(name, consume,                                                                      \
              ring_consume_batch(side, side->ring, size, pair, RING_CALLED(name, pop),            \
                                 RING_CALLED(name, pop_rest)))
#define RING_PLACE(name, pair)                                                          \
    RING_LOOP(name, produce,                                                            \
              ring_produce_place(side, side->ring, size, RING_CALLED(name, reserve),    \
                                 RING_CALLED(name, commit)))                            \
    RING_LOOP(name, consume,                                                            \
              ring_consume_place(side, side->ring, size, pair, RING_CALLED(name, peek), \
                                 RING_CALLED(name, release)))

#define RING_CALLS_OF_(name, size)                                                                \
    {                                                                                             \
        RING_AT(name##_produce, size), RING_AT(name##_consume, size), RING_AT(name##_ping, size), \
            RING_AT(name##_echo, size)                                                            \
    }
#define RING_CALLS(name)                                                             \
    {                                                                                \
        RING_CALLS_OF_(name, 8), RING_CALLS_OF_(name, 16), RING_CALLS_OF_(name, 64), \
            RING_CALLS_OF_(name, 256)                                                \
    }
#define RING_ONE_WAY_OF_(name, size)                                             \
    {                                                                            \
        RING_AT(name##_produce, size), RING_AT(name##_consume, size), NULL, NULL \
    }
#define RING_ONE_WAY_CALLS(name)                                                           \
    {                                                                                      \
        RING_ONE_WAY_OF_(name, 8), RING_ONE_WAY_OF_(name, 16), RING_ONE_WAY_OF_(name, 64), \
            RING_ONE_WAY_OF_(name, 256)                                                    \
    }

#endif
