/* The sequence counter and lock, and the latch, over an object of three words. */
#include "codegen.h"

#include <cordon/seq/latch.h>
#include <cordon/seq/seqcount.h>
#include <cordon/seq/seqlock.h>

struct object {
    uintptr_t words[3];
};

FUNCTION(void, seqcount_store, struct cordon_seqcount *count, cordon_word *to,
         const struct object *from)
{
    cordon_seqcount_store(count, to, from, sizeof *from);
}

FUNCTION(bool, seqcount_try_load, const struct cordon_seqcount *count, struct object *to,
         const cordon_word *from)
{
    return cordon_seqcount_try_load(count, to, from, sizeof *to);
}

FUNCTION(void, seqcount_load, const struct cordon_seqcount *count, struct object *to,
         const cordon_word *from)
{
    cordon_seqcount_load(count, to, from, sizeof *to);
}

FUNCTION(void, seqlock_load, struct cordon_seqlock *lock, struct object *to,
         const cordon_word *from)
{
    cordon_seqlock_load(lock, to, from, sizeof *to);
}

FUNCTION(bool, seqcount_read_retry, const struct cordon_seqcount *count, uintptr_t start)
{
    return cordon_seqcount_read_retry(count, start);
}

FUNCTION(void, latch_load, const struct cordon_latch *latch, struct object *to,
         const cordon_word *from)
{
    cordon_latch_load(latch, to, from, sizeof *to);
}

FUNCTION(void, latch_store, struct cordon_latch *latch, cordon_word *to, const struct object *from)
{
    cordon_latch_store(latch, to, from, sizeof *from);
}
