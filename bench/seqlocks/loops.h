/* loops.h - the reader's and the writer's loop of one design, for all sizes: a template. It is included
 * for each design, so that the primitive is inlined into the loop and nothing stands between the two; the
 * loops are the same for all, to the letter.
 *
 * SEQ_NAME is the design's name; before it is included there stand, for the name N:
 *
 *     struct N          what all threads share: the primitive and the data
 *     struct N_self     what a thread has for itself
 *     N_begin, N_end    as in struct seq_design
 *     N_enter(state, self, index, reader), N_leave(state, self)   a thread comes and goes
 *     N_read(state, self, to, size)       copy the record out; returns how often it was tried in vain
 *     N_write(state, self, from, size)
 *
 * After it there are the members of struct seq_design: SEQ_LOOPS(N).
 */
#include "record.h"

#define SEQ_SIZE 16
#include "loop.h"
#undef SEQ_SIZE
#define SEQ_SIZE 64
#include "loop.h"
#undef SEQ_SIZE
#define SEQ_SIZE 256
#include "loop.h"
#undef SEQ_SIZE

_Static_assert(sizeof(struct SEQ_NAME) <= SEQ_ROOM, "it does not fit into its place");

static void SEQ_CALL(begin_any)(void *state, unsigned size)
{
    uintptr_t record[SEQ_MOST_WORDS];
    seq_fill(record, size, 0);
    SEQ_CALL(begin)(state, record, size);
}

static void SEQ_CALL(end_any)(void *state, unsigned size, uintptr_t *record)
{
    SEQ_CALL(end)(state, record, size);
}

#undef SEQ_NAME
