/* seqlock.c - the sequence lock: a sequence counter, and a mutex for the writers and for readers that
 * had no luck. All its orders are those of the two, and are weakened where they are proved.
 *
 * with: src/wait.c src/mutex.c
 * quick: -DCASE=1 --no-mutate             a store, a reader with two loads
 * quick: -DCASE=1 -DTRIES=1 --no-mutate   it takes the lock after one try
 * quick: -DCASE=1 -DTRIES=0 --no-mutate   it takes the lock at once
 * quick: -DCASE=2 --no-mutate             two stores, by a writer that reads what it wrote
 * quick: -DCASE=2 -DTRIES=1 --no-mutate   the reader takes the lock after one try
 * quick: -DCASE=3 --no-mutate             two writers, a reader by hand: begin, retry
 * quick: -DCASE=4 --no-mutate             a writer that only tries: it fails only if another is inside
 * quick: -DCASE=5 --no-mutate             a writer that gives up
 * quick: -DCASE=6 --no-mutate             a reader that has the lock, and a writer, keep each other out
 * quick: -DCASE=7 --no-mutate             a reader midway: the writer does not wait, the reader locks
 * quick: -DCASE=8 --no-mutate             a reader that has the lock: another need not wait
 * quick: -DCASE=9 --no-mutate             a read fails only if a writer is in the way
 * quick: -DCASE=10 -DTRIES=1 --no-mutate  a reader that may know of the store
 * quick: -DCASE=14 --no-mutate            two writers of whole objects, in any order
 * full: -DCASE=11 -DTRIES=1 --no-mutate   two writers, a reader
 * full: -DCASE=11 -DTRIES=8 --no-mutate   the same, with so many tries as by default
 * full: -DCASE=12 -DTRIES=1 --no-mutate   two readers
 * full: -DCASE=13 --no-mutate             two writers, one gives up, and a reader that has the lock
 * quick: -DCASE=15 --no-mutate            a writer that takes long: the reader goes to sleep
 */
#include <cordon/seq/seqlock.h>

#define SHARED                  \
    struct cordon_seqlock lock; \
    cordon_word words[2];       \
    int inside; /* plain: changed by whoever has the lock */
#include "pair.h"

/* How often a reader tries before it takes the lock. */
#ifndef TRIES
#define TRIES CORDON_SEQLOCK_TRIES
#endif

static inline void put(struct cordon_litmus_state *s, const struct pair *pair)
{
    cordon_seqlock_store(&s->lock, s->words, pair, sizeof *pair);
}

static inline void get(struct cordon_litmus_state *s, struct pair *pair)
{
#if TRIES == CORDON_SEQLOCK_TRIES
    cordon_seqlock_load(&s->lock, pair, s->words, sizeof *pair);
#else
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&s->lock, TRIES);
    do {
        cordon_seqlock_reader_begin(&reader);
        cordon_words_load(pair, s->words, sizeof *pair);
    } while (cordon_seqlock_reader_retry(&reader));
#endif
}

static inline bool try_get(struct cordon_litmus_state *s, struct pair *pair)
{
    const uintptr_t start = cordon_seqlock_read_begin(&s->lock);
    cordon_words_load(pair, s->words, sizeof *pair);
    return !cordon_seqlock_read_retry(&s->lock, start);
}

static inline void has_lock(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->inside == 0);
    s->inside = 1;
    s->inside = 0;
}

/* A writer, one of several, with the lock: stores the number that follows. */
static inline void changes(struct cordon_litmus_state *s)
{
    const int number = s->stored + 1;
    const struct pair pair = {(uintptr_t)number, (uintptr_t)number};
    has_lock(s);
    s->before[number] = number;
    cordon_words_store(s->words, &pair, sizeof pair);
    s->stored = number;
    cordon_seqlock_write_unlock(&s->lock);
}

static inline void locks(struct cordon_litmus_state *s)
{
    cordon_seqlock_write_lock(&s->lock);
    changes(s);
}

static inline void locks_and_tells(struct cordon_litmus_state *s)
{
    locks(s);
    tell(&s->told, 1);
}

/* Fails only if somebody has the lock. */
static inline void hears_and_tries_lock(struct cordon_litmus_state *s)
{
    const int known = hear(&s->told);
    if (cordon_seqlock_write_try_lock(&s->lock)) {
        changes(s);
    } else {
        CORDON_EXPECT(known == 0);
        s->missed = 1;
    }
}

static inline void locks_until(struct cordon_litmus_state *s)
{
    if (cordon_seqlock_write_lock_until(&s->lock, cordon_deadline_after(1000))) {
        changes(s);
    } else {
        s->missed = 1;
    }
}

/* Reads with the lock: then no writer is inside. */
static inline void reads_inside(struct cordon_litmus_state *s)
{
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&s->lock, 0);
    struct pair pair;
    cordon_seqlock_reader_begin(&reader);
    has_lock(s);
    cordon_words_load(&pair, s->words, sizeof pair);
    CORDON_EXPECT(pair.first == (uintptr_t)s->stored);
    CORDON_EXPECT(!cordon_seqlock_reader_retry(&reader));
    s->saw_next = judge(s, &pair, 0);
}

/* Never takes the lock, however often it reads. */
static inline void reads_by_hand(struct cordon_litmus_state *s)
{
    struct pair pair;
    while (!try_get(s, &pair)) {
    }
    s->saw = judge(s, &pair, 0);
}

/* Begins without the lock, waits for the writer, reads again with the lock. */
static inline void reads_midway(struct cordon_litmus_state *s)
{
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&s->lock, 1);
    struct pair pair;
    cordon_seqlock_reader_begin(&reader);
    const bool again = !reader.locked && reader.start == 0;
    if (!reader.locked) {
        await(&s->told);
    }
    cordon_words_load(&pair, s->words, sizeof pair);
    s->missed = cordon_seqlock_reader_retry(&reader);
    CORDON_EXPECT(s->missed == again);
    if (again) {
        cordon_seqlock_reader_begin(&reader);
        CORDON_EXPECT(reader.locked);
        cordon_words_load(&pair, s->words, sizeof pair);
        CORDON_EXPECT(!cordon_seqlock_reader_retry(&reader));
    }
    s->saw = judge(s, &pair, 1);
}

/* Has the lock, and waits for a reader without. */
static inline void reads_slowly(struct cordon_litmus_state *s)
{
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&s->lock, 0);
    struct pair pair;
    cordon_seqlock_reader_begin(&reader);
    await(&s->told);
    cordon_words_load(&pair, s->words, sizeof pair);
    CORDON_EXPECT(!cordon_seqlock_reader_retry(&reader));
    s->saw_next = judge(s, &pair, 0);
}

static inline void reads_and_lets_go_on(struct cordon_litmus_state *s)
{
    s->saw = loads(s, 0);
    tell(&s->told, 1);
}

/* A writer that had the lock before the others came, and is not done until a reader sleeps. */
static inline void has_it(struct cordon_litmus_state *s)
{
    cordon_seqlock_write_lock(&s->lock);
}

static inline void changes_late(struct cordon_litmus_state *s)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while ((atomic_load_explicit(&s->lock.mutex.word, memory_order_relaxed) &
            CORDON_MUTEX_QUEUED_) == 0) {
        cordon_wait_step(&waiter);
    }
    changes(s);
}

/* Two writers of which nobody knows which is first. */
static inline void stores_either(struct cordon_litmus_state *s, int number)
{
    const struct pair pair = {(uintptr_t)number, (uintptr_t)number};
    s->before[number] = number;
    put(s, &pair);
}

static inline void stores_one(struct cordon_litmus_state *s)
{
    stores_either(s, 1);
}

static inline void stores_two(struct cordon_litmus_state *s)
{
    stores_either(s, 2);
}

static inline void reads_either(struct cordon_litmus_state *s)
{
    struct pair pair;
    while (!try_get(s, &pair)) {
    }
    CORDON_EXPECT(pair.first == pair.second);
    CORDON_EXPECT(s->before[pair.first] == (int)pair.first);
    s->saw = (int)pair.first;
}

static inline void check_either(struct cordon_litmus_state *s)
{
    reads_either(s);
    CORDON_EXPECT(s->saw != 0);
}

#if CASE == 1
#define PARTS writes, reads_twice
#elif CASE == 2
#define PARTS writes_twice, reads
#elif CASE == 3
#define PARTS locks, locks, reads_by_hand
#elif CASE == 4
#define PARTS locks_and_tells, hears_and_tries_lock, reads_by_hand
#elif CASE == 5
#define PARTS locks, locks_until, reads_by_hand
#elif CASE == 6
#define PARTS locks, reads_inside
#elif CASE == 7
#define PARTS writes_and_tells, reads_midway
#elif CASE == 8
#define PARTS reads_slowly, reads_and_lets_go_on
#elif CASE == 9
#define PARTS writes_and_tells, hears_and_tries
#elif CASE == 10
#define PARTS writes_and_tells, hears_and_reads
#elif CASE == 11
#define PARTS locks, locks, reads
#elif CASE == 12
#define PARTS writes, reads, reads_too
#elif CASE == 13
#define PARTS locks, locks_until, reads_inside
#elif CASE == 15
#define PARTS changes_late, reads
#define INIT  has_it
#else
#define PARTS stores_one, stores_two, reads_either
#define CHECK check_either
#endif
#ifndef CHECK
#define CHECK check
#endif
#ifndef INIT
#define INIT NULL
#endif
CORDON_LITMUS(.init = INIT, .threads = {PARTS}, .check = CHECK, .outcomes = {OUTCOMES})
