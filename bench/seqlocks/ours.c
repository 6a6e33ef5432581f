/* ours.c - our designs in the loops, and the copy that nothing protects. */
#define _GNU_SOURCE
#include "record.h"
#include "designs.h"

#include <cordon/seq/latch.h>
#include <cordon/seq/seqcount.h>
#include <cordon/seq/seqlock.h>
#include <cordon/spin/ttas.h>
#include <cordon/sync/mutex.h>

/* What a writer's lock and a counter have in common. Each design has its words on a line of their own,
 * and the data from the next line on.
 */
struct seqlock {
    CORDON_ALIGNED(CORDON_LINE) struct cordon_seqlock lock;
    CORDON_ALIGNED(CORDON_LINE) cordon_word data[SEQ_MOST_WORDS];
};

/* As the library's own further attempts. */
#define SEQ_AGAIN __attribute__((noinline, cold)) static

struct seqlock_self {
    struct seq_nobody nobody;
};

static void seqlock_begin(struct seqlock *state, const uintptr_t *record, unsigned size)
{
    cordon_words_store(state->data, record, size);
}

static void seqlock_end(struct seqlock *state, uintptr_t *record, unsigned size)
{
    cordon_words_load(record, state->data, size);
}

SEQ_INLINE void seqlock_enter(struct seqlock *state, struct seqlock_self *self, unsigned index,
                              bool reader)
{
    (void)state, (void)self, (void)index, (void)reader;
}

SEQ_INLINE void seqlock_leave(struct seqlock *state, struct seqlock_self *self)
{
    (void)state, (void)self;
}

/* What cordon_seqlock_load does once it was in vain, and how often it was. */
SEQ_AGAIN unsigned seqlock_read_again(struct seqlock *state, uintptr_t *to, const unsigned size,
                                      const uint32_t tries)
{
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&state->lock, tries);
    for (unsigned retries = CORDON_SEQLOCK_TRIES - tries;; ++retries) {
        cordon_seqlock_reader_begin(&reader);
        cordon_words_load(to, state->data, size);
        if (!cordon_seqlock_reader_retry(&reader)) {
            return retries;
        }
    }
}

/* cordon_seqlock_load, statement by statement. */
SEQ_INLINE unsigned seqlock_read(struct seqlock *state, struct seqlock_self *self, uintptr_t *to,
                                 const unsigned size)
{
    uint32_t tries = CORDON_SEQLOCK_TRIES;
    uintptr_t start;
    (void)self;
    if (cordon_seqcount_try_read_begin(&state->lock.count, &start)) {
        cordon_words_load(to, state->data, size);
        if (!cordon_seqcount_read_retry(&state->lock.count, start)) {
            return 0;
        }
        --tries;
    }
    return seqlock_read_again(state, to, size, tries);
}

SEQ_INLINE void seqlock_write(struct seqlock *state, struct seqlock_self *self,
                              const uintptr_t *from, const unsigned size)
{
    (void)self;
    cordon_seqlock_store(&state->lock, state->data, from, size);
}

#define SEQ_NAME seqlock
#include "loops.h"

/* A counter, and a spinlock that keeps writers apart. */
struct seqcount {
    CORDON_ALIGNED(CORDON_LINE) struct cordon_seqcount count;
    struct cordon_ttas lock;
    CORDON_ALIGNED(CORDON_LINE) cordon_word data[SEQ_MOST_WORDS];
};

struct seqcount_self {
    struct seq_nobody nobody;
};

static void seqcount_begin(struct seqcount *state, const uintptr_t *record, unsigned size)
{
    cordon_words_store(state->data, record, size);
}

static void seqcount_end(struct seqcount *state, uintptr_t *record, unsigned size)
{
    cordon_words_load(record, state->data, size);
}

SEQ_INLINE void seqcount_enter(struct seqcount *state, struct seqcount_self *self, unsigned index,
                               bool reader)
{
    (void)state, (void)self, (void)index, (void)reader;
}

SEQ_INLINE void seqcount_leave(struct seqcount *state, struct seqcount_self *self)
{
    (void)state, (void)self;
}

/* As with the seqlock. */
SEQ_AGAIN unsigned seqcount_read_again(struct seqcount *state, uintptr_t *to, const unsigned size)
{
    for (unsigned retries = 1;; ++retries) {
        const uintptr_t start = cordon_seqcount_read_begin(&state->count);
        cordon_words_load(to, state->data, size);
        if (!cordon_seqcount_read_retry(&state->count, start)) {
            return retries;
        }
    }
}

SEQ_INLINE unsigned seqcount_read(struct seqcount *state, struct seqcount_self *self, uintptr_t *to,
                                  const unsigned size)
{
    (void)self;
    return cordon_seqcount_try_load(&state->count, to, state->data, size)
               ? 0
               : seqcount_read_again(state, to, size);
}

SEQ_INLINE void seqcount_write(struct seqcount *state, struct seqcount_self *self,
                               const uintptr_t *from, const unsigned size)
{
    (void)self;
    cordon_ttas_lock(&state->lock);
    cordon_seqcount_store(&state->count, state->data, from, size);
    cordon_ttas_unlock(&state->lock);
}

#define SEQ_NAME seqcount
#include "loops.h"

/* Two copies, and the same spinlock. */
struct latch {
    CORDON_ALIGNED(CORDON_LINE) struct cordon_latch latch;
    struct cordon_ttas lock;
    CORDON_ALIGNED(CORDON_LINE) cordon_word data[2 * SEQ_MOST_WORDS];
};

struct latch_self {
    struct seq_nobody nobody;
};

static void latch_begin(struct latch *state, const uintptr_t *record, unsigned size)
{
    cordon_latch_store(&state->latch, state->data, record, size);
}

static void latch_end(struct latch *state, uintptr_t *record, unsigned size)
{
    cordon_latch_load(&state->latch, record, state->data, size);
}

SEQ_INLINE void latch_enter(struct latch *state, struct latch_self *self, unsigned index,
                            bool reader)
{
    (void)state, (void)self, (void)index, (void)reader;
}

SEQ_INLINE void latch_leave(struct latch *state, struct latch_self *self)
{
    (void)state, (void)self;
}

/* As with the seqlock; a read of the second copy is not in vain. */
SEQ_AGAIN unsigned latch_read_again(struct latch *state, uintptr_t *to, const unsigned size)
{
    for (unsigned retries = 0;; ++retries) {
        const uintptr_t start = cordon_latch_read_begin(&state->latch);
        cordon_words_load(to, state->data + (start & 1) * (size / sizeof(uintptr_t)), size);
        if (!cordon_latch_read_retry(&state->latch, start)) {
            return retries;
        }
    }
}

SEQ_INLINE unsigned latch_read(struct latch *state, struct latch_self *self, uintptr_t *to,
                               const unsigned size)
{
    const uintptr_t start = cordon_latch_read_begin(&state->latch);
    (void)self;
    if ((start & 1) != 0) {
        return latch_read_again(state, to, size);
    }
    cordon_words_load(to, state->data, size);
    return cordon_latch_read_retry(&state->latch, start) ? 1 + latch_read_again(state, to, size)
                                                         : 0;
}

SEQ_INLINE void latch_write(struct latch *state, struct latch_self *self, const uintptr_t *from,
                            const unsigned size)
{
    (void)self;
    cordon_ttas_lock(&state->lock);
    cordon_latch_store(&state->latch, state->data, from, size);
    cordon_ttas_unlock(&state->lock);
}

#define SEQ_NAME latch
#include "loops.h"

#define SEQ_NAME                  mutex
#define LOCK_TYPE                 struct cordon_mutex
#define LOCK_INIT(lock)           (void)(lock) /* all zero */
#define LOCK_READ(lock, self)     cordon_mutex_lock(lock)
#define LOCK_READ_END(lock, self) cordon_mutex_unlock(lock)
#define LOCK_WRITE(lock)          cordon_mutex_lock(lock)
#define LOCK_WRITE_END(lock)      cordon_mutex_unlock(lock)
#include "locked.h"

/* Nothing at all: what the loop, the copy and the check cost; and, beside a writer, what the check must
 * catch.
 */
struct none {
    CORDON_ALIGNED(CORDON_LINE) cordon_word data[SEQ_MOST_WORDS];
};

struct none_self {
    struct seq_nobody nobody;
};

static void none_begin(struct none *state, const uintptr_t *record, unsigned size)
{
    cordon_words_store(state->data, record, size);
}

static void none_end(struct none *state, uintptr_t *record, unsigned size)
{
    cordon_words_load(record, state->data, size);
}

SEQ_INLINE void none_enter(struct none *state, struct none_self *self, unsigned index, bool reader)
{
    (void)state, (void)self, (void)index, (void)reader;
}

SEQ_INLINE void none_leave(struct none *state, struct none_self *self)
{
    (void)state, (void)self;
}

SEQ_INLINE unsigned none_read(struct none *state, struct none_self *self, uintptr_t *to,
                              const unsigned size)
{
    (void)self;
    cordon_words_load(to, state->data, size);
    return 0;
}

SEQ_INLINE void none_write(struct none *state, struct none_self *self, const uintptr_t *from,
                           const unsigned size)
{
    (void)self;
    cordon_words_store(state->data, from, size);
}

#define SEQ_NAME none
#include "loops.h"

const struct seq_design seq_ours[] = {
    {
        .name = "seqlock",
        .library = "cordon",
        .kind = SEQ_RETRY,
        .readers = "a write; in turn after 8 tries",
        .writers = "readers that tried 8 times",
        .handler = "no",
        .memory = "-",
        .bytes = sizeof(struct cordon_seqlock),
        .copies = 1,
        SEQ_LOOPS(seqlock),
    },
    {
        .name = "seqcount",
        .library = "cordon",
        .kind = SEQ_RETRY,
        .readers = "each write; may starve",
        .writers = "nobody",
        .handler = "by try_load",
        .memory = "-",
        .bytes = sizeof(struct cordon_seqcount) + sizeof(struct cordon_ttas),
        .copies = 1,
        SEQ_LOOPS(seqcount),
    },
    {
        .name = "latch",
        .library = "cordon",
        .kind = SEQ_VERSIONS,
        .readers = "nobody; may read again",
        .writers = "nobody",
        .handler = "yes",
        .memory = "-",
        .bytes = sizeof(struct cordon_latch) + sizeof(struct cordon_ttas),
        .copies = 2,
        SEQ_LOOPS(latch),
    },
    {
        .name = "cordon-mutex",
        .library = "cordon",
        .kind = SEQ_LOCK,
        .readers = "everybody; bounded",
        .writers = "everybody; bounded",
        .handler = "by try_lock",
        .memory = "-",
        .bytes = sizeof(struct cordon_mutex),
        .copies = 1,
        SEQ_LOOPS(mutex),
    },
    {
        .name = "none",
        .library = "reference",
        .kind = SEQ_NOTHING,
        .readers = "nobody; torn reads",
        .writers = "nobody",
        .handler = "-",
        .memory = "-",
        .copies = 1,
        SEQ_LOOPS(none),
    },
};
const unsigned seq_ours_count = sizeof seq_ours / sizeof *seq_ours;
