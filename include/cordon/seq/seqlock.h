/* cordon/seq/seqlock.h - a sequence lock: many writers, and readers that do not disturb them, nor
 * wait without end.
 *
 * Problem. seqcount.h leaves it to the caller to keep writers apart, and to readers to try again
 * for as long as writers come.
 *
 * Idea. A seqcount and a lock for the writers. A reader tries some times without the lock; after
 * that, or if a writer keeps it waiting too long, it takes the lock like a writer, and then reads
 * in peace. For an object:
 *
 *     struct point { double x, y, z; };
 *     static struct cordon_seqlock lock;
 *     static cordon_word shared[CORDON_WORDS(struct point)];
 *
 *     cordon_seqlock_store(&lock, shared, &point, sizeof point);
 *     cordon_seqlock_load(&lock, &point, shared, sizeof point);
 *
 * and where it is not one object, the loop that the load hides. Retry releases the lock if begin
 * has taken it, so there is nothing to forget; do not leave the loop by another way:
 *
 *     struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(&lock, 8);
 *     do {
 *         cordon_seqlock_reader_begin(&reader);
 *         cordon_words_load(&point, shared, sizeof point);
 *     } while (cordon_seqlock_reader_retry(&reader));
 *
 * The lock is a cordon_mutex: it bounds how often a reader or writer is overtaken, which is what
 * the reader falls back to it for, and those that wait for a preempted writer sleep.
 *
 * Fairness:      writers have that of cordon_mutex. Readers have none without the lock; with it
 *                they are as writers. read_begin and read_retry never take it.
 * Preemption:    a writer preempted midway holds readers up: read_begin yields meanwhile, the
 *                reader that falls back sleeps.
 * Many threads:  as cordon_mutex.
 * Signals:       do not read in a handler that may interrupt a writer or a reader: see latch.h.
 * Bytes:         24 per lock (12 where pointers have 4); 24 on the stack of a reader that falls
 *                back, and those of a waiter of cordon_mutex.
 * Initially:     all zero, or CORDON_SEQLOCK_INIT.
 *
 * Source: as seqcount.h; the fallback is that of Linux' read_seqbegin_or_lock.
 */
#ifndef CORDON_SEQ_SEQLOCK_H
#define CORDON_SEQ_SEQLOCK_H

#include <cordon/seq/seqcount.h>
#include <cordon/seq/words.h>
#include <cordon/sync/mutex.h>

#if __STDC_HOSTED__ /* its writers sleep */

/* CORDON_SEQLOCK_TRIES - how often cordon_seqlock_load reads before it takes the lock. */
#define CORDON_SEQLOCK_TRIES 8

/* struct cordon_seqlock - the lock. */
struct cordon_seqlock {
    struct cordon_seqcount count;
    struct cordon_mutex mutex; /* held by the writer */
};
#define CORDON_SEQLOCK_INIT CORDON_ZERO

CORDON_BEGIN_DECLS

/* cordon_seqlock_write_lock - enter as the only writer, and make readers wait.
 * Order:  ACQUIRE: all that preceded the last write_unlock happens before the return.
 * Waits:  as cordon_mutex_lock; not for readers, save one that fell back to the lock.
 * Edges:  as cordon_mutex_lock and cordon_seqcount_write_begin
 */
static inline void cordon_seqlock_write_lock(struct cordon_seqlock *lock)
{
    cordon_mutex_lock(&lock->mutex);
    cordon_seqcount_write_begin(&lock->count);
}

/* cordon_seqlock_write_try_lock - enter as the only writer if that is possible at once.
 * Order:  ACQUIRE on success, none on failure.
 * Edges:  as cordon_mutex_try_lock and cordon_seqcount_write_begin
 */
static inline bool cordon_seqlock_write_try_lock(struct cordon_seqlock *lock)
{
    if (!cordon_mutex_try_lock(&lock->mutex)) {
        return false;
    }
    cordon_seqcount_write_begin(&lock->count);
    return true;
}

/* cordon_seqlock_write_lock_until - enter as the only writer, or give up past the deadline (false).
 * Order:  ACQUIRE on success, none on failure.
 * Edges:  as cordon_mutex_lock_until and cordon_seqcount_write_begin
 */
static inline bool cordon_seqlock_write_lock_until(struct cordon_seqlock *lock, uint64_t deadline)
{
    if (!cordon_mutex_lock_until(&lock->mutex, deadline)) {
        return false;
    }
    cordon_seqcount_write_begin(&lock->count);
    return true;
}

/* cordon_seqlock_write_unlock - leave, and let readers and the next writer in.
 * Order:  RELEASE: all that precedes happens before the return of what this admits.
 * Edges:  as cordon_seqcount_write_end and cordon_mutex_unlock
 */
static inline void cordon_seqlock_write_unlock(struct cordon_seqlock *lock)
{
    cordon_seqcount_write_end(&lock->count);
    cordon_mutex_unlock(&lock->mutex);
}

/* cordon_seqlock_read_begin - begin to read, without the lock; see cordon_seqcount_read_begin.
 * Order:  ACQUIRE: all that preceded the last write_unlock happens before the return.
 * Waits:  while a writer is at it: relaxes, then yields.
 * Edges:  as cordon_seqcount_read_begin
 */
static inline uintptr_t cordon_seqlock_read_begin(const struct cordon_seqlock *lock)
{
    return cordon_seqcount_read_begin(&lock->count);
}

/* cordon_seqlock_read_retry - has a writer come in between? If so what was read is void.
 * Returns true then: read again.
 * Order:  ACQUIRE fence: the loads before it precede the second look at the count.
 * Edges:  as cordon_seqcount_read_retry
 */
static inline bool cordon_seqlock_read_retry(const struct cordon_seqlock *lock, uintptr_t start)
{
    return cordon_seqcount_read_retry(&lock->count, start);
}

/* struct cordon_seqlock_reader - a read in progress, that falls back to the lock.
 * Initialise it with CORDON_SEQLOCK_READER_INIT(lock, tries), for each read anew; with no tries at
 * all it takes the lock at once.
 */
struct cordon_seqlock_reader {
    struct cordon_seqlock *lock;
    uintptr_t start;
    uint32_t tries; /* left, before it takes the lock */
    bool locked;
};
#define CORDON_SEQLOCK_READER_INIT(lock, tries) \
    {                                           \
        (lock), 0, (uint32_t)(tries), false     \
    }

/* cordon_seqlock_reader_begin - begin to read, without the lock or, the tries being used up, with.
 * Order:  ACQUIRE: all that preceded the last write_unlock happens before the return.
 * Waits:  while a writer is at it: relaxes, yields, then as cordon_mutex_lock.
 * Edges:  as cordon_seqcount_try_read_begin and cordon_mutex_lock
 */
static inline void cordon_seqlock_reader_begin(struct cordon_seqlock_reader *reader)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    if (reader->tries > 0) {
        do {
            if (cordon_seqcount_try_read_begin(&reader->lock->count, &reader->start)) {
                return;
            }
            cordon_wait_step(&waiter);
        } while (!cordon_wait_spent(&waiter));
    }
    cordon_mutex_lock(&reader->lock->mutex);
    reader->locked = true;
}

/* cordon_seqlock_reader_retry - was the read in vain? Then begin again; if not, all is released.
 * Order:  ACQUIRE fence, as cordon_seqcount_read_retry; with the lock RELEASE, as its unlock.
 * Waits:  never.
 * Edges:  as cordon_seqcount_read_retry and cordon_mutex_unlock
 */
static inline bool cordon_seqlock_reader_retry(struct cordon_seqlock_reader *reader)
{
    if (reader->locked) {
        reader->locked = false;
        cordon_mutex_unlock(&reader->lock->mutex);
        return false;
    }
    if (!cordon_seqcount_read_retry(&reader->lock->count, reader->start)) {
        return false;
    }
    --reader->tries;
    return true;
}

/* cordon_seqlock_store - write a whole object.
 * Order:  RELEASE: what precedes it happens before the return of a load that sees the object.
 * Waits:  as cordon_seqlock_write_lock.
 * Edges:  as write_lock and write_unlock
 */
static inline void cordon_seqlock_store(struct cordon_seqlock *lock, cordon_word *to,
                                        const void *from, size_t size)
{
    cordon_mutex_lock(&lock->mutex);
    cordon_seqcount_store(&lock->count, to, from, size);
    cordon_mutex_unlock(&lock->mutex);
}

/* Further attempts of a load, so many without the lock; apart for the reason that seqcount.h tells. */
CORDON_WORDS_APART_ void cordon_seqlock_load_again_(struct cordon_seqlock *lock, void *to,
                                                    const cordon_word *from, size_t size,
                                                    uint32_t tries)
{
    struct cordon_seqlock_reader reader = CORDON_SEQLOCK_READER_INIT(lock, tries);
    do {
        cordon_seqlock_reader_begin(&reader);
        cordon_words_load(to, from, size);
    } while (cordon_seqlock_reader_retry(&reader));
}

/* cordon_seqlock_load - read a whole object; after CORDON_SEQLOCK_TRIES tries under the lock.
 * Order:  ACQUIRE: all that preceded the store of the object happens before the return.
 * Waits:  as cordon_seqlock_reader_begin.
 * Edges:  as reader_begin and reader_retry
 */
static inline void cordon_seqlock_load(struct cordon_seqlock *lock, void *to,
                                       const cordon_word *from, size_t size)
{
    uint32_t tries = CORDON_SEQLOCK_TRIES;
    uintptr_t start;
    if (cordon_seqcount_try_read_begin(&lock->count, &start)) {
        cordon_words_load(to, from, size);
        if (!cordon_seqcount_read_retry(&lock->count, start)) {
            return;
        }
        --tries;
    }
    cordon_seqlock_load_again_(lock, to, from, size, tries);
}

CORDON_END_DECLS

#endif

#endif
