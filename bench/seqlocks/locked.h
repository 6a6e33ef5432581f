/* locked.h - a design in which a writer and the readers exclude each other, from the names of its
 * operations: a template above loops.h. The record is plain memory, copied by what the compiler does
 * best.
 *
 * SEQ_NAME is the design's name, LOCK_TYPE the lock's type, and LOCK_SELF what a reader has for itself, if
 * it has anything. LOCK_INIT(lock), LOCK_READ(lock, self), LOCK_READ_END(lock, self), LOCK_WRITE(lock),
 * LOCK_WRITE_END(lock) are its operations; a lock may have LOCK_DESTROY(lock), and LOCK_ENTER(lock, self,
 * index) and LOCK_LEAVE(lock, self) for its readers.
 */
#include "record.h"

#ifndef LOCK_SELF
#define LOCK_SELF struct seq_nobody
#endif
#ifndef LOCK_DESTROY
#define LOCK_DESTROY(lock) (void)(lock)
#endif
#ifndef LOCK_ENTER
#define LOCK_ENTER(lock, self, index) (void)(lock), (void)(self), (void)(index)
#endif
#ifndef LOCK_LEAVE
#define LOCK_LEAVE(lock, self) (void)(lock), (void)(self)
#endif

struct SEQ_NAME {
    CORDON_ALIGNED(CORDON_LINE) LOCK_TYPE lock;
    CORDON_ALIGNED(CORDON_LINE) uintptr_t data[SEQ_MOST_WORDS];
};

struct SEQ_CALL(self) {
    CORDON_ALIGNED(CORDON_LINE) LOCK_SELF self;
    bool reader;
};

static void SEQ_CALL(begin)(struct SEQ_NAME *state, const uintptr_t *record, unsigned size)
{
    LOCK_INIT(&state->lock);
    memcpy(state->data, record, size);
}

static void SEQ_CALL(end)(struct SEQ_NAME *state, uintptr_t *record, unsigned size)
{
    memcpy(record, state->data, size);
    LOCK_DESTROY(&state->lock);
}

SEQ_INLINE void SEQ_CALL(enter)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self,
                                unsigned index, bool reader)
{
    self->reader = reader;
    if (reader) {
        LOCK_ENTER(&state->lock, &self->self, index);
    }
}

SEQ_INLINE void SEQ_CALL(leave)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self)
{
    if (self->reader) {
        LOCK_LEAVE(&state->lock, &self->self);
    }
}

SEQ_INLINE unsigned SEQ_CALL(read)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self,
                                   uintptr_t *to, const unsigned size)
{
    (void)self;
    LOCK_READ(&state->lock, &self->self);
    memcpy(to, state->data, size);
    LOCK_READ_END(&state->lock, &self->self);
    return 0;
}

SEQ_INLINE void SEQ_CALL(write)(struct SEQ_NAME *state, struct SEQ_CALL(self) * self,
                                const uintptr_t *from, const unsigned size)
{
    (void)self;
    LOCK_WRITE(&state->lock);
    memcpy(state->data, from, size);
    LOCK_WRITE_END(&state->lock);
}

#include "loops.h"

#undef LOCK_TYPE
#undef LOCK_SELF
#undef LOCK_INIT
#undef LOCK_DESTROY
#undef LOCK_ENTER
#undef LOCK_LEAVE
#undef LOCK_READ
#undef LOCK_READ_END
#undef LOCK_WRITE
#undef LOCK_WRITE_END
