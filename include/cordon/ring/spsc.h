/* cordon/ring/spsc.h - a bounded queue from one thread to one other: wait-free, exact capacity.
 *
 * Problem. Two threads, one hands elements to the other, in order, at the rate at which cache lines
 * travel between their cores. Every line that both write, or that one writes while the other looks,
 * travels; so the question is only how seldom.
 *
 * Idea (Lamport's queue, with three refinements). The producer alone writes `tail`, where the next
 * element goes; the consumer alone writes `head`, where the oldest one lies:
 *
 *          head                tail
 *            v                   v
 *     . . . [a] [b] [c] [d] [e] . . .         tail - head <= capacity
 *
 * First, each side keeps the last position it read of the other's (`tail_seen`, and the producer's
 * `limit`, where it would be full), and reads it again only when the ring looks full or empty by the
 * old one. A position only grows, so an old one errs on the safe side. Second, a position holds the
 * slot number in its low bits and the lap above it, in steps of a power of two greater than the
 * capacity: nothing is divided, any capacity is exact, and a push stores nothing but the element and
 * tail. (Stores wait in the core's store buffer while the line of tail is away at the consumer's: the
 * fewer an element needs, the more elements travel together.) What a side keeps to itself lies on a
 * line of its own, for the same reason: it can be read while the line of tail is away.
 *
 * Third, a side goes on without a look for a *window* of a few lines, up to its `stop`. There it
 * looks, out of line: at the end of the window, of the memory, of the room or of the elements. That
 * is where the lines of the next window are fetched, all at once rather than one after the other.
 *
 * State. Parts on lines of their own: what never changes after init (and a few words that change when
 * somebody closes or sleeps); for each side what it publishes, and what is its own. Positions wrap with
 * size_t, harmlessly: a lap divides its range, and only differences are used. Invariants, counted in
 * elements:
 *   - limit - capacity <= head <= tail_seen <= tail <= limit
 *   - head <= pop_stop <= tail_seen, tail <= push_stop <= limit; from a position to its stop the
 *     memory does not end.
 *   - slots [head, tail) belong to the consumer, all others to the producer.
 * A slot passes to the consumer with the release of tail (R0 -> A0), back with that of head
 * (R1 -> A1).
 *
 * A typed use needs no macro:
 *
 *     struct order { uint64_t id; double price; };
 *     struct cordon_spsc ring;
 *     if (!cordon_spsc_create(&ring, 1000, sizeof(struct order))) ...
 *
 *     size_t n = 1;                                         producer, without a copy
 *     struct order *o = cordon_spsc_reserve(&ring, &n);     (C++: a static_cast)
 *     if (o != NULL) { o->id = 7; o->price = 1.5; cordon_spsc_commit(&ring, 1); }
 *
 *     struct order mine;                                    consumer, with one; sleeps if it must
 *     while (cordon_spsc_pop(&ring, &mine) == CORDON_OK) ...
 *
 * Who may call. One thread at a time is the producer (push, reserve, commit), one at a time the
 * consumer (pop, peek, release). The role may pass to another thread if the hand-over itself is
 * synchronised. close, is_closed, size and capacity are for any thread.
 *
 * Linearisable? Successful calls are: a push at its store of tail, a pop at its store of head. FULL
 * and EMPTY are answers about the past: each is right of all that happens before the call, but two
 * that run at once may each miss what the other side just did (the producer is told FULL although a
 * slot was just freed, while the consumer is told EMPTY although one was just filled); to exclude
 * that, each call would need a store-load fence. No call fails for another reason, so BUSY is never
 * answered.
 *
 * Progress: try calls are wait-free. A preempted producer or consumer holds up nothing but its own
 * role. The blocking calls relax, yield, then sleep (wait.h), so threads may outnumber cores.
 * Fairness: first in, first out.
 * Size: 5 * CORDON_LINE bytes for the ring, size bytes per slot. Not valid when all-zero: init or
 * create it. Do not copy or move it.
 * A thread that dies between reserve and commit pushes nothing; one that dies between peek and
 * release pops nothing.
 *
 * Source: L. Lamport, "Specifying Concurrent Program Modules", TOPLAS 5(2), 1983; the kept
 * counters: P. Lee, T. Bu, G. Chandranmenon, "A lock-free, cache-efficient shared ring buffer",
 * ANCS 2009 (MCRingBuffer).
 */
#ifndef CORDON_RING_SPSC_H
#define CORDON_RING_SPSC_H

#include <cordon/atomic.h>
#include <cordon/cpu.h>
#include <cordon/ring/item.h>
#include <cordon/sync/eventcount.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* cordon_spsc - the ring. Its members are for the calls below. */
struct cordon_spsc {
    /* Both sides read these. */
    CORDON_ALIGNED(CORDON_LINE) unsigned char *slots;
    size_t size; /* bytes of an element */
    size_t capacity;
    size_t lap;                         /* a power of two, greater than the capacity */
    size_t window;                      /* how many elements are prepared for at a time */
    CORDON_ATOMIC(size_t) room;         /* capacity while open, 0 once closed */
    struct cordon_eventcount not_empty; /* where the consumer sleeps */
    struct cordon_eventcount not_full;  /* where the producer sleeps */
    void *allocated;                    /* by create; NULL if the caller supplied the memory */
    /* The producer's: what the consumer reads, and what is its own. */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(size_t) tail;
    CORDON_ALIGNED(CORDON_LINE) size_t push_stop; /* up to here it pushes without a look */
    size_t limit; /* the tail of a full ring, by the head last seen */
    /* The consumer's, likewise. */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(size_t) head;
    CORDON_ALIGNED(CORDON_LINE) size_t pop_stop; /* up to here it pops without a look */
    size_t tail_seen;
};

/* What is fetched ahead, in bytes: a window, and as much of what is to be read; and what is to be
 * read only by a consumer that is so many windows behind. (It would empty the ring the sooner, and
 * then fight with the producer for the line of tail.)
 */
#define CORDON_SPSC_WINDOW_ 256
#define CORDON_SPSC_AHEAD_  1024
#define CORDON_SPSC_BEHIND_ 8

/* cordon_spsc_bytes - how much memory the slots need, or 0 if there can be no such ring.
 * A whole number of lines, so that whatever lies behind shares none of them. 0 for a capacity or a
 * size of 0, and where the product overflows.
 */
static inline size_t cordon_spsc_bytes(size_t capacity, size_t size)
{
    if (capacity == 0 || size == 0 || size > (SIZE_MAX / 2 - CORDON_LINE) / capacity) {
        return 0;
    }
    return (capacity * size + CORDON_LINE - 1) / CORDON_LINE * CORDON_LINE;
}

/* cordon_spsc_init - make an empty, open ring over memory of the caller's.
 * `memory` is cordon_spsc_bytes(capacity, size) bytes, aligned to CORDON_LINE, and stays the ring's
 * until its last use; it need not be cleared. An element is aligned as its size allows: slot i lies
 * at memory + i * size. Returns false, having changed nothing, for a capacity or size of 0, a
 * product that overflows, or memory or a ring that is not aligned (a ring from malloc is not: use
 * cordon_aligned_alloc).
 * Order:  none: hand the ring to the other thread through something that synchronises.
 * Cost:   the first call in a process registers for membarrier (fence.h); before other threads
 *         start that is cheapest.
 */
static inline bool cordon_spsc_init(struct cordon_spsc *ring, void *memory, size_t capacity,
                                    size_t size)
{
    if (cordon_spsc_bytes(capacity, size) == 0 || memory == NULL ||
        (uintptr_t)memory % CORDON_LINE != 0 || (uintptr_t)ring % CORDON_LINE != 0) {
        return false;
    }
    ring->slots = (unsigned char *)memory;
    ring->size = size;
    ring->capacity = capacity;
    ring->lap = 2;
    while (ring->lap <= capacity) {
        ring->lap *= 2;
    }
    ring->window = size < CORDON_SPSC_WINDOW_ ? CORDON_SPSC_WINDOW_ / size : 1;
    atomic_store_explicit(&ring->room, capacity, memory_order_relaxed);
    atomic_store_explicit(&ring->not_empty.word, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->not_full.word, 0, memory_order_relaxed);
    ring->allocated = NULL;
    atomic_store_explicit(&ring->tail, 0, memory_order_relaxed);
    ring->push_stop = 0;
    ring->limit = ring->lap;
    atomic_store_explicit(&ring->head, 0, memory_order_relaxed);
    ring->pop_stop = 0;
    ring->tail_seen = 0;
#if __STDC_HOSTED__
    (void)cordon_fence_asymmetric_probe();
#endif
    return true;
}

#if __STDC_HOSTED__
/* cordon_spsc_create - as cordon_spsc_init, over memory from cordon_aligned_alloc.
 * Returns false, too, if there is no memory. Release it with cordon_spsc_destroy.
 */
static inline bool cordon_spsc_create(struct cordon_spsc *ring, size_t capacity, size_t size)
{
    const size_t bytes = cordon_spsc_bytes(capacity, size);
    void *memory = bytes == 0 ? NULL : cordon_aligned_alloc(CORDON_LINE, bytes);
    if (memory == NULL || !cordon_spsc_init(ring, memory, capacity, size)) {
        free(memory);
        return false;
    }
    ring->allocated = memory;
    return true;
}

/* cordon_spsc_destroy - give back what create allocated; elements still in the ring are dropped.
 * Nobody may be inside a call, or come later. After init it does nothing; it may be repeated.
 */
static inline void cordon_spsc_destroy(struct cordon_spsc *ring)
{
    free(ring->allocated);
    ring->allocated = NULL;
}
#endif

/* The slot of a position. */
static inline unsigned char *cordon_spsc_slot_(const struct cordon_spsc *ring, size_t position)
{
    return ring->slots + (position & (ring->lap - 1)) * ring->size;
}

/* Elements from one position up to another, at most one lap on. */
static inline size_t cordon_spsc_distance_(const struct cordon_spsc *ring, size_t from, size_t to)
{
    const size_t laps = (to & ~(ring->lap - 1)) - (from & ~(ring->lap - 1));
    return laps == 0 ? to - from : to - from - (ring->lap - ring->capacity);
}

/* The position n elements on; n is at most the capacity. */
static inline size_t cordon_spsc_advance_(const struct cordon_spsc *ring, size_t position, size_t n)
{
    const size_t slot = position & (ring->lap - 1);
    return n < ring->capacity - slot ? position + n : position + n + (ring->lap - ring->capacity);
}

/* How many slots the producer may fill; looks at head only if the kept value says fewer than n. */
static inline size_t cordon_spsc_room_(struct cordon_spsc *ring, size_t tail, size_t n)
{
    size_t room;
    /* Relaxed: a close that does not happen before this push may be overlooked. */
    if (atomic_load_explicit(&ring->room, memory_order_relaxed) == 0) {
        return 0;
    }
    room = cordon_spsc_distance_(ring, tail, ring->limit);
    if (room < n) {
        ring->limit =
            ring->lap + atomic_load_explicit(&ring->head, memory_order_acquire); /* A1 <- R1 */
        room = cordon_spsc_distance_(ring, tail, ring->limit);
    }
    return room;
}

/* Look at tail. */
static inline size_t cordon_spsc_see_tail_(struct cordon_spsc *ring)
{
    return ring->tail_seen = atomic_load_explicit(&ring->tail, memory_order_acquire); /* A0 <- R0 */
}

/* How many elements the consumer may take; looks at tail only if the kept value says fewer than n. */
static inline size_t cordon_spsc_filled_(struct cordon_spsc *ring, size_t head, size_t n)
{
    size_t filled = cordon_spsc_distance_(ring, head, ring->tail_seen);
    if (filled < n) {
        cordon_spsc_see_tail_(ring);
        filled = cordon_spsc_distance_(ring, head, ring->tail_seen);
    }
    return filled;
}

/* Why a push found too little room. */
static inline enum cordon_result cordon_spsc_why_full_(const struct cordon_spsc *ring)
{
    return atomic_load_explicit(&ring->room, memory_order_relaxed) == 0 ? CORDON_CLOSED
                                                                        : CORDON_FULL;
}

/* Why a pop found fewer than n elements, or OK if meanwhile they came. After a close, look at tail
 * once more: the close was seen, so all that was pushed before it is seen as well.
 */
static inline enum cordon_result cordon_spsc_why_empty_(struct cordon_spsc *ring, size_t head,
                                                        size_t n)
{
    if (atomic_load_explicit(&ring->room, memory_order_acquire) != 0) { /* A2 <- R2 */
        return CORDON_EMPTY;
    }
    return cordon_spsc_filled_(ring, head, n) >= n ? CORDON_OK : CORDON_CLOSED;
}

/* Publish the slots before `next`. */
static inline void cordon_spsc_push_done_(struct cordon_spsc *ring, size_t next)
{
    atomic_store_explicit(&ring->tail, next, memory_order_release); /* R0 -> A0 */
#if __STDC_HOSTED__
    cordon_eventcount_signal(&ring->not_empty);
#endif
}

/* Give back the slots before `next`. */
static inline void cordon_spsc_pop_done_(struct cordon_spsc *ring, size_t next)
{
    atomic_store_explicit(&ring->head, next, memory_order_release); /* R1 -> A1, A4 */
#if __STDC_HOSTED__
    cordon_eventcount_signal(&ring->not_full);
#endif
}

/* How many of `n` elements from this position on lie side by side before the last slot of the
 * memory, in one window.
 */
static inline size_t cordon_spsc_window_(const struct cordon_spsc *ring, size_t position, size_t n)
{
    const size_t left = ring->capacity - 1 - (position & (ring->lap - 1));
    n = n < left ? n : left;
    return n < ring->window ? n : ring->window;
}

/* What a single push or pop learns when it has to look: the position after it, or why not. It says
 * so in registers, and copies nothing: an element whose address goes nowhere need not be in memory.
 */
struct cordon_spsc_look_ {
    size_t next;
    enum cordon_result result;
};

/* A push looks: at the end of the window, of the memory, of the room, or closed. */
static CORDON_OUTLINE_ struct cordon_spsc_look_ cordon_spsc_look_push_(struct cordon_spsc *ring)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const size_t room = cordon_spsc_room_(ring, tail, 1);
    struct cordon_spsc_look_ look;
    size_t run, at;
    look.next = cordon_spsc_advance_(ring, tail, 1);
    look.result = CORDON_OK;
    if (room == 0) {
        look.result = cordon_spsc_why_full_(ring);
        return look;
    }
    run = cordon_spsc_window_(ring, look.next, room - 1);
    for (at = 0; at < run * ring->size && at < CORDON_SPSC_WINDOW_; at += CORDON_CPU_FETCH_) {
        cordon_cpu_fetch_write_(cordon_spsc_slot_(ring, look.next) + at);
    }
    ring->push_stop = look.next + run;
    return look;
}

/* A pop looks: at the end of the window, of the memory, or of what is known to be there. */
static CORDON_OUTLINE_ struct cordon_spsc_look_ cordon_spsc_look_pop_(struct cordon_spsc *ring)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    struct cordon_spsc_look_ look;
    size_t filled, at;
    look.next = head;
    look.result = CORDON_OK;
    /* An empty ring is told with the fewest instructions: whoever asks again and again waits. */
    if (head == ring->tail_seen && head == cordon_spsc_see_tail_(ring)) {
        look.result = cordon_spsc_why_empty_(ring, head, 1);
        if (look.result != CORDON_OK) {
            return look;
        }
    }
    filled = cordon_spsc_distance_(ring, head, ring->tail_seen);
    look.next = cordon_spsc_advance_(ring, head, 1);
    if (filled >= CORDON_SPSC_BEHIND_ * ring->window) {
        const size_t left = (ring->capacity - (head & (ring->lap - 1))) * ring->size;
        for (at = 0; at < left && at < CORDON_SPSC_AHEAD_; at += CORDON_CPU_FETCH_) {
            cordon_cpu_fetch_read_(cordon_spsc_slot_(ring, head) + at);
        }
    }
    ring->pop_stop = look.next + cordon_spsc_window_(ring, look.next, filled - 1);
    return look;
}

/* cordon_spsc_try_push - append a copy of *item.
 * Returns CORDON_OK, CORDON_FULL or CORDON_CLOSED. Never fails spuriously.
 * Order:  RELEASE: what precedes it happens before the return of the pop that takes this element.
 * Waits:  never (wait-free).
 * Cost:   no RMW, no fence. A line travels when the consumer looks at tail, and when it takes the
 *         element; head's only when the ring looks full.
 * Edges:  R0 -> A0 (tail), A1 <- R1 (head: the slot is empty indeed)
 */
static inline enum cordon_result cordon_spsc_try_push(struct cordon_spsc *ring, const void *item)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed); /* own */
    size_t next = tail + 1;
    if (__builtin_expect(tail == ring->push_stop, 0) ||
        __builtin_expect(atomic_load_explicit(&ring->room, memory_order_relaxed) == 0, 0)) {
        const struct cordon_spsc_look_ look = cordon_spsc_look_push_(ring);
        if (look.result != CORDON_OK) {
            return look.result;
        }
        next = look.next;
    }
    cordon_item_copy_(cordon_spsc_slot_(ring, tail), item, ring->size, item);
    cordon_spsc_push_done_(ring, next);
    return CORDON_OK;
}

/* cordon_spsc_try_pop - take the oldest element, into *item.
 * Returns CORDON_OK, CORDON_EMPTY, or CORDON_CLOSED: closed, and everything pushed before the close
 * was popped. Never fails spuriously.
 * Order:  ACQUIRE: all that precedes the push of this element happens before the return; and on
 *         CORDON_CLOSED, all that precedes the close.
 * Waits:  never (wait-free).
 * Cost:   as cordon_spsc_try_push.
 * Edges:  A0 <- R0 (tail), R1 -> A1 (head: the copy is done), A2 <- R2 (the close)
 */
static inline enum cordon_result cordon_spsc_try_pop(struct cordon_spsc *ring, void *item)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed); /* own */
    size_t next = head + 1;
    if (__builtin_expect(head == ring->pop_stop, 0)) {
        const struct cordon_spsc_look_ look = cordon_spsc_look_pop_(ring);
        if (look.result != CORDON_OK) {
            return look.result;
        }
        next = look.next;
    }
    cordon_item_copy_(item, cordon_spsc_slot_(ring, head), ring->size, item);
    cordon_spsc_pop_done_(ring, next);
    return CORDON_OK;
}

/* The same after a batch: what was prepared for single ones is off. */
static inline void cordon_spsc_push_done_n_(struct cordon_spsc *ring, size_t next)
{
    ring->push_stop = next;
    cordon_spsc_push_done_(ring, next);
}

static inline void cordon_spsc_pop_done_n_(struct cordon_spsc *ring, size_t next)
{
    ring->pop_stop = next;
    cordon_spsc_pop_done_(ring, next);
}

/* Copy n elements in, over the end of the memory if need be, and publish them. */
static inline void cordon_spsc_put_(struct cordon_spsc *ring, size_t tail, const void *items,
                                    size_t n)
{
    const size_t left = ring->capacity - (tail & (ring->lap - 1));
    const size_t first = n < left ? n : left;
    __builtin_memcpy(cordon_spsc_slot_(ring, tail), items, first * ring->size);
    if (first < n) {
        __builtin_memcpy(ring->slots, (const unsigned char *)items + first * ring->size,
                         (n - first) * ring->size);
    }
    cordon_spsc_push_done_n_(ring, cordon_spsc_advance_(ring, tail, n));
}

/* The same, out. */
static inline void cordon_spsc_take_(struct cordon_spsc *ring, size_t head, void *items, size_t n)
{
    const size_t left = ring->capacity - (head & (ring->lap - 1));
    const size_t first = n < left ? n : left;
    __builtin_memcpy(items, cordon_spsc_slot_(ring, head), first * ring->size);
    if (first < n) {
        __builtin_memcpy((unsigned char *)items + first * ring->size, ring->slots,
                         (n - first) * ring->size);
    }
    cordon_spsc_pop_done_n_(ring, cordon_spsc_advance_(ring, head, n));
}

/* cordon_spsc_try_push_n - append n elements from an array, all of them or none.
 * As n pushes that appear at once. FULL if fewer than n slots are free; so always, if n is more
 * than the capacity. n == 0 is OK.
 * Two sides that both insist, the one on n, the other on m, can wait for each other for ever if
 * n + m > capacity + 1.
 * Order:  as cordon_spsc_try_push.
 * Cost:   one store of tail for all, so one transfer of its line.
 */
static inline enum cordon_result cordon_spsc_try_push_n(struct cordon_spsc *ring, const void *items,
                                                        size_t n)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    if (n == 0) {
        return CORDON_OK;
    }
    if (n > ring->capacity || cordon_spsc_room_(ring, tail, n) < n) {
        return cordon_spsc_why_full_(ring);
    }
    cordon_spsc_put_(ring, tail, items, n);
    return CORDON_OK;
}

/* cordon_spsc_try_pop_n - take the n oldest elements, all of them or none.
 * EMPTY if there are fewer than n; CLOSED if no more will come: fewer may remain, for a smaller n.
 * n == 0 is OK.
 * Order:  as cordon_spsc_try_pop.
 */
static inline enum cordon_result cordon_spsc_try_pop_n(struct cordon_spsc *ring, void *items,
                                                       size_t n)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (n == 0) {
        return CORDON_OK;
    }
    if (cordon_spsc_filled_(ring, head, n) < n) {
        const enum cordon_result why = cordon_spsc_why_empty_(ring, head, n);
        if (why != CORDON_OK) {
            return why;
        }
    }
    cordon_spsc_take_(ring, head, items, n);
    return CORDON_OK;
}

/* cordon_spsc_try_push_some - append as many of n elements as fit; returns how many.
 * 0 says full, or closed: cordon_spsc_is_closed tells.
 * Order:  as cordon_spsc_try_push.
 */
static inline size_t cordon_spsc_try_push_some(struct cordon_spsc *ring, const void *items,
                                               size_t n)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const size_t most = n < ring->capacity ? n : ring->capacity;
    const size_t room = most == 0 ? 0 : cordon_spsc_room_(ring, tail, most);
    const size_t fit = most < room ? most : room;
    if (fit > 0) {
        cordon_spsc_put_(ring, tail, items, fit);
    }
    return fit;
}

/* cordon_spsc_try_pop_some - take up to n of the oldest elements; returns how many.
 * 0 says empty; a cordon_spsc_try_pop tells whether for good.
 * Order:  as cordon_spsc_try_pop.
 */
static inline size_t cordon_spsc_try_pop_some(struct cordon_spsc *ring, void *items, size_t n)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const size_t most = n < ring->capacity ? n : ring->capacity;
    const size_t filled = most == 0 ? 0 : cordon_spsc_filled_(ring, head, most);
    const size_t fit = most < filled ? most : filled;
    if (fit > 0) {
        cordon_spsc_take_(ring, head, items, fit);
    }
    return fit;
}

/* cordon_spsc_reserve - up to *n free slots that lie side by side, to be filled in place.
 * Returns the first one and sets *n to how many; NULL and 0 if the ring is full or closed
 * (cordon_spsc_is_closed tells). The run
 * ends at the end of the memory: reserve again after the commit for the rest. Reserving claims
 * nothing: without a commit it is as if it had not happened.
 * Order:  ACQUIRE: the consumer is done with these slots.
 */
static inline void *cordon_spsc_reserve(struct cordon_spsc *ring, size_t *n)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const size_t most = *n < ring->capacity ? *n : ring->capacity;
    const size_t room = most == 0 ? 0 : cordon_spsc_room_(ring, tail, most);
    size_t fit = most < room ? most : room;
    if (fit > 1) {
        const size_t left = ring->capacity - (tail & (ring->lap - 1));
        fit = fit < left ? fit : left;
    }
    *n = fit;
    return fit > 0 ? cordon_spsc_slot_(ring, tail) : NULL;
}

/* cordon_spsc_commit - push the first n of the slots last reserved. n is at most what was granted.
 * Order:  as cordon_spsc_try_push. A close in between does not take the grant back.
 */
static inline void cordon_spsc_commit(struct cordon_spsc *ring, size_t n)
{
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    cordon_spsc_push_done_n_(ring, cordon_spsc_advance_(ring, tail, n));
}

/* cordon_spsc_peek - up to *n of the oldest elements that lie side by side, to be used in place.
 * Returns the first one and sets *n to how many; NULL and 0 if the ring is empty. It will stay so if
 * cordon_spsc_is_closed said true before a peek that gave none. They stay in the ring, unchanged by
 * anybody but the caller, until released; peeking again gives them again.
 * Order:  as cordon_spsc_try_pop.
 */
static inline void *cordon_spsc_peek(struct cordon_spsc *ring, size_t *n)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    const size_t most = *n < ring->capacity ? *n : ring->capacity;
    const size_t filled = most == 0 ? 0 : cordon_spsc_filled_(ring, head, most);
    size_t fit = most < filled ? most : filled;
    if (fit > 1) {
        const size_t left = ring->capacity - (head & (ring->lap - 1));
        fit = fit < left ? fit : left;
    }
    *n = fit;
    return fit > 0 ? cordon_spsc_slot_(ring, head) : NULL;
}

/* cordon_spsc_release - pop the first n of the elements last peeked at. n is at most what was
 * given.
 * Order:  RELEASE towards the push that fills the slot again.
 */
static inline void cordon_spsc_release(struct cordon_spsc *ring, size_t n)
{
    const size_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    cordon_spsc_pop_done_n_(ring, cordon_spsc_advance_(ring, head, n));
}

/* cordon_spsc_close - no more pushes; the consumer drains what is there and is then told CLOSED.
 * Wakes both sides if they sleep. May be repeated.
 *
 * From the producer, or from any thread after the producer's last push (so that this push happens
 * before the close): exact. All that was pushed is popped before any pop says CLOSED.
 *
 * From the consumer, or from anybody while the producer runs: a request to stop. The producer is
 * told CLOSED by its first push after the close became visible to it; pushes that run at the same
 * time may still succeed, even after a pop said CLOSED. Nothing pushed is lost: a later pop takes
 * it. A consumer that closes and must drop nothing pops until the producer said it has stopped.
 * Order:  RELEASE: what precedes the close happens before a pop's answer CLOSED.
 * Edges:  R2 -> A2, A3 (room)
 */
static inline void cordon_spsc_close(struct cordon_spsc *ring)
{
    atomic_store_explicit(&ring->room, 0, memory_order_release); /* R2 -> A2, A3 */
#if __STDC_HOSTED__
    cordon_eventcount_signal_all(&ring->not_empty);
    cordon_eventcount_signal_all(&ring->not_full);
#endif
}

/* cordon_spsc_is_closed - has somebody closed it? Elements may remain.
 * Order:  ACQUIRE if true: what precedes the close happens before the return.
 */
static inline bool cordon_spsc_is_closed(const struct cordon_spsc *ring)
{
    return atomic_load_explicit(&ring->room, memory_order_acquire) == 0; /* A3 <- R2 */
}

/* cordon_spsc_size - how many elements there are: an estimate, between 0 and the capacity.
 * For the producer it is at most too large, for the consumer at most too small: a producer that
 * sees size < capacity can push, a consumer that sees size > 0 can pop. For others it is at most what
 * is ever pushed less what was popped before the call, at least what was pushed before it less what is
 * ever popped. Not a way to wait.
 * Edges:  A4 <- R1 (head: tail is read after it, and is not behind it)
 */
static inline size_t cordon_spsc_size(const struct cordon_spsc *ring)
{
    /* Acquire, and head first: then tail is at least what that head was popped from. */
    const size_t head = atomic_load_explicit(&ring->head, memory_order_acquire); /* A4 <- R1 */
    const size_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const size_t n = cordon_spsc_distance_(ring, head, tail);
    return n < ring->capacity ? n : ring->capacity;
}

/* cordon_spsc_capacity - how many elements fit: exactly what was asked for. */
static inline size_t cordon_spsc_capacity(const struct cordon_spsc *ring)
{
    return ring->capacity;
}

#if __STDC_HOSTED__
/* cordon_spsc_push_until - append a copy of *item, waiting for room until the deadline.
 * Returns CORDON_OK, CORDON_CLOSED, or CORDON_TIMEDOUT (nothing was pushed). A deadline in the past
 * makes it a try.
 * Order:  as cordon_spsc_try_push.
 * Waits:  relaxes, yields, then sleeps at `not_full`; a pop or a close wakes it.
 */
CORDON_API enum cordon_result cordon_spsc_push_until(struct cordon_spsc *ring, const void *item,
                                                     uint64_t deadline);

/* cordon_spsc_pop_until - take the oldest element, waiting for one until the deadline.
 * Returns CORDON_OK, CORDON_CLOSED (and drained), or CORDON_TIMEDOUT.
 * Order:  as cordon_spsc_try_pop.
 * Waits:  relaxes, yields, then sleeps at `not_empty`; a push or a close wakes it.
 */
CORDON_API enum cordon_result cordon_spsc_pop_until(struct cordon_spsc *ring, void *item,
                                                    uint64_t deadline);

/* cordon_spsc_push - as cordon_spsc_push_until, for as long as it takes: CORDON_OK or
 * CORDON_CLOSED.
 */
static inline enum cordon_result cordon_spsc_push(struct cordon_spsc *ring, const void *item)
{
    const enum cordon_result result = cordon_spsc_try_push(ring, item);
    return result == CORDON_FULL ? cordon_spsc_push_until(ring, item, CORDON_NEVER) : result;
}

/* cordon_spsc_pop - as cordon_spsc_pop_until, for as long as it takes: CORDON_OK or CORDON_CLOSED.
 */
static inline enum cordon_result cordon_spsc_pop(struct cordon_spsc *ring, void *item)
{
    const enum cordon_result result = cordon_spsc_try_pop(ring, item);
    return result == CORDON_EMPTY ? cordon_spsc_pop_until(ring, item, CORDON_NEVER) : result;
}
#endif

CORDON_END_DECLS

#endif
