/* spsc.c - the SPSC ring: first in, first out; nothing lost, doubled or torn; never over-full.
 *
 * with: src/fence.c
 * quick: -DSLOTS=1   one slot, which each element uses again
 * quick: -DSLOTS=2   full, empty, over the end
 * quick: -DSLOTS=3 -DSKEW=2 -DTRIES=6 -DWORDS=5   a number of slots that is no power of two
 * quick: -DSLOTS=3 -DSKEW=1 -DWINDOW=1   a look at each second element
 * quick: -DSLOTS=2 -DSKEW=1 -DPUT=push_n -DTAKE=pop_pair   of a batch all or nothing is seen
 * quick: -DSLOTS=3 -DSKEW=2 -DPUT=push_n -DTAKE=pop_n   batches, over the end
 * quick: -DSLOTS=3 -DSKEW=2 -DPUT=push_some -DTAKE=pop_some   as many as there are
 * quick: -DSLOTS=3 -DSKEW=1 -DPUT=push_in_place -DTAKE=pop_in_place -DTRIES=4   no copies
 * quick: -DSLOTS=2 -DPUT=push_one -DTAKE=pop_some   batches of one side only
 * quick: -DSLOTS=2 -DPUT=push_some -DTAKE=pop_one   and of the other
 * quick: -DSLOTS=1 -DPUT=push_in_place -DTAKE=pop_one   one slot, written in place
 * quick: -DSLOTS=1 -DPUT=push_one -DTAKE=pop_in_place   one slot, read in place
 * quick: -DSLOTS=3 -DPUT=push_either -DTAKE=pop_either   one, and two at once, in turn
 * quick: -DPARTS=insists,insists_too -DSLOTS=3   batches of two and two pass through three slots, always
 * quick: -DPARTS=fits -DSLOTS=3 --no-mutate   as many as fit, whatever is remembered of the other side
 */
#ifndef PARTS
#define PARTS pushes, pops
#endif
#ifndef PUT
#define PUT push_one
#endif
#ifndef TAKE
#define TAKE pop_one
#endif
#ifndef TRIES
#define TRIES 5
#endif
#include "spsc.h"

static inline int push_either(struct cordon_litmus_state *s, int n)
{
    return s->pushed % 3 == 0 ? push_one(s, n) : push_n(s, n);
}

static inline int pop_either(struct cordon_litmus_state *s, int n)
{
    return s->popped % 3 == 0 ? pop_one(s, n) : pop_some(s, n);
}

static inline void pushes(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        PUT(s, 2);
    }
}

static inline void pops(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        TAKE(s, 2);
    }
}

/* Neither takes less than a whole batch. */
static inline void insists(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        struct item items[2];
        make(&items[0], ++s->pushed);
        make(&items[1], ++s->pushed);
        while (cordon_spsc_try_push_n(&s->ring, items, 2) != CORDON_OK) {
        }
    }
}

static inline void insists_too(struct cordon_litmus_state *s)
{
    for (int i = 0; i < TRIES; ++i) {
        struct item items[2];
        while (cordon_spsc_try_pop_n(&s->ring, items, 2) != CORDON_OK) {
        }
        expect(&items[0], ++s->popped);
        expect(&items[1], ++s->popped);
    }
}

/* What a side remembers after one element is less than there is: then it has to look again. */
static inline void fits(struct cordon_litmus_state *s)
{
    struct item items[3];
    make(&items[0], ++s->pushed);
    CORDON_EXPECT(cordon_spsc_try_push(&s->ring, items) == CORDON_OK);
    CORDON_EXPECT(cordon_spsc_try_pop(&s->ring, items) == CORDON_OK);
    expect(&items[0], ++s->popped);
    for (int i = 0; i < 3; ++i) {
        make(&items[i], ++s->pushed);
    }
    CORDON_EXPECT(cordon_spsc_try_push_some(&s->ring, items, 3) == 3);
    CORDON_EXPECT(cordon_spsc_try_pop_some(&s->ring, items, 3) == 3);
    for (int i = 0; i < 3; ++i) {
        expect(&items[i], ++s->popped);
    }
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = drain,
              .outcomes = {CORDON_OUTCOME(pushed), CORDON_OUTCOME(popped), CORDON_OUTCOME(full)})
