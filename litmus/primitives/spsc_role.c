/* spsc_role.c - who may use an SPSC ring, and what is known of it: a role moves to another thread; FULL,
 * EMPTY and the size are right of all that happens before.
 *
 * with: src/fence.c
 * quick: -DPARTS=pushes_first,pushes_second,pops -DSLOTS=1   the producer's role moves
 * quick: -DPARTS=pushes_first,pushes_second,pops -DSLOTS=2   the same, with a limit that is kept
 * quick: -DPARTS=pops_first,pops_second,pushes -DSLOTS=1   the consumer's role moves
 * quick: -DPARTS=pops_first,pops_second,pushes -DSLOTS=2   the same, with a tail that is kept
 * quick: -DPARTS=reserves,commits,pops -DTRIES=2   it moves between reserve and commit
 * quick: -DPARTS=peeks,releases,pushes -DSLOTS=1   and between peek and release
 * quick: -DPARTS=swaps_producer,swaps_consumer   two threads change places
 * quick: -DPARTS=pushes_knowing,pops_knowing -DSLOTS=1   never FULL or EMPTY against better knowledge
 * quick: -DPARTS=pushes_knowing,pops_knowing -DSLOTS=2   the same
 * quick: -DPARTS=pushes_by_size,pops_by_size -DSLOTS=2   the size errs on the safe side
 * quick: -DPARTS=pushes,pops,looks -DTRIES=1   and for others it never counts what was not pushed
 * quick: -DPARTS=pushes,pops,looks -DSLOTS=1   the same, some laps later
 * quick: -DPARTS=pushes_knowing,pops_knowing,looks -DTRIES=2   nor, by what is known, too many or too few
 */
#ifndef PARTS
#define PARTS swaps_producer, swaps_consumer
#endif
#ifndef TRIES
#define TRIES 3
#endif
#include "spsc.h"

static inline void pushes(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        push_one(s, 1);
    }
}

static inline void pops(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        pop_one(s, 1);
    }
}

/* The first of two threads in one role gives it to the second, with all that it kept. */

static inline void pushes_first(struct cordon_litmus_state *s)
{
    pushes(s);
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void pushes_second(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->flag, memory_order_acquire) == 1) {
        pushes(s);
    }
}

static inline void pops_first(struct cordon_litmus_state *s)
{
    pop_one(s, 1);
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void pops_second(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->flag, memory_order_acquire) == 1) {
        pops(s);
    }
}

/* What was reserved or seen in place goes with it. */

static inline void reserves(struct cordon_litmus_state *s)
{
    size_t n = 1;
    struct item *slot = (struct item *)cordon_spsc_reserve(&s->ring, &n);
    make(slot, ++s->pushed);
    atomic_store_explicit(&s->flag, 1, memory_order_release);
}

static inline void commits(struct cordon_litmus_state *s)
{
    while (atomic_load_explicit(&s->flag, memory_order_acquire) == 0) {
    }
    cordon_spsc_commit(&s->ring, 1);
    pushes(s);
}

static inline void peeks(struct cordon_litmus_state *s)
{
    size_t n = 1;
    const struct item *slot = (const struct item *)cordon_spsc_peek(&s->ring, &n);
    if (slot != NULL) {
        expect(slot, s->popped + 1);
        atomic_store_explicit(&s->flag, 1, memory_order_release);
    }
}

static inline void releases(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->flag, memory_order_acquire) == 1) {
        cordon_spsc_release(&s->ring, 1);
        ++s->popped;
        pops(s);
    }
}

static inline void swaps_producer(struct cordon_litmus_state *s)
{
    pushes_first(s);
    if (atomic_load_explicit(&s->more, memory_order_acquire) == 1) {
        pops(s);
    }
}

static inline void swaps_consumer(struct cordon_litmus_state *s)
{
    pops(s);
    atomic_store_explicit(&s->more, 1, memory_order_release);
    pushes_second(s);
}

/* Each tells the other how far it is: `flag` counts what was pushed, `more` what was popped. */

static inline void pushes_knowing(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        const int popped = atomic_load_explicit(&s->more, memory_order_acquire);
        const int room = SLOTS - (s->pushed - popped);
        CORDON_EXPECT(push_one(s, 1) == 1 || room <= 0);
        atomic_store_explicit(&s->flag, s->pushed, memory_order_release);
    }
}

static inline void pops_knowing(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        const int there = atomic_load_explicit(&s->flag, memory_order_acquire) - s->popped;
        CORDON_EXPECT(pop_one(s, 1) == 1 || there <= 0);
        atomic_store_explicit(&s->more, s->popped, memory_order_release);
    }
}

static inline void pushes_by_size(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        for (size_t n = cordon_spsc_size(&s->ring); n < SLOTS; ++n) {
            CORDON_EXPECT(push_one(s, 1) == 1);
        }
    }
}

static inline void pops_by_size(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        for (size_t n = cordon_spsc_size(&s->ring); n > 0; --n) {
            CORDON_EXPECT(pop_one(s, 1) == 1);
        }
    }
}

/* At most what was pushed ever, less what was popped before; at least what was pushed before, less what
 * was popped ever.
 */
static inline void looks(struct cordon_litmus_state *s)
{
    const int pushed = atomic_load_explicit(&s->flag, memory_order_acquire);
    const int popped = atomic_load_explicit(&s->more, memory_order_acquire);
    const int size = (int)cordon_spsc_size(&s->ring);
    CORDON_EXPECT(size >= 0 && size <= SLOTS);
    CORDON_EXPECT(size <= TRIES - popped && size >= pushed - TRIES);
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = drain,
              .outcomes = {CORDON_OUTCOME(pushed), CORDON_OUTCOME(popped), CORDON_OUTCOME(full)})
