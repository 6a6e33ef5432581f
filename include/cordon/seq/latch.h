/* cordon/seq/latch.h - two copies and a counter: a reader always has one that is whole, even in a
 * signal handler that interrupted the writer.
 *
 * Problem. A reader of a seqcount waits while a writer is at it. One that runs in a signal handler,
 * on top of that very writer, would wait for ever.
 *
 * Idea. Keep the data twice, and let the lowest bit of the counter say which copy to read. The
 * writer turns the readers away from a copy before it changes it, first the one, then the other:
 *
 *     sequence       4       5              6              6
 *     readers use  copy 0  copy 1         copy 0         copy 0
 *     writer               changes copy 0 changes copy 1 done
 *
 *     struct point { double x, y, z; };
 *     static struct cordon_latch latch;
 *     static cordon_word shared[CORDON_LATCH_WORDS(struct point)];
 *
 *     cordon_latch_store(&latch, shared, &point, sizeof point);
 *     cordon_latch_load(&latch, &point, shared, sizeof point);
 *
 * Why it holds. Each turn publishes the copy that it turns to (R0 -> A0), so a reader finds nothing
 * older there. And whoever read a word from a copy that was being changed already reads, in the
 * second look, the turn away from that copy, or a later one: the store of the word follows a
 * release fence, the load precedes an acquire fence (R1 -> A1); so it reads again.
 *
 * A store takes effect at its second turn: until then readers see the object before it.
 *
 * Fairness:      nobody waits for anybody. A reader reads again only if the writer has made a turn
 *                meanwhile (lock-free).
 * Preemption:    a writer that is preempted midway, or dies, delays no reader; but once one has
 *                died midway nobody may write any more.
 * Signals:       a handler may read, on top of the writer too; no turn can come in between then, so
 *                one pass suffices. It must not write.
 * Bytes:         one word, and the object twice; none per reader.
 * Initially:     all zero, or CORDON_LATCH_INIT; the object is zero bytes then.
 * Wrap-around:   after 2^63 writes (2^31 on 32-bit machines), if one read lasts as long.
 *
 * Limits. One writer at a time, kept so by the caller.
 *
 * Source: Linux, include/linux/seqlock.h, seqcount_latch_t, under its NMI-safe clock.
 */
#ifndef CORDON_SEQ_LATCH_H
#define CORDON_SEQ_LATCH_H

#include <cordon/atomic.h>
#include <cordon/fence.h>
#include <cordon/seq/words.h>

/* struct cordon_latch - the counter. */
struct cordon_latch {
    CORDON_ATOMIC(uintptr_t) sequence; /* its lowest bit is the copy to read */
};
#define CORDON_LATCH_INIT CORDON_ZERO

/* CORDON_LATCH_WORDS(T) - words for two copies of an object of type T. */
#define CORDON_LATCH_WORDS(T) (2 * CORDON_WORDS(T))

CORDON_BEGIN_DECLS

/* The turn of a writer that knows the counter. */
static inline void cordon_latch_turn_from_(struct cordon_latch *latch, uintptr_t sequence)
{
    atomic_store_explicit(&latch->sequence, sequence + 1, memory_order_release); /* R0 -> A0 */
    cordon_thread_fence(memory_order_release);                                   /* R1 -> A1 */
}

/* cordon_latch_turn - turn the readers to the other copy, for a writer that changes data in place.
 * Returns the copy that may be changed now. A write is: turn, change copy 0, turn, change copy 1 in
 * the same way. One writer at a time, each ordered after the one before.
 * Order:  RELEASE: the changes so far happen before whatever a reader does that begins with this
 *         turn; a release FENCE: whoever sees a later change sees this turn.
 * Waits:  never.
 * Cost:   a load, a store, a fence (none on x86).
 * Edges:  R0 -> A0 (sequence), R1 -> A1 (any word of the data)
 */
static inline unsigned cordon_latch_turn(struct cordon_latch *latch)
{
    /* Relaxed: only writers change it, and they are ordered among themselves. */
    const uintptr_t sequence = atomic_load_explicit(&latch->sequence, memory_order_relaxed);
    cordon_latch_turn_from_(latch, sequence);
    return (unsigned)(sequence & 1);
}

/* cordon_latch_read_begin - begin to read: copy 0 if the result is even, copy 1 if it is odd.
 * Order:  ACQUIRE: all that preceded the turn happens before the return.
 * Waits:  never.
 * Cost:   a load.
 * Edges:  A0 <- R0 (sequence)
 */
static inline uintptr_t cordon_latch_read_begin(const struct cordon_latch *latch)
{
    return atomic_load_explicit(&latch->sequence, memory_order_acquire); /* A0 <- R0 */
}

/* cordon_latch_read_retry - has there been a turn since? If so what was read is void.
 * Returns true then: read again.
 * Order:  ACQUIRE fence: the loads before it precede the second look at the sequence.
 * Waits:  never.
 * Cost:   a fence (none on x86) and a load.
 * Edges:  A1 <- R1 (any word of the data)
 */
static inline bool cordon_latch_read_retry(const struct cordon_latch *latch, uintptr_t start)
{
    cordon_thread_fence(memory_order_acquire); /* A1 <- R1 */
    return atomic_load_explicit(&latch->sequence, memory_order_relaxed) != start;
}

/* cordon_latch_store - write a whole object. One writer at a time.
 * `to` has CORDON_LATCH_WORDS of the object.
 * Order:  RELEASE: what precedes it happens before the return of a load that sees the object.
 * Waits:  never.
 * Cost:   two copies and two turns.
 * Edges:  as cordon_latch_turn
 */
static inline void cordon_latch_store(struct cordon_latch *latch, cordon_word *to, const void *from,
                                      size_t size)
{
    const size_t words = (size + sizeof(uintptr_t) - 1) / sizeof(uintptr_t);
    const uintptr_t sequence = atomic_load_explicit(&latch->sequence, memory_order_relaxed);
    cordon_latch_turn_from_(latch, sequence);
    cordon_words_store(to, from, size);
    cordon_latch_turn_from_(latch, sequence + 1);
    cordon_words_store(to + words, from, size);
}

/* A load that met a writer: from either copy, as often as it takes; apart for the reason that
 * seqcount.h tells.
 */
CORDON_WORDS_APART_ void cordon_latch_load_again_(const struct cordon_latch *latch, void *to,
                                                  const cordon_word *from, size_t size)
{
    const size_t words = (size + sizeof(uintptr_t) - 1) / sizeof(uintptr_t);
    uintptr_t start;
    do {
        start = cordon_latch_read_begin(latch);
        cordon_words_load(to, from + (start & 1) * words, size);
    } while (cordon_latch_read_retry(latch, start));
}

/* cordon_latch_load - read a whole object; safe in signal handlers.
 * Order:  ACQUIRE: all that preceded the store of the object happens before the return.
 * Waits:  never; reads again as often as a turn comes in between.
 * Cost:   two loads and a copy.
 * Edges:  as read_begin and read_retry
 */
static inline void cordon_latch_load(const struct cordon_latch *latch, void *to,
                                     const cordon_word *from, size_t size)
{
    /* Between two writes it is copy 0; so the copy need not wait until the counter is there. */
    const uintptr_t start = cordon_latch_read_begin(latch);
    if ((start & 1) == 0) {
        cordon_words_load(to, from, size);
        if (!cordon_latch_read_retry(latch, start)) {
            return;
        }
    }
    cordon_latch_load_again_(latch, to, from, size);
}

CORDON_END_DECLS

#endif
