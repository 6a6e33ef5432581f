/* spsc.h - what the clients of the SPSC ring share: elements that tell when they are lost, doubled,
 * out of turn or torn, and each way to push and to pop them.
 *
 * Elements are numbered from 1 and several words long; all words depend on the number. The ring's
 * memory and both copies are plain, so that a slot that is handed over without order is a data race.
 *
 * Unless SLEEPS is defined, nobody sleeps, and the ring is compiled without its signals: that is less to
 * explore, and nothing but the ring's own orders is there (a signal begins with a fence, a full one where
 * membarrier is refused).
 */
#include <cordon/litmus.h>
#include <cordon/sync/eventcount.h>

#ifndef SLEEPS
#define cordon_eventcount_signal(ec)     ((void)(ec))
#define cordon_eventcount_signal_all(ec) ((void)(ec))
#endif
#include <cordon/ring/spsc.h>

/* Slots; words of an element; how far into the memory the ring stands when the threads begin; and, if
 * defined, WINDOW: how many elements a side goes on without a look, at most.
 */
#ifndef SLOTS
#define SLOTS 2
#endif
#ifndef WORDS
#define WORDS 3
#endif
#ifndef SKEW
#define SKEW 0
#endif

struct item {
    uint64_t words[WORDS];
};

struct cordon_litmus_state {
    struct cordon_spsc ring;
    _Alignas(CORDON_LINE) unsigned char memory[3 * CORDON_LINE];
    int pushed;       /* the producer's */
    int popped;       /* the consumer's */
    int full, closed; /* how often a push was told so */
    int before_close; /* plain: written before a close, read by who was told of it */
    CORDON_ATOMIC(int) flag;
    CORDON_ATOMIC(int) more;
};

static inline void make(struct item *item, int number)
{
    for (uint64_t i = 0; i < WORDS; ++i) {
        item->words[i] = (uint64_t)number << 8 | i;
    }
}

static inline void expect(const struct item *item, int number)
{
    for (uint64_t i = 0; i < WORDS; ++i) {
        CORDON_EXPECT(item->words[i] == ((uint64_t)number << 8 | i));
    }
}

/* FULL is right of all that happens before. What was popped before is at least none. */
static inline void count_refusal(struct cordon_litmus_state *s, enum cordon_result result, int n)
{
    CORDON_EXPECT(result == CORDON_FULL || result == CORDON_CLOSED);
    if (result == CORDON_FULL) {
        CORDON_EXPECT(s->pushed + n > SLOTS);
        ++s->full;
    } else {
        ++s->closed;
    }
}

/* Ways to push up to n elements; how many were pushed. */

static inline int push_one(struct cordon_litmus_state *s, int n)
{
    struct item item;
    (void)n;
    make(&item, s->pushed + 1);
    const enum cordon_result result = cordon_spsc_try_push(&s->ring, &item);
    make(&item, -1); /* the ring has a copy */
    if (result != CORDON_OK) {
        count_refusal(s, result, 1);
        return 0;
    }
    ++s->pushed;
    return 1;
}

/* All or none. */
static inline int push_n(struct cordon_litmus_state *s, int n)
{
    struct item items[8];
    for (int i = 0; i < n; ++i) {
        make(&items[i], s->pushed + 1 + i);
    }
    const enum cordon_result result = cordon_spsc_try_push_n(&s->ring, items, (size_t)n);
    if (result != CORDON_OK) {
        count_refusal(s, result, n);
        return 0;
    }
    s->pushed += n;
    return n;
}

static inline int push_some(struct cordon_litmus_state *s, int n)
{
    struct item items[8];
    for (int i = 0; i < n; ++i) {
        make(&items[i], s->pushed + 1 + i);
    }
    const int done = (int)cordon_spsc_try_push_some(&s->ring, items, (size_t)n);
    CORDON_EXPECT(done <= n && done <= SLOTS);
    if (done < n) {
        count_refusal(s, cordon_spsc_is_closed(&s->ring) ? CORDON_CLOSED : CORDON_FULL, n);
    }
    s->pushed += done;
    return done;
}

/* In place: the elements are written where they lie. What is written into a slot that is not committed
 * matters to nobody; to reserve again gives the same slots again; and nothing may be committed, too.
 */
static inline int push_in_place(struct cordon_litmus_state *s, int n)
{
    size_t granted = (size_t)n, again;
    struct item *slots = (struct item *)cordon_spsc_reserve(&s->ring, &granted);
    CORDON_EXPECT(granted <= (size_t)n && (slots == NULL) == (granted == 0));
    for (size_t i = 0; i < granted; ++i) {
        make(&slots[i], s->pushed + 1 + (int)i);
    }
    again = granted;
    if (granted > 1 && s->pushed % 2 == 0) {
        --granted; /* fewer than were granted */
        make(&slots[granted], -1);
    }
    if (granted > 0) {
        CORDON_EXPECT(cordon_spsc_reserve(&s->ring, &again) == slots && again > 0);
        cordon_spsc_commit(&s->ring, granted);
        cordon_spsc_commit(&s->ring, 0);
    }
    s->pushed += (int)granted;
    return (int)granted;
}

/* Ways to pop up to n; how many came. */

static inline int pop_one(struct cordon_litmus_state *s, int n)
{
    struct item item;
    (void)n;
    const enum cordon_result result = cordon_spsc_try_pop(&s->ring, &item);
    CORDON_EXPECT(result == CORDON_OK || result == CORDON_EMPTY || result == CORDON_CLOSED);
    if (result != CORDON_OK) {
        return 0;
    }
    expect(&item, ++s->popped);
    return 1;
}

static inline int pop_n(struct cordon_litmus_state *s, int n)
{
    struct item items[8];
    const enum cordon_result result = cordon_spsc_try_pop_n(&s->ring, items, (size_t)n);
    CORDON_EXPECT(result == CORDON_OK || result == CORDON_EMPTY || result == CORDON_CLOSED);
    if (result != CORDON_OK) {
        return 0;
    }
    for (int i = 0; i < n; ++i) {
        expect(&items[i], ++s->popped);
    }
    return n;
}

static inline int pop_some(struct cordon_litmus_state *s, int n)
{
    struct item items[8];
    const int done = (int)cordon_spsc_try_pop_some(&s->ring, items, (size_t)n);
    CORDON_EXPECT(done <= n && done <= SLOTS);
    for (int i = 0; i < done; ++i) {
        expect(&items[i], ++s->popped);
    }
    return done;
}

/* In place. As long as they are not released they stay, may be written to, and are given again. */
static inline int pop_in_place(struct cordon_litmus_state *s, int n)
{
    size_t given = (size_t)n, again;
    struct item *slots = (struct item *)cordon_spsc_peek(&s->ring, &given);
    CORDON_EXPECT(given <= (size_t)n && (slots == NULL) == (given == 0));
    for (size_t i = 0; i < given; ++i) {
        expect(&slots[i], s->popped + 1 + (int)i);
    }
    again = given;
    if (given > 1 && s->popped % 2 == 0) {
        --given;
    }
    if (given > 0) {
        make(&slots[0], -1);
        CORDON_EXPECT(cordon_spsc_peek(&s->ring, &again) == slots && again >= given);
        cordon_spsc_release(&s->ring, given);
        cordon_spsc_release(&s->ring, 0);
    }
    s->popped += (int)given;
    return (int)given;
}

/* One that was pushed in a batch of two is never without the other. */
static inline int pop_pair(struct cordon_litmus_state *s, int n)
{
    if (pop_one(s, n) == 0) {
        return 0;
    }
    CORDON_EXPECT(pop_one(s, n) == 1);
    return 2;
}

static inline void init(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(cordon_spsc_bytes(SLOTS, sizeof(struct item)) <= sizeof s->memory);
    CORDON_EXPECT(cordon_spsc_init(&s->ring, s->memory, SLOTS, sizeof(struct item)));
#ifdef WINDOW
    s->ring.window = WINDOW;
#endif
    for (int i = 0; i < SKEW; ++i) {
        push_one(s, 1);
        pop_one(s, 1);
    }
}

/* Nothing is written behind the last slot. */
static inline void expect_margin(const struct cordon_litmus_state *s)
{
    for (size_t i = SLOTS * sizeof(struct item); i < sizeof s->memory; ++i) {
        CORDON_EXPECT(s->memory[i] == 0);
    }
}

/* At the end, with all that happened known: what was pushed is there, in order, and no more; and an open
 * ring has room for just what is missing.
 */
static inline void drain(struct cordon_litmus_state *s)
{
    expect_margin(s);
    if (!cordon_spsc_is_closed(&s->ring)) {
        CORDON_EXPECT(cordon_spsc_size(&s->ring) == (size_t)(s->pushed - s->popped));
        while (s->pushed - s->popped < SLOTS) {
            CORDON_EXPECT(push_one(s, 1) == 1);
        }
        CORDON_EXPECT(push_one(s, 1) == 0);
    }
    while (s->popped < s->pushed) {
        CORDON_EXPECT(pop_one(s, 1) == 1);
    }
    CORDON_EXPECT(pop_one(s, 1) == 0 && cordon_spsc_size(&s->ring) == 0);
}

/* The same, without a call that would signal; and nobody is still down as a sleeper. */
static inline void count(struct cordon_litmus_state *s)
{
    size_t n = SLOTS;
    const struct item *items = (const struct item *)cordon_spsc_peek(&s->ring, &n);
    expect_margin(s);
    CORDON_EXPECT(cordon_spsc_size(&s->ring) == (size_t)(s->pushed - s->popped));
    for (size_t i = 0; i < n; ++i) {
        expect(&items[i], s->popped + 1 + (int)i);
    }
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_empty.word, memory_order_relaxed) == 0);
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_full.word, memory_order_relaxed) == 0);
}
