/* mutex.c - the out-of-line half of cordon/sync/mutex.h: the queue of those who sleep. */
#include <cordon/sync/mutex.h>

#define LOCKED     CORDON_MUTEX_LOCKED_
#define QUEUED     CORDON_MUTEX_QUEUED_
#define EDITING    CORDON_MUTEX_EDITING_
#define CALLED     CORDON_MUTEX_CALLED_
#define OVERTAKEN  CORDON_MUTEX_OVERTAKEN_
#define OVERTAKES_ (~(OVERTAKEN - 1)) /* the bits of the count */

/* The waiters form a ring; mutex->queue is the first, its `before` the last. */
struct cordon_mutex_waiter {
    struct cordon_mutex_waiter *before, *after;
    CORDON_ATOMIC(uint32_t) called; /* the word it sleeps on; set once it has left the ring */
};

static void link_waiter(struct cordon_mutex *mutex, struct cordon_mutex_waiter *waiter, bool first)
{
    struct cordon_mutex_waiter *head = mutex->queue;
    if (head == NULL) {
        waiter->before = waiter->after = waiter;
        mutex->queue = waiter;
        return;
    }
    waiter->after = head;
    waiter->before = head->before;
    waiter->before->after = waiter;
    head->before = waiter;
    if (first) {
        mutex->queue = waiter;
    }
}

static void unlink_waiter(struct cordon_mutex *mutex, struct cordon_mutex_waiter *waiter)
{
    if (waiter->after == waiter) {
        mutex->queue = NULL;
        return;
    }
    waiter->before->after = waiter->after;
    waiter->after->before = waiter->before;
    if (mutex->queue == waiter) {
        mutex->queue = waiter->after;
    }
}

/* Takes the first out of the queue and makes it the front. CALLED is set already, for it may be
 * awake and act on it. Once it has been told, its node may be gone at any moment.
 */
static struct cordon_mutex_waiter *call_first(struct cordon_mutex *mutex)
{
    struct cordon_mutex_waiter *first = mutex->queue;
    unlink_waiter(mutex, first);
    atomic_store_explicit(&first->called, 1, memory_order_release); /* R3 -> A3 */
    return first;
}

/* Clears EDITING, and LOCKED if `drop` says so, both at once: nothing of the mutex is touched after
 * that. If it would leave a free lock to sleepers, none of them called, it calls one first.
 * `called` is whom the caller called before, or NULL.
 */
static void leave(struct cordon_mutex *mutex, uint32_t drop, struct cordon_mutex_waiter *called)
{
    uint32_t word = atomic_load_explicit(&mutex->word, memory_order_relaxed);
    for (;;) {
        uint32_t next = word & ~(EDITING | drop);
        if (mutex->queue == NULL) {
            next &= ~QUEUED;
        } else if ((next & (LOCKED | CALLED)) == 0) {
            /* Relaxed: it gives nothing away, and only says who is next. */
            if (atomic_compare_exchange_weak_explicit(&mutex->word, &word, word | CALLED,
                                                      memory_order_relaxed, memory_order_relaxed)) {
                word |= CALLED;
                called = call_first(mutex); /* one called before has come already: CALLED was 0 */
            }
            continue;
        }
        if ((next & (QUEUED | CALLED)) == 0) {
            next &= LOCKED; /* nobody left to overtake */
        }
        if (atomic_compare_exchange_weak_explicit(
                &mutex->word, &word, next, memory_order_release, /* R2 -> mutex.h A0, A1, A2 */
                memory_order_relaxed)) {
            break;
        }
    }
    if (called != NULL) {
        cordon_wake_one_u32(&called->called);
    }
}

/* The word of a lock that was just taken when it was `word`, or 0 if it may not be taken. */
static uint32_t taken(uint32_t word, bool front)
{
    if (word & LOCKED) {
        return 0;
    }
    if (front) {
        return (word | LOCKED) & ~(CALLED | OVERTAKES_);
    }
    if ((word & (QUEUED | CALLED)) == 0) {
        return word | LOCKED;
    }
    if (word / OVERTAKEN >= CORDON_MUTEX_OVERTAKES) {
        return 0;
    }
    return (word | LOCKED) + OVERTAKEN;
}

/* Takes the lock, if the front or a newcomer may; else `word` is the reason why not. */
static bool take(struct cordon_mutex *mutex, uint32_t *word, bool front)
{
    uint32_t next;
    while ((next = taken(*word, front)) != 0) {
        if (atomic_compare_exchange_weak_explicit(
                &mutex->word, word, next, memory_order_acquire, /* A1 <- mutex.h R0, R1, R2 */
                memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

/* Turns `word` into `next`, which has EDITING: from now on the queue is ours. */
static bool edit(struct cordon_mutex *mutex, uint32_t *word, uint32_t next)
{
    return (*word & EDITING) == 0 &&
           atomic_compare_exchange_weak_explicit(&mutex->word, word, next,
                                                 memory_order_acquire, /* A2 <- R2 */
                                                 memory_order_relaxed);
}

bool cordon_mutex_try_lock_slow_(struct cordon_mutex *mutex, uint32_t word)
{
    return take(mutex, &word, false);
}

/* Takes a waiter out of the queue; false if it has been called before. */
static bool give_up(struct cordon_mutex *mutex, struct cordon_mutex_waiter *self)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    uint32_t word = atomic_load_explicit(&mutex->word, memory_order_relaxed);
    while (!edit(mutex, &word, word | EDITING)) {
        cordon_wait_step(&waiter);
        word = atomic_load_explicit(&mutex->word, memory_order_relaxed);
    }
    /* Relaxed: only an editor calls, and that is us. */
    const bool queued = atomic_load_explicit(&self->called, memory_order_relaxed) == 0;
    if (queued) {
        unlink_waiter(mutex, self);
    }
    leave(mutex, 0, NULL);
    return queued;
}

/* Joins the queue, already ours, and sleeps until called. False: gave up past the deadline. */
static bool sleep_until_called(struct cordon_mutex *mutex, bool first, uint64_t deadline)
{
    struct cordon_mutex_waiter self;
    atomic_store_explicit(&self.called, 0, memory_order_relaxed); /* `leave` publishes it */
    link_waiter(mutex, &self, first);
    leave(mutex, 0, NULL);
    while (atomic_load_explicit(&self.called, memory_order_acquire) == 0) { /* A3 <- R3 */
        if (cordon_park_u32(&self.called, 0, deadline) == CORDON_TIMEDOUT &&
            give_up(mutex, &self)) {
            return false;
        }
    }
    return true;
}

bool cordon_mutex_lock_slow_(struct cordon_mutex *mutex, uint32_t word, uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    bool front = false; /* we are the one that CALLED speaks of */
    while (!take(mutex, &word, front)) {
        if (cordon_wait_expired(&waiter, deadline)) {
            /* If we had been called the lock is held now, else we would have taken it: clearing
             * CALLED makes its unlock call another. Relaxed: we leave nothing behind.
             */
            if (!front ||
                atomic_compare_exchange_weak_explicit(&mutex->word, &word, word & ~CALLED,
                                                      memory_order_relaxed, memory_order_relaxed)) {
                return false;
            }
            continue;
        }
        if (cordon_wait_spent(&waiter) &&
            edit(mutex, &word, (front ? word & ~CALLED : word) | QUEUED | EDITING)) {
            if (!sleep_until_called(mutex, front, deadline)) {
                return false;
            }
            front = true;
            waiter.steps = 0;
        } else {
            cordon_wait_backoff(&waiter);
        }
        word = atomic_load_explicit(&mutex->word, memory_order_relaxed);
    }
    return true;
}

void cordon_mutex_unlock_slow_(struct cordon_mutex *mutex, uint32_t word)
{
    for (;;) {
        if ((word & (QUEUED | EDITING | CALLED)) == QUEUED) {
            if (edit(mutex, &word, word | EDITING | CALLED)) {
                leave(mutex, LOCKED, call_first(mutex));
                return;
            }
        } else {
            /* Whoever was called, or is editing, sees to the rest. */
            const uint32_t next = word & (QUEUED | EDITING | CALLED) ? word & ~LOCKED : 0;
            if (atomic_compare_exchange_weak_explicit(
                    &mutex->word, &word, next, memory_order_release, /* R1 -> mutex.h A0, A1 */
                    memory_order_relaxed)) {
                return;
            }
        }
    }
}
