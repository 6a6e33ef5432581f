/* latch.c - the latch: two copies and a counter.
 *
 * with: src/wait.c
 * quick: -DCASE=1           a store, a reader with two loads
 * quick: -DCASE=2           two stores, by a writer that reads what it wrote
 * quick: -DCASE=3           a reader that may know of the store
 * quick: -DCASE=4           a second writer, kept apart by the caller
 * quick: -DCASE=5           what one reader saw, a reader that hears of it sees, too
 * quick: -DCASE=6           one attempt: it fails only if a writer has made a turn
 * quick: -DCASE=7           a writer midway in either copy waits for a reader: that one gets a whole object
 * quick: -DCASE=8           a reader midway waits for the writer: that one does not wait for it
 * quick: -DCASE=9           a handler on top of the writer reads at each step, in one attempt
 * quick: -DCASE=1 -DHAND    by hand: turns, begin, retry
 * quick: -DCASE=2 -DHAND    by hand, two stores
 * quick: -DCASE=12          three stores, a reader with two loads
 * full: -DCASE=10 --no-mutate   two stores, two readers
 * full: -DCASE=11 --no-mutate   two stores, two readers, one with two loads
 * exempt: latch.h R0 -> latch.h A1: incidental: the count that a second look finds is the one that A0 has
 *     acquired, or a newer one, which makes the read void; the next fence picks it up
 */
#include <cordon/seq/latch.h>

#define SHARED                 \
    struct cordon_latch latch; \
    cordon_word words[4]; /* two copies */
#include "pair.h"

static inline bool try_get(struct cordon_litmus_state *s, struct pair *pair)
{
    const uintptr_t start = cordon_latch_read_begin(&s->latch);
    const cordon_word *words = s->words + 2 * (start & 1);
    pair->second = atomic_load_explicit(&words[1], memory_order_relaxed);
    pair->first = atomic_load_explicit(&words[0], memory_order_relaxed);
    return !cordon_latch_read_retry(&s->latch, start);
}

#ifdef HAND
static inline void put(struct cordon_litmus_state *s, const struct pair *pair)
{
    for (int i = 0; i < 2; ++i) {
        cordon_word *words = s->words + 2 * cordon_latch_turn(&s->latch);
        atomic_store_explicit(&words[0], pair->first, memory_order_relaxed);
        atomic_store_explicit(&words[1], pair->second, memory_order_relaxed);
    }
}

static inline void get(struct cordon_litmus_state *s, struct pair *pair)
{
    while (!try_get(s, pair)) {
    }
}
#else
static inline void put(struct cordon_litmus_state *s, const struct pair *pair)
{
    cordon_latch_store(&s->latch, s->words, pair, sizeof *pair);
}

static inline void get(struct cordon_litmus_state *s, struct pair *pair)
{
    cordon_latch_load(&s->latch, pair, s->words, sizeof *pair);
}
#endif

/* What a handler sees that has interrupted the writer: it need not read twice. */
static inline int interrupts(struct cordon_litmus_state *s)
{
    struct pair pair;
    CORDON_EXPECT(try_get(s, &pair));
    return judge(s, &pair, 0);
}

/* Until the second turn the object is the one before, then the new one. */
static inline void writes_interrupted(struct cordon_litmus_state *s)
{
    s->before[1] = 1;
    for (int i = 0; i < 2; ++i) {
        cordon_word *words = s->words + 2 * cordon_latch_turn(&s->latch);
        CORDON_EXPECT(interrupts(s) == i);
        atomic_store_explicit(&words[0], 1, memory_order_relaxed);
        CORDON_EXPECT(interrupts(s) == i);
        atomic_store_explicit(&words[1], 1, memory_order_relaxed);
        CORDON_EXPECT(interrupts(s) == i);
    }
    s->stored = 1;
}

/* Waits in the midst of the first copy, then in that of the second. */
static inline void writes_midway(struct cordon_litmus_state *s)
{
    s->before[1] = 1;
    for (int i = 0; i < 2; ++i) {
        cordon_word *words = s->words + 2 * cordon_latch_turn(&s->latch);
        atomic_store_explicit(&words[0], 1, memory_order_relaxed);
        tell(&s->met[i], 1);
        await(&s->met[2 + i]);
        atomic_store_explicit(&words[1], 1, memory_order_relaxed);
    }
    s->stored = 1;
}

static inline void reads_meanwhile(struct cordon_litmus_state *s)
{
    for (int i = 0; i < 2; ++i) {
        await(&s->met[i]);
        CORDON_EXPECT(loads(s, 0) == i);
        tell(&s->met[2 + i], 1);
    }
}

/* Begins to read, then waits for the writer. */
static inline void reads_midway(struct cordon_litmus_state *s)
{
    const uintptr_t start = cordon_latch_read_begin(&s->latch);
    await(&s->told);
    s->missed = cordon_latch_read_retry(&s->latch, start);
    CORDON_EXPECT(s->missed == (start != 2));
    s->saw = loads(s, 1);
}

#if CASE == 1
#define PARTS writes, reads_twice
#elif CASE == 2
#define PARTS writes_twice, reads
#elif CASE == 3
#define PARTS writes_and_tells, hears_and_reads
#elif CASE == 4
#define PARTS writes_and_tells, writes_after, reads
#elif CASE == 5
#define PARTS writes, reads_and_tells, hears_and_reads
#elif CASE == 6
#define PARTS writes_and_tells, hears_and_tries
#elif CASE == 7
#define PARTS writes_midway, reads_meanwhile
#elif CASE == 8
#define PARTS writes_and_tells, reads_midway
#elif CASE == 9
#define PARTS writes_interrupted, reads_twice
#elif CASE == 10
#define PARTS writes_twice, reads, reads_too
#elif CASE == 11
#define PARTS writes_twice, reads, reads_twice_too
#else
#define PARTS writes_thrice, reads_twice
#endif
CORDON_LITMUS(.threads = {PARTS}, .check = check, .outcomes = {OUTCOMES})
