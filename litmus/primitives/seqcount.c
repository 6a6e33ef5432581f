/* seqcount.c - the sequence counter.
 *
 * with: src/wait.c
 * quick: -DCASE=1           a store, a reader with two loads
 * quick: -DCASE=2           two stores, by a writer that reads what it wrote
 * quick: -DCASE=3           a reader that may know of the store
 * quick: -DCASE=4           a second writer, kept apart by the caller
 * quick: -DCASE=5           what one reader saw, a reader that hears of it sees, too
 * quick: -DCASE=6           one attempt: it fails only if a writer is in the way
 * quick: -DCASE=7           a writer midway: the attempts fail, and do not wait
 * quick: -DCASE=8           a reader midway: the writer does not wait, the reader reads again
 * quick: -DCASE=9           two stores, two readers with two loads each
 * quick: -DCASE=1 -DHAND    by hand: begin, end, retry
 * quick: -DCASE=2 -DHAND    by hand, two stores
 * quick: -DCASE=10          three stores, a reader with two loads
 * full: -DCASE=11 --no-mutate   two stores, three readers, one of which may know of the first
 * exempt: seqcount.h R0 -> seqcount.h A1: incidental: the count that a second look finds is the one that
 *     A0 has acquired, or a newer one, which makes the read void; the next fence picks it up
 * exempt: seqcount.h R1 -> seqcount.h A0: incidental: the odd count of a writer follows the fence of the
 *     writer before; who finds it odd reads nothing
 */
#include <cordon/seq/seqcount.h>

#define SHARED                    \
    struct cordon_seqcount count; \
    cordon_word words[2];
#include "pair.h"

#ifdef HAND
/* Word by word, the reader in the other order. */
static inline void put(struct cordon_litmus_state *s, const struct pair *pair)
{
    cordon_seqcount_write_begin(&s->count);
    atomic_store_explicit(&s->words[0], pair->first, memory_order_relaxed);
    atomic_store_explicit(&s->words[1], pair->second, memory_order_relaxed);
    cordon_seqcount_write_end(&s->count);
}

static inline void get(struct cordon_litmus_state *s, struct pair *pair)
{
    uintptr_t start;
    do {
        start = cordon_seqcount_read_begin(&s->count);
        pair->second = atomic_load_explicit(&s->words[1], memory_order_relaxed);
        pair->first = atomic_load_explicit(&s->words[0], memory_order_relaxed);
    } while (cordon_seqcount_read_retry(&s->count, start));
}
#else
static inline void put(struct cordon_litmus_state *s, const struct pair *pair)
{
    cordon_seqcount_store(&s->count, s->words, pair, sizeof *pair);
}

static inline void get(struct cordon_litmus_state *s, struct pair *pair)
{
    cordon_seqcount_load(&s->count, pair, s->words, sizeof *pair);
}
#endif

static inline bool try_get(struct cordon_litmus_state *s, struct pair *pair)
{
    return cordon_seqcount_try_load(&s->count, pair, s->words, sizeof *pair);
}

/* Writes half, is interrupted by a handler that tries, then waits for another thread that does. */
static inline void writes_midway(struct cordon_litmus_state *s)
{
    struct pair pair;
    s->before[1] = 1;
    cordon_seqcount_write_begin(&s->count);
    atomic_store_explicit(&s->words[0], 1, memory_order_relaxed);
    CORDON_EXPECT(!try_get(s, &pair));
    tell(&s->met[0], 1);
    await(&s->told);
    atomic_store_explicit(&s->words[1], 1, memory_order_relaxed);
    cordon_seqcount_write_end(&s->count);
    s->stored = 1;
}

static inline void tries_midway(struct cordon_litmus_state *s)
{
    struct pair pair;
    uintptr_t start;
    await(&s->met[0]);
    CORDON_EXPECT(!try_get(s, &pair));
    CORDON_EXPECT(!cordon_seqcount_try_read_begin(&s->count, &start));
    tell(&s->told, 1);
    s->saw = loads(s, 0);
}

/* Begins to read, then waits for the writer. */
static inline void reads_midway(struct cordon_litmus_state *s)
{
    const uintptr_t start = cordon_seqcount_read_begin(&s->count);
    await(&s->told);
    s->missed = cordon_seqcount_read_retry(&s->count, start);
    CORDON_EXPECT(s->missed == (start == 0));
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
#define PARTS writes_midway, tries_midway
#elif CASE == 8
#define PARTS writes_and_tells, reads_midway
#elif CASE == 9
#define PARTS writes_twice, reads_twice, reads_twice_too
#elif CASE == 10
#define PARTS writes_thrice, reads_twice
#else
#define PARTS writes_twice, reads_and_tells, reads_twice_too, hears_and_reads
#endif
CORDON_LITMUS(.threads = {PARTS}, .check = check, .outcomes = {OUTCOMES})
