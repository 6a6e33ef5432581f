/* cordon/seq/seqcount.h - a sequence counter: readers copy and check, and never write; the caller
 * keeps writers apart.
 *
 * Problem. Data that is read all the time and written now and then: a lock, even one for many
 * readers, makes every reader write a shared word, and the line of that word goes from core to
 * core.
 *
 * Idea. The writer counts before and after it changes the data; an odd count says that it is at it.
 * A reader copies the data between two looks at the count, and keeps the copy if both found the
 * same even number.
 *
 *     writer    seq 4->5   x = ..   y = ..   seq 5->6
 *     reader    seq is 4?            copy x, y            still 4? no: again
 *
 * The data lives in words (words.h), so that a reader may race with the writer. For an object:
 *
 *     struct point { double x, y, z; };
 *     static struct cordon_seqcount count;
 *     static cordon_word shared[CORDON_WORDS(struct point)];
 *
 *     cordon_seqcount_store(&count, shared, &point, sizeof point);
 *     cordon_seqcount_load(&count, &point, shared, sizeof point);
 *
 * and where it is not one object, the loop that these hide:
 *
 *     uintptr_t start;
 *     do {
 *         start = cordon_seqcount_read_begin(&count);
 *         cordon_words_load(&point, shared, sizeof point);
 *     } while (cordon_seqcount_read_retry(&count, start));
 *
 * Until read_retry has returned false the copy may be torn: do not index, divide or follow a
 * pointer by it.
 *
 * Why it holds. A word from before the current count cannot be read: that count was stored with
 * release and loaded with acquire (R0 -> A0). And whoever read a word that a later writer stored
 * reads that writer's odd count, or a later one, in the second look: the store of the word follows
 * a release fence, the load of it precedes an acquire fence (R1 -> A1).
 *
 * Fairness:      writers never wait for readers. A reader that writers meet each time reads on
 *                without bound; seqlock.h has a form that ends.
 * Preemption:    a writer preempted between begin and end holds all readers up. If it dies there
 *                they wait for ever. try_read_begin and try_load are for readers that must not.
 * Many threads:  readers that wait yield from step CORDON_WAIT_RELAXES on.
 * Signals:       a handler that may interrupt the writer must not wait for it: use latch.h, or the
 *                two forms above.
 * Bytes:         one word (8, or 4 on 32-bit machines), none per reader.
 * Initially:     all zero, or CORDON_SEQCOUNT_INIT.
 * Wrap-around:   after 2^63 writes (2^31 on 32-bit machines), if one read lasts as long.
 *
 * Source: H.-J. Boehm, "Can seqlocks get along with programming language memory models?", MSPC
 * 2012; Linux, Documentation/locking/seqlock.rst.
 */
#ifndef CORDON_SEQ_SEQCOUNT_H
#define CORDON_SEQ_SEQCOUNT_H

#include <cordon/atomic.h>
#include <cordon/fence.h>
#include <cordon/seq/words.h>
#include <cordon/wait.h>

/* struct cordon_seqcount - the counter. */
struct cordon_seqcount {
    CORDON_ATOMIC(uintptr_t) sequence; /* odd while a writer is at it */
};
#define CORDON_SEQCOUNT_INIT CORDON_ZERO

CORDON_BEGIN_DECLS

/* The parts of a write that know the count already: between them a store need not read it again. */
static inline uintptr_t cordon_seqcount_make_odd_(struct cordon_seqcount *count)
{
    /* Relaxed: only writers change it, and they are ordered among themselves. */
    const uintptr_t odd = atomic_load_explicit(&count->sequence, memory_order_relaxed) + 1;
    atomic_store_explicit(&count->sequence, odd, memory_order_relaxed);
    cordon_thread_fence(memory_order_release); /* R1 -> A1 */
    return odd;
}

static inline void cordon_seqcount_make_even_(struct cordon_seqcount *count, uintptr_t odd)
{
    atomic_store_explicit(&count->sequence, odd + 1, memory_order_release); /* R0 -> A0 */
}

/* cordon_seqcount_write_begin - before the first change.
 * One writer at a time, kept so by the caller's lock, and each ordered after the one before.
 * Order:  RELEASE fence: whoever sees a change made after it sees the count odd, or further on.
 * Waits:  never.
 * Cost:   a load, a store, a fence (none on x86).
 * Edges:  R1 -> A1 (any word of the data)
 */
static inline void cordon_seqcount_write_begin(struct cordon_seqcount *count)
{
    (void)cordon_seqcount_make_odd_(count);
}

/* cordon_seqcount_write_end - after the last change.
 * Order:  RELEASE: the changes happen before whatever a reader does that begins with this count.
 * Waits:  never.
 * Cost:   a load and a store.
 * Edges:  R0 -> A0 (sequence)
 */
static inline void cordon_seqcount_write_end(struct cordon_seqcount *count)
{
    cordon_seqcount_make_even_(count, atomic_load_explicit(&count->sequence, memory_order_relaxed));
}

/* cordon_seqcount_try_read_begin - begin to read, unless a writer is at it.
 * Returns false if so; then there is nothing to retry.
 * Order:  ACQUIRE: all that preceded the last write_end happens before the return.
 * Waits:  never.
 * Cost:   a load.
 * Edges:  A0 <- R0 (sequence)
 */
static inline bool cordon_seqcount_try_read_begin(const struct cordon_seqcount *count,
                                                  uintptr_t *start)
{
    *start = atomic_load_explicit(&count->sequence, memory_order_acquire); /* A0 <- R0 */
    return (*start & 1) == 0;
}

/* cordon_seqcount_read_begin - begin to read.
 * Returns what cordon_seqcount_read_retry wants.
 * Order:  ACQUIRE, as cordon_seqcount_try_read_begin.
 * Waits:  while a writer is at it: relaxes, then yields.
 * Edges:  A0 <- R0 (sequence)
 */
static inline uintptr_t cordon_seqcount_read_begin(const struct cordon_seqcount *count)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uintptr_t start;
    while (!cordon_seqcount_try_read_begin(count, &start)) {
        cordon_wait_step(&waiter);
    }
    return start;
}

/* cordon_seqcount_read_retry - has a writer come in between? If so what was read is void.
 * Returns true then: read again.
 * Order:  ACQUIRE fence: the loads before it precede the second look at the count.
 * Waits:  never.
 * Cost:   a fence (none on x86) and a load.
 * Edges:  A1 <- R1 (any word of the data)
 */
static inline bool cordon_seqcount_read_retry(const struct cordon_seqcount *count, uintptr_t start)
{
    cordon_thread_fence(memory_order_acquire); /* A1 <- R1 */
    return atomic_load_explicit(&count->sequence, memory_order_relaxed) != start;
}

/* cordon_seqcount_store - write a whole object. One writer at a time.
 * Order:  RELEASE: what precedes it happens before the return of a load that sees the object.
 * Waits:  never.
 * Edges:  as write_begin and write_end
 */
static inline void cordon_seqcount_store(struct cordon_seqcount *count, cordon_word *to,
                                         const void *from, size_t size)
{
    const uintptr_t odd = cordon_seqcount_make_odd_(count);
    cordon_words_store(to, from, size);
    cordon_seqcount_make_even_(count, odd);
}

/* cordon_seqcount_try_load - one attempt to read a whole object.
 * Returns false if a writer was at it or came in between; then `to` holds nothing of use.
 * Order:  ACQUIRE on success.
 * Waits:  never.
 * Edges:  as try_read_begin and read_retry
 */
static inline bool cordon_seqcount_try_load(const struct cordon_seqcount *count, void *to,
                                            const cordon_word *from, size_t size)
{
    uintptr_t start;
    if (!cordon_seqcount_try_read_begin(count, &start)) {
        return false;
    }
    cordon_words_load(to, from, size);
    return !cordon_seqcount_read_retry(count, start);
}

/* Further attempts of a load. They stand apart because a compiler that finds the copy in a loop
 * prepares the address of every word before it, and has not the registers for that: the load then
 * takes twice as long, and the first attempt is nearly always the last.
 */
CORDON_WORDS_APART_ void cordon_seqcount_load_again_(const struct cordon_seqcount *count, void *to,
                                                     const cordon_word *from, size_t size)
{
    uintptr_t start;
    do {
        start = cordon_seqcount_read_begin(count);
        cordon_words_load(to, from, size);
    } while (cordon_seqcount_read_retry(count, start));
}

/* cordon_seqcount_load - read a whole object.
 * Order:  ACQUIRE: all that preceded the store of the object happens before the return.
 * Waits:  while writers are at it, and as often as one comes in between.
 * Edges:  as read_begin and read_retry
 */
static inline void cordon_seqcount_load(const struct cordon_seqcount *count, void *to,
                                        const cordon_word *from, size_t size)
{
    if (!cordon_seqcount_try_load(count, to, from, size)) {
        cordon_seqcount_load_again_(count, to, from, size);
    }
}

CORDON_END_DECLS

#endif
