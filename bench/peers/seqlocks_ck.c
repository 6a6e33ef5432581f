/* seqlocks_ck.c - Concurrency Kit's sequence counter and its locks for readers and writers. */
#define _GNU_SOURCE
#include "seqlocks/designs.h"
#include "seqlocks/record.h"

#include <cordon/seq/words.h>

#include <ck_brlock.h>
#include <ck_bytelock.h>
#include <ck_pflock.h>
#include <ck_rwlock.h>
#include <ck_sequence.h>
#include <ck_spinlock.h>
#include <ck_swlock.h>
#include <ck_tflock.h>

#include <string.h>

/* With the lock for its writers that it asks for. Its readers copy data that changes meanwhile, and how
 * is left to its user; by words, as C11 demands it, and as ours do.
 */
struct ck_seq {
    CORDON_ALIGNED(CORDON_LINE) struct ck_sequence sequence;
    ck_spinlock_fas_t lock;
    CORDON_ALIGNED(CORDON_LINE) cordon_word data[SEQ_MOST_WORDS];
};

struct ck_seq_self {
    struct seq_nobody nobody;
};

static void ck_seq_begin(struct ck_seq *state, const uintptr_t *record, unsigned size)
{
    ck_sequence_init(&state->sequence);
    ck_spinlock_fas_init(&state->lock);
    cordon_words_store(state->data, record, size);
}

static void ck_seq_end(struct ck_seq *state, uintptr_t *record, unsigned size)
{
    cordon_words_load(record, state->data, size);
}

SEQ_INLINE void ck_seq_enter(struct ck_seq *state, struct ck_seq_self *self, unsigned index,
                             bool reader)
{
    (void)state, (void)self, (void)index, (void)reader;
}

SEQ_INLINE void ck_seq_leave(struct ck_seq *state, struct ck_seq_self *self)
{
    (void)state, (void)self;
}

SEQ_INLINE unsigned ck_seq_read(struct ck_seq *state, struct ck_seq_self *self, uintptr_t *to,
                                const unsigned size)
{
    (void)self;
    for (unsigned retries = 0;; ++retries) {
        const unsigned version = ck_sequence_read_begin(&state->sequence);
        cordon_words_load(to, state->data, size);
        if (!ck_sequence_read_retry(&state->sequence, version)) {
            return retries;
        }
    }
}

SEQ_INLINE void ck_seq_write(struct ck_seq *state, struct ck_seq_self *self, const uintptr_t *from,
                             const unsigned size)
{
    (void)self;
    ck_spinlock_fas_lock(&state->lock);
    ck_sequence_write_begin(&state->sequence);
    cordon_words_store(state->data, from, size);
    ck_sequence_write_end(&state->sequence);
    ck_spinlock_fas_unlock(&state->lock);
}

#define SEQ_NAME ck_seq
#include "seqlocks/loops.h"

#define SEQ_NAME                  ck_rw
#define LOCK_TYPE                 struct ck_rwlock
#define LOCK_INIT(lock)           ck_rwlock_init(lock)
#define LOCK_READ(lock, self)     ck_rwlock_read_lock(lock)
#define LOCK_READ_END(lock, self) ck_rwlock_read_unlock(lock)
#define LOCK_WRITE(lock)          ck_rwlock_write_lock(lock)
#define LOCK_WRITE_END(lock)      ck_rwlock_write_unlock(lock)
#include "seqlocks/locked.h"

#define SEQ_NAME                  ck_pf
#define LOCK_TYPE                 struct ck_pflock
#define LOCK_INIT(lock)           ck_pflock_init(lock)
#define LOCK_READ(lock, self)     ck_pflock_read_lock(lock)
#define LOCK_READ_END(lock, self) ck_pflock_read_unlock(lock)
#define LOCK_WRITE(lock)          ck_pflock_write_lock(lock)
#define LOCK_WRITE_END(lock)      ck_pflock_write_unlock(lock)
#include "seqlocks/locked.h"

#define SEQ_NAME                  ck_tf
#define LOCK_TYPE                 struct ck_tflock_ticket
#define LOCK_INIT(lock)           ck_tflock_ticket_init(lock)
#define LOCK_READ(lock, self)     ck_tflock_ticket_read_lock(lock)
#define LOCK_READ_END(lock, self) ck_tflock_ticket_read_unlock(lock)
#define LOCK_WRITE(lock)          ck_tflock_ticket_write_lock(lock)
#define LOCK_WRITE_END(lock)      ck_tflock_ticket_write_unlock(lock)
#include "seqlocks/locked.h"

/* A single writer is what it is for. */
#define SEQ_NAME                  ck_sw
#define LOCK_TYPE                 struct ck_swlock
#define LOCK_INIT(lock)           ck_swlock_init(lock)
#define LOCK_READ(lock, self)     ck_swlock_read_lock(lock)
#define LOCK_READ_END(lock, self) ck_swlock_read_unlock(lock)
#define LOCK_WRITE(lock)          ck_swlock_write_lock(lock)
#define LOCK_WRITE_END(lock)      ck_swlock_write_unlock(lock)
#include "seqlocks/locked.h"

#define SEQ_NAME                      ck_br
#define LOCK_TYPE                     struct ck_brlock
#define LOCK_SELF                     struct ck_brlock_reader
#define LOCK_INIT(lock)               ck_brlock_init(lock)
#define LOCK_ENTER(lock, self, index) (void)(index), ck_brlock_read_register(lock, self)
#define LOCK_LEAVE(lock, self)        ck_brlock_read_unregister(lock, self)
#define LOCK_READ(lock, self)         ck_brlock_read_lock(lock, self)
#define LOCK_READ_END(lock, self)     ck_brlock_read_unlock(self)
#define LOCK_WRITE(lock)              ck_brlock_write_lock(lock)
#define LOCK_WRITE_END(lock)          ck_brlock_write_unlock(lock)
#include "seqlocks/locked.h"

/* Slots are numbered from 1; readers beyond the last share a counter. The writer has none, and must not
 * bear the number of those readers, or they would take its lock for theirs.
 */
static unsigned byte_slot(unsigned index)
{
    return index < sizeof((struct ck_bytelock *)NULL)->readers ? index + 1 : CK_BYTELOCK_UNSLOTTED;
}

#define SEQ_NAME                      ck_byte
#define LOCK_TYPE                     struct ck_bytelock
#define LOCK_SELF                     unsigned
#define LOCK_INIT(lock)               ck_bytelock_init(lock)
#define LOCK_ENTER(lock, self, index) (void)(lock), *(self) = byte_slot(index)
#define LOCK_READ(lock, self)         ck_bytelock_read_lock(lock, *(self))
#define LOCK_READ_END(lock, self)     ck_bytelock_read_unlock(lock, *(self))
#define LOCK_WRITE(lock)              ck_bytelock_write_lock(lock, CK_BYTELOCK_UNSLOTTED - 1)
#define LOCK_WRITE_END(lock)          ck_bytelock_write_unlock(lock)
#include "seqlocks/locked.h"

#define RWLOCK .library = "ck", .kind = SEQ_RWLOCK, .handler = "no", .memory = "-", .copies = 1

const struct seq_design seq_ck[] = {
    {
        .name = "ck-sequence",
        .library = "ck",
        .kind = SEQ_RETRY,
        .readers = "each write; may starve",
        .writers = "nobody",
        .handler = "no",
        .memory = "-",
        .bytes = sizeof(struct ck_sequence) + sizeof(ck_spinlock_fas_t),
        .copies = 1,
        SEQ_LOOPS(ck_seq),
    },
    {
        RWLOCK,
        .name = "ck-rwlock",
        .readers = "all writers; may starve",
        .writers = "readers there",
        .bytes = sizeof(struct ck_rwlock),
        SEQ_LOOPS(ck_rw),
    },
    {
        RWLOCK,
        .name = "ck-pflock",
        .readers = "one write",
        .writers = "one phase of readers",
        .bytes = sizeof(struct ck_pflock),
        SEQ_LOOPS(ck_pf),
    },
    {
        RWLOCK,
        .name = "ck-tflock",
        .readers = "who came before",
        .writers = "who came before",
        .bytes = sizeof(struct ck_tflock_ticket),
        SEQ_LOOPS(ck_tf),
    },
    {
        RWLOCK,
        .name = "ck-swlock",
        .readers = "the writer; may starve",
        .writers = "readers there; one writer",
        .bytes = sizeof(struct ck_swlock),
        SEQ_LOOPS(ck_sw),
    },
    {
        RWLOCK,
        .name = "ck-brlock",
        .readers = "all writers; may starve",
        .writers = "each reader in turn",
        .bytes = sizeof(struct ck_brlock),
        .each = sizeof(struct ck_brlock_reader),
        SEQ_LOOPS(ck_br),
    },
    {
        RWLOCK,
        .name = "ck-bytelock",
        .readers = "all writers; may starve",
        .writers = "each reader in turn",
        .bytes = sizeof(struct ck_bytelock),
        SEQ_LOOPS(ck_byte),
    },
};
const unsigned seq_ck_count = sizeof seq_ck / sizeof *seq_ck;
