/* spsc_close.c - the end of an SPSC ring: whoever is told CLOSED has everything, and knows what came
 * before.
 *
 * with: src/fence.c
 * quick: -DPARTS=pushes_closes,drains   CLOSED comes after the last element, and is never missed
 * quick: -DPARTS=pushes_closes,drains -DSLOTS=1   the same over one slot
 * quick: -DPARTS=pushes_closes,drains_n   fewer than asked for remain, and can be had
 * quick: -DPARTS=pushes_closes,looks_first   is_closed, then an empty ring: nothing is left
 * quick: -DPARTS=pushes_closes,tries   no word too early, if it does not wait for it
 * quick: -DPARTS=pushes_tells,closes_when_told,drains   a third thread closes, after the last push
 * quick: -DPARTS=pushes_closes,drains,asks   a third thread asks
 * quick: -DPARTS=pushes_until_closed,stops   the consumer closes, and loses nothing
 * quick: -DPARTS=pushes_until_closed,stops -DSLOTS=1   the same: FULL, or CLOSED
 * quick: -DPARTS=pushes_tells,closes,drains_when_told   somebody closes while the producer pushes
 * quick: -DPARTS=commits_after,stops   a close does not take back what was reserved
 */
#ifndef PARTS
#define PARTS pushes_closes, drains
#endif
#include "spsc.h"

enum { PUSHES = 3 };

static inline void close_now(struct cordon_litmus_state *s)
{
    s->before_close = 1;
    cordon_spsc_close(&s->ring);
}

/* The whole of the producer's part happens before the close, so its count may be read. */
static inline void expect_all(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->before_close == 1 && s->popped == s->pushed);
}

static inline void pushes_closes(struct cordon_litmus_state *s)
{
    for (int i = 0; i < PUSHES; ++i) {
        push_one(s, 1);
    }
    close_now(s);
    cordon_spsc_close(&s->ring); /* may be repeated */
    CORDON_EXPECT(push_one(s, 1) == 0 && s->closed == 1);
}

static inline void pushes_tells(struct cordon_litmus_state *s)
{
    for (int i = 0; i < PUSHES; ++i) {
        push_one(s, 1);
    }
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void closes_when_told(struct cordon_litmus_state *s)
{
    while (atomic_load_explicit(&s->flag, memory_order_acquire) == 0) {
    }
    close_now(s);
}

static inline void closes(struct cordon_litmus_state *s)
{
    close_now(s);
}

/* Until it is told that there is no more. */
static inline enum cordon_result pop_all(struct cordon_litmus_state *s)
{
    for (;;) {
        struct item item;
        const enum cordon_result result = cordon_spsc_try_pop(&s->ring, &item);
        if (result == CORDON_CLOSED) {
            return result;
        }
        if (result == CORDON_OK) {
            expect(&item, ++s->popped);
        }
    }
}

static inline void drains(struct cordon_litmus_state *s)
{
    pop_all(s);
    expect_all(s);
}

static inline void drains_n(struct cordon_litmus_state *s)
{
    for (;;) {
        struct item items[2];
        const enum cordon_result result = cordon_spsc_try_pop_n(&s->ring, items, 2);
        if (result == CORDON_CLOSED) {
            break;
        }
        if (result == CORDON_OK) {
            expect(&items[0], ++s->popped);
            expect(&items[1], ++s->popped);
        }
    }
    CORDON_EXPECT(s->pushed - s->popped < 2);
    pop_all(s);
    expect_all(s);
}

/* For calls that answer with nothing, be it EMPTY or CLOSED. */
static inline void looks_first(struct cordon_litmus_state *s)
{
    while (!cordon_spsc_is_closed(&s->ring)) {
        pop_some(s, 2);
    }
    while (pop_in_place(s, 1) > 0) {
    }
    expect_all(s);
}

static inline void tries(struct cordon_litmus_state *s)
{
    for (int i = 0; i < PUSHES + 1; ++i) {
        struct item item;
        const enum cordon_result result = cordon_spsc_try_pop(&s->ring, &item);
        if (result == CORDON_OK) {
            expect(&item, ++s->popped);
        } else if (result == CORDON_CLOSED) {
            expect_all(s);
        }
    }
}

static inline void asks(struct cordon_litmus_state *s)
{
    if (cordon_spsc_is_closed(&s->ring)) {
        CORDON_EXPECT(s->before_close == 1);
    }
}

/* Told at once if the close was seen, and of no more than that. */
static inline void pushes_until_closed(struct cordon_litmus_state *s)
{
    for (int i = 0; i < PUSHES + 1; ++i) {
        const bool closed = cordon_spsc_is_closed(&s->ring);
        if (push_one(s, 1) == 1) {
            CORDON_EXPECT(!closed);
        } else if (closed) {
            CORDON_EXPECT(s->closed > 0 && s->before_close == 1);
        }
    }
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void commits_after(struct cordon_litmus_state *s)
{
    size_t n = 1, none = 2;
    struct item *slot = (struct item *)cordon_spsc_reserve(&s->ring, &n);
    if (slot != NULL) {
        while (!cordon_spsc_is_closed(&s->ring)) {
        }
        make(slot, ++s->pushed);
        cordon_spsc_commit(&s->ring, 1);
        CORDON_EXPECT(cordon_spsc_reserve(&s->ring, &none) == NULL && none == 0);
        CORDON_EXPECT(push_n(s, 1) == 0 && push_some(s, 1) == 0 && s->closed == 2);
    }
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

/* CLOSED is no last word while the producer has not stopped; then it is. */
static inline void drains_when_told(struct cordon_litmus_state *s)
{
    pop_all(s);
    while (atomic_load_explicit(&s->flag, memory_order_acquire) == 0) {
    }
    pop_all(s);
    expect_all(s);
}

static inline void stops(struct cordon_litmus_state *s)
{
    pop_one(s, 1);
    close_now(s);
    pop_one(s, 1);
    drains_when_told(s);
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = drain,
              .outcomes = {CORDON_OUTCOME(pushed), CORDON_OUTCOME(popped), CORDON_OUTCOME(closed)})
