/* spsc_wait.c - pushes and pops that sleep: no wake-up is lost, a deadline ends it, a close ends it.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DPARTS=pushes,pops -DSLOTS=1   both sides sleep in turn
 * quick: -DPARTS=pushes_closes,pops_all -DSLOTS=2 -DITEMS=1   after a close the sleeper has everything
 * quick: -DPARTS=pushes_by,pops -DPUT=push_n -DITEMS=2   a batch wakes
 * quick: -DPARTS=pushes_by,pops -DPUT=push_some -DITEMS=2   whatever fits wakes
 * quick: -DPARTS=pushes_by,pops -DPUT=push_in_place -DITEMS=1   a commit wakes
 * quick: -DPARTS=fills,pops_by -DTAKE=pop_n   room for a batch wakes
 * quick: -DPARTS=fills,pops_by -DTAKE=pop_some   whatever was there wakes
 * quick: -DPARTS=fills,pops_by -DTAKE=pop_in_place   a release wakes
 * quick: -DPARTS=pops_until,pushes -DITEMS=1   too late a pop has taken nothing
 * quick: -DPARTS=fills_until,pops_once -DSLOTS=1   too late a push has left nothing
 * quick: -DPARTS=pops_late,pushes_tells -DITEMS=1   a deadline in the past makes it a try
 * quick: -DPARTS=fills_late,pops_once -DSLOTS=1   a push likewise
 * quick: -DPARTS=pops_until,closes   a deadline, or a close
 * quick: -DPARTS=pops_all,closes   a close wakes the consumer
 * quick: -DPARTS=fills_in_vain,closes   a close wakes the producer
 * quick: -DPARTS=fills,pops_closes -DSLOTS=1   the same, when there was room for once
 * quick: -DPARTS=pops_drained,pushes_told,closes -DITEMS=1   a close from a third thread
 * full: -DPARTS=pushes_closes,pops_all -DSLOTS=1 -DITEMS=2 --no-mutate   in turn, and a close
 * full: -DPARTS=fills,pops_drained,closes -DSLOTS=1 --no-mutate   from a third thread, when both may sleep
 * full: -DPARTS=pushes_closes,pops_all -DSLOTS=2 -DITEMS=3 --no-mutate   the same, and over the end
 * exempt: eventcount.c F0 -> eventcount.c F0: the producer slept before the consumer did, or the other
 *     way round, and neither needs to know
 * exempt: eventcount.c R0 -> eventcount.c F0: who registers reads the word that the last to be woken left,
 *     and learns from the ring what it needs
 */
#define SLEEPS
#ifndef PARTS
#define PARTS pushes, pops
#endif
#ifndef ITEMS
#define ITEMS 2
#endif
#ifndef PUT
#define PUT push_one
#endif
#ifndef TAKE
#define TAKE pop_one
#endif
#include "spsc.h"

static inline enum cordon_result push(struct cordon_litmus_state *s)
{
    struct item item;
    make(&item, s->pushed + 1);
    const enum cordon_result result = cordon_spsc_push(&s->ring, &item);
    CORDON_EXPECT(result == CORDON_OK || result == CORDON_CLOSED);
    s->pushed += result == CORDON_OK;
    s->closed += result == CORDON_CLOSED;
    return result;
}

static inline enum cordon_result pop(struct cordon_litmus_state *s)
{
    struct item item;
    const enum cordon_result result = cordon_spsc_pop(&s->ring, &item);
    CORDON_EXPECT(result == CORDON_OK || result == CORDON_CLOSED);
    if (result == CORDON_OK) {
        expect(&item, ++s->popped);
    }
    return result;
}

static inline void pushes(struct cordon_litmus_state *s)
{
    for (int i = 0; i < ITEMS; ++i) {
        CORDON_EXPECT(push(s) == CORDON_OK);
    }
}

static inline void pops(struct cordon_litmus_state *s)
{
    for (int i = 0; i < ITEMS; ++i) {
        CORDON_EXPECT(pop(s) == CORDON_OK);
    }
}

static inline void closes(struct cordon_litmus_state *s)
{
    s->before_close = 1;
    cordon_spsc_close(&s->ring);
}

static inline void pushes_closes(struct cordon_litmus_state *s)
{
    pushes(s);
    closes(s);
}

static inline void pops_all(struct cordon_litmus_state *s)
{
    while (pop(s) == CORDON_OK) {
    }
    CORDON_EXPECT(s->before_close == 1 && s->popped == s->pushed);
}

/* The other calls wake as well. Room is there, or the sleeper makes it. */
static inline void pushes_by(struct cordon_litmus_state *s)
{
    while (s->pushed < ITEMS) {
        PUT(s, ITEMS - s->pushed);
    }
}

static inline void pops_by(struct cordon_litmus_state *s)
{
    while (s->popped < SLOTS) {
        TAKE(s, SLOTS);
    }
}

/* One more than there is room for. */
static inline void fills(struct cordon_litmus_state *s)
{
    for (int i = 0; i < SLOTS; ++i) {
        push_one(s, 1);
    }
    push(s);
}

static inline void fills_in_vain(struct cordon_litmus_state *s)
{
    fills(s);
    CORDON_EXPECT(s->closed > 0 && s->pushed <= SLOTS);
}

static inline void pops_once(struct cordon_litmus_state *s)
{
    pop_one(s, 1);
}

static inline void pops_closes(struct cordon_litmus_state *s)
{
    pop_one(s, 1);
    closes(s);
}

static inline void pop_before(struct cordon_litmus_state *s, uint64_t deadline)
{
    struct item item;
    const enum cordon_result result = cordon_spsc_pop_until(&s->ring, &item, deadline);
    if (result == CORDON_OK) {
        expect(&item, ++s->popped);
    } else if (result == CORDON_CLOSED) {
        CORDON_EXPECT(s->before_close == 1);
    } else {
        CORDON_EXPECT(result == CORDON_TIMEDOUT);
    }
}

static inline enum cordon_result push_before(struct cordon_litmus_state *s, uint64_t deadline)
{
    struct item item;
    make(&item, s->pushed + 1);
    const enum cordon_result result = cordon_spsc_push_until(&s->ring, &item, deadline);
    CORDON_EXPECT(result == CORDON_OK || result == CORDON_TIMEDOUT);
    s->pushed += result == CORDON_OK;
    return result;
}

static inline void pops_until(struct cordon_litmus_state *s)
{
    pop_before(s, cordon_deadline_after(1000));
}

static inline void fills_until(struct cordon_litmus_state *s)
{
    for (int i = 0; i < SLOTS; ++i) {
        push_one(s, 1);
    }
    push_before(s, cordon_deadline_after(1000));
}

/* What a try would get, it gets; and it goes down nowhere as a sleeper. */

static inline void pops_late(struct cordon_litmus_state *s)
{
    const int there = atomic_load_explicit(&s->flag, memory_order_acquire);
    pop_before(s, 0);
    CORDON_EXPECT(s->popped > 0 || !there);
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_empty.word, memory_order_relaxed) == 0);
}

static inline void pushes_tells(struct cordon_litmus_state *s)
{
    pushes(s);
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void fills_late(struct cordon_litmus_state *s)
{
    for (int i = 0; i < SLOTS; ++i) {
        CORDON_EXPECT(push_before(s, 0) == CORDON_OK);
    }
    push_before(s, 0);
    CORDON_EXPECT(atomic_load_explicit(&s->ring.not_full.word, memory_order_relaxed) == 0);
}

/* A close that somebody sent while the producer was at it: what was pushed is there, now or at the end. */
static inline void pushes_told(struct cordon_litmus_state *s)
{
    push(s);
}

static inline void pops_drained(struct cordon_litmus_state *s)
{
    while (pop(s) == CORDON_OK) {
    }
    CORDON_EXPECT(s->before_close == 1);
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = count,
              .outcomes = {CORDON_OUTCOME(pushed), CORDON_OUTCOME(popped), CORDON_OUTCOME(closed)})
