/* cordon/ring/mpmc.h - a bounded queue between any number of threads: exact capacity, closable.
 *
 * Problem. Many threads push and many pop. One word says where the next push goes, one where the
 * next pop comes from; a thread that has moved such a word on still has to copy its element, and
 * until it has, nobody else may touch that slot. Who waits for whom, and how is that told?
 *
 * Idea (Vyukov's bounded queue). Every slot carries a stamp that says whose turn it is, so that a
 * thread claims with one CAS and finishes with one store, each independent of the others:
 *
 *     position p = lap and slot number in one word      slot s:  [ stamp | element ]
 *
 *         stamp = p          free for the push at p      claim: tail p -> next(p), then copy in,
 *         stamp = p + 1      holds the element of p                 stamp = p + 1
 *         stamp = p + lap    free for the next lap       claim: head p -> next(p), then copy out,
 *                                                                   stamp = p + lap
 *
 * The slot number stands in the low bits of a position, the lap above it, in steps of a power of
 * two greater than the capacity; so any capacity is exact, nothing is divided, and p + 1 never
 * looks like the next lap, not even with one slot. The top bit of `tail` says closed: once it is
 * set the CAS of every push fails, so no push succeeds after a close.
 *
 * State. What never changes, `tail`, and `head`, on lines of their own; the slots. Invariants:
 *   - head <= tail <= head + capacity, counted in elements; both only grow.
 *   - a stamp only grows. The stamp of position p goes from p to p + 1 by the push that claimed p
 *     alone, from p + 1 to p + lap by the pop that claimed p alone.
 *   - so a slot seen free (or filled) for a position that is not yet claimed stays so until it is
 *     claimed. That is why a batch may look at n stamps, one after the other, and then claim all of
 *     them with one CAS: if tail is still p, nobody has claimed p ... p + n - 1, and each is still
 *     as seen.
 * Element and slot pass from push to pop with R0 -> A1, from pop to the next lap's push with
 * R1 -> A0. `tail` and `head` carry no element; their orders (R2, R3) exist so that the answers
 * FULL and EMPTY are exact.
 *
 * A thread that stalls between claim and commit (it was preempted in the middle of a copy, or takes
 * its time with a reserved slot):
 *   - a push at p: pops get as far as p and are then told BUSY (blocking ones wait), though later
 *     positions may be filled; pushes go on until the ring is full.
 *   - a pop at p: pushes get as far as p + lap and are then told BUSY, though the ring is not full;
 *     pops go on until it is empty.
 * If it never comes back, that is for good. So the queue is not lock-free as a whole, though no try
 * call ever waits for another thread.
 *
 * The answers, exactly:
 *   OK      done; linearisable: a push at its CAS of tail, a pop at its CAS of head.
 *   FULL    at one moment during the call the ring held `capacity` elements (claimed pushes count,
 *           claimed pops do not). EMPTY likewise: it held none. Both linearisable.
 *   BUSY    neither, but the slot whose turn it is is still being copied by the thread that claimed
 *           it. The one spurious failure there is: try again, or do something else. True at one
 *           moment, too, but of that slot alone: a batch may have been FULL or EMPTY at that moment
 *           if others had moved on since it began.
 *   CLOSED  a push: closed before. A pop: closed, and every element was claimed by a pop.
 *           A push during which the ring is closed may still be told FULL or BUSY.
 *
 * Fairness: elements leave in the order in which pushes claimed. Threads are not served in any
 * order; a CAS may fail again and again while others succeed (lock-free between them).
 * Preemption: see above; the blocking calls sleep rather than spin against a thread that does not
 * run, so threads may outnumber cores.
 * Size: 3 * CORDON_LINE bytes for the ring; per slot 8 for the stamp and the element, rounded up to
 * its alignment (a power of two that divides its size, at most 16) or 8. Not valid when all-zero:
 * init or create it. Do not copy or move it.
 * Limit: 2^62 pushes; at one per nanosecond 146 years. Needs lock-free 64-bit atomics: on a target
 * without them this header is empty.
 *
 * Source: D. Vyukov, "Bounded MPMC queue", 1024cores.net. The lap in the high bits and the closed
 * bit in tail are also those of crossbeam's array queues.
 */
#ifndef CORDON_RING_MPMC_H
#define CORDON_RING_MPMC_H

#include <cordon/atomic.h>
#include <cordon/cpu.h>
#include <cordon/fence.h>
#include <cordon/ring/item.h>
#include <cordon/sync/eventcount.h>
#include <cordon/wait.h>

#if ATOMIC_LLONG_LOCK_FREE == 2

CORDON_BEGIN_DECLS

/* cordon_mpmc - the ring. Its members are for the calls below. */
struct cordon_mpmc {
    CORDON_ALIGNED(CORDON_LINE) unsigned char *slots;
    size_t capacity;
    size_t size;                        /* bytes of an element */
    size_t stride;                      /* bytes from slot to slot */
    size_t payload;                     /* bytes from a slot's stamp to its element */
    uint64_t lap;                       /* a power of two, greater than the capacity */
    struct cordon_eventcount not_empty; /* where pops sleep */
    struct cordon_eventcount not_full;  /* where pushes sleep */
    void *allocated;                    /* by create; NULL if the caller supplied the memory */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) tail; /* where the next push goes */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) head; /* where the next pop comes from */
};

/* cordon_mpmc_ticket - one claimed slot, from reserve to commit or from peek to release. */
struct cordon_mpmc_ticket {
    CORDON_ATOMIC(uint64_t) * stamp;
    uint64_t done;             /* what the stamp becomes */
    enum cordon_result result; /* CORDON_OK, or why there is no slot */
};

/* The top bit of tail. */
#define CORDON_MPMC_CLOSED_ (UINT64_C(1) << 63)

/* The alignment that an element of this size can ask for, at most 16. */
static inline size_t cordon_mpmc_alignment_(size_t size)
{
    const size_t low = size & (~size + 1);
    return low < 16 ? low : 16;
}

static inline size_t cordon_mpmc_payload_(size_t size)
{
    return cordon_mpmc_alignment_(size) > sizeof(uint64_t) ? 16 : sizeof(uint64_t);
}

/* A multiple of 8, or of 16. */
static inline size_t cordon_mpmc_stride_(size_t size)
{
    const size_t unit = cordon_mpmc_payload_(size);
    return unit + (size + unit - 1) / unit * unit;
}

/* cordon_mpmc_bytes - how much memory the slots need, or 0 if there can be no such ring.
 * A whole number of lines, so that whatever lies behind shares none of them. 0 for a capacity or a
 * size of 0, and where the product overflows.
 */
static inline size_t cordon_mpmc_bytes(size_t capacity, size_t size)
{
    const size_t most = SIZE_MAX / 2 - 2 * CORDON_LINE;
    if (capacity == 0 || size == 0 || size > most || cordon_mpmc_stride_(size) > most / capacity) {
        return 0;
    }
    return (capacity * cordon_mpmc_stride_(size) + CORDON_LINE - 1) / CORDON_LINE * CORDON_LINE;
}

static inline CORDON_ATOMIC(uint64_t) *
    cordon_mpmc_stamp_(const struct cordon_mpmc *ring, uint64_t position)
{
    const size_t slot = (size_t)(position & (ring->lap - 1));
    return (CORDON_ATOMIC(uint64_t) *)(void *)(ring->slots + slot * ring->stride);
}

static inline unsigned char *cordon_mpmc_element_(const struct cordon_mpmc *ring,
                                                  CORDON_ATOMIC(uint64_t) * stamp)
{
    return (unsigned char *)(void *)stamp + ring->payload;
}

/* The position after this one. */
static inline uint64_t cordon_mpmc_next_(const struct cordon_mpmc *ring, uint64_t position)
{
    const uint64_t slot = position & (ring->lap - 1);
    return slot + 1 < ring->capacity ? position + 1 : position - slot + ring->lap;
}

/* Elements from one position up to a later one. It divides: for slow paths. */
static inline size_t cordon_mpmc_distance_(const struct cordon_mpmc *ring, uint64_t from,
                                           uint64_t to)
{
    const uint64_t from_slot = from & (ring->lap - 1), to_slot = to & (ring->lap - 1);
    const uint64_t laps = (to - to_slot - (from - from_slot)) / ring->lap;
    return (size_t)(laps * ring->capacity + to_slot - from_slot);
}

/* Does position or stamp a come before b? */
static inline bool cordon_mpmc_before_(uint64_t a, uint64_t b)
{
    return (int64_t)(a - b) < 0;
}

/* cordon_mpmc_init - make an empty, open ring over memory of the caller's.
 * `memory` is cordon_mpmc_bytes(capacity, size) bytes, aligned to CORDON_LINE, and stays the ring's
 * until its last use; it need not be cleared. Returns false, having changed nothing, for a capacity
 * or size of 0, a product that overflows, or memory or a ring that is not aligned (a ring from
 * malloc is not: use cordon_aligned_alloc).
 * Order:  none: hand the ring to other threads through something that synchronises.
 * Cost:   writes each slot's stamp. The first call in a process registers for membarrier (fence.h);
 *         before other threads start that is cheapest.
 */
static inline bool cordon_mpmc_init(struct cordon_mpmc *ring, void *memory, size_t capacity,
                                    size_t size)
{
    uint64_t position;
    if (cordon_mpmc_bytes(capacity, size) == 0 || memory == NULL ||
        (uintptr_t)memory % CORDON_LINE != 0 || (uintptr_t)ring % CORDON_LINE != 0) {
        return false;
    }
    ring->slots = (unsigned char *)memory;
    ring->capacity = capacity;
    ring->size = size;
    ring->stride = cordon_mpmc_stride_(size);
    ring->payload = cordon_mpmc_payload_(size);
    ring->lap = 2;
    while (ring->lap <= capacity) {
        ring->lap *= 2;
    }
    atomic_store_explicit(&ring->not_empty.word, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->not_full.word, 0, memory_order_relaxed);
    ring->allocated = NULL;
    atomic_store_explicit(&ring->tail, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->head, 0, memory_order_relaxed);
    for (position = 0; position < capacity; ++position) {
        atomic_store_explicit(cordon_mpmc_stamp_(ring, position), position, memory_order_relaxed);
    }
#if __STDC_HOSTED__
    (void)cordon_fence_asymmetric_probe();
#endif
    return true;
}

#if __STDC_HOSTED__
/* cordon_mpmc_create - as cordon_mpmc_init, over memory from cordon_aligned_alloc.
 * Returns false, too, if there is no memory. Release it with cordon_mpmc_destroy.
 */
static inline bool cordon_mpmc_create(struct cordon_mpmc *ring, size_t capacity, size_t size)
{
    const size_t bytes = cordon_mpmc_bytes(capacity, size);
    void *memory = bytes == 0 ? NULL : cordon_aligned_alloc(CORDON_LINE, bytes);
    if (memory == NULL || !cordon_mpmc_init(ring, memory, capacity, size)) {
        free(memory);
        return false;
    }
    ring->allocated = memory;
    return true;
}

/* cordon_mpmc_destroy - give back what create allocated; elements still in the ring are dropped.
 * Nobody may be inside a call, or come later. After init it does nothing; it may be repeated.
 */
static inline void cordon_mpmc_destroy(struct cordon_mpmc *ring)
{
    free(ring->allocated);
    ring->allocated = NULL;
}
#endif

/* Why a push of n at *tail cannot go on, the slot of `next` not being free; OK: try again.
 *
 * The fence does two things. With the load of tail before it, it is an acquire: it shows every pop
 * that happens before the push that brought tail there, so an old head is not taken for a full
 * ring. And it is a full fence: without that, two threads could be told FULL and EMPTY of one ring
 * at once, or FULL and BUSY, each missing what the other saw (store buffering between what they do
 * to tail and to head, or two threads that read them in opposite order).
 */
static inline enum cordon_result cordon_mpmc_why_full_(const struct cordon_mpmc *ring,
                                                       uint64_t *tail, uint64_t next, size_t n)
{
    const uint64_t seen = *tail;
    uint64_t head;
    *tail = atomic_load_explicit(&ring->tail, memory_order_relaxed); /* the fence is its acquire */
    if (*tail != seen) {
        return CORDON_OK;
    }
    cordon_thread_fence(memory_order_seq_cst);                      /* A2 <- R2; F0 <-> F0, F1 */
    head = atomic_load_explicit(&ring->head, memory_order_acquire); /* A3 <- R3 */
    if (cordon_mpmc_before_(seen, head)) {
        *tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
        return CORDON_OK;
    }
    if (ring->capacity - cordon_mpmc_distance_(ring, head, seen) < n) {
        return CORDON_FULL;
    }
    /* There is room. Look again: the slot may have been freed before its pop was counted above, or
     * before a later pop was, by the same thread (hence A3).
     */
    return cordon_mpmc_before_(
               atomic_load_explicit(cordon_mpmc_stamp_(ring, next), memory_order_relaxed), next)
               ? CORDON_BUSY
               : CORDON_OK;
}

/* Why a pop of n at *head cannot go on, the slot of `next` not being filled; the mirror image. */
static inline enum cordon_result cordon_mpmc_why_empty_(const struct cordon_mpmc *ring,
                                                        uint64_t *head, uint64_t next, size_t n)
{
    const uint64_t seen = *head;
    uint64_t tail;
    *head = atomic_load_explicit(&ring->head, memory_order_relaxed); /* the fence is its acquire */
    if (*head != seen) {
        return CORDON_OK;
    }
    cordon_thread_fence(memory_order_seq_cst); /* A4 <- R3; F1 <-> F0, F1 */
    /* Never behind head: the pop that brought head here saw that push. */
    tail = atomic_load_explicit(&ring->tail, memory_order_acquire); /* A5 <- R2, R4 */
    if (cordon_mpmc_distance_(ring, seen, tail & ~CORDON_MPMC_CLOSED_) < n) {
        return (tail & CORDON_MPMC_CLOSED_) != 0 ? CORDON_CLOSED : CORDON_EMPTY;
    }
    return cordon_mpmc_before_(
               atomic_load_explicit(cordon_mpmc_stamp_(ring, next), memory_order_relaxed), next + 1)
               ? CORDON_BUSY
               : CORDON_OK;
}

/* Claim between `least` and `most` positions for a push. On OK, *position is the first and *got how
 * many.
 */
static inline enum cordon_result cordon_mpmc_claim_push_(struct cordon_mpmc *ring, size_t least,
                                                         size_t most, uint64_t *position,
                                                         size_t *got)
{
    uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    for (;;) {
        uint64_t next = tail;
        size_t n = 0;
        if ((tail & CORDON_MPMC_CLOSED_) != 0) {
            return CORDON_CLOSED;
        }
        while (n < most && atomic_load_explicit(cordon_mpmc_stamp_(ring, next),
                                                memory_order_acquire) == next) { /* A0 <- R1 */
            next = cordon_mpmc_next_(ring, next);
            ++n;
        }
        if (n < least) {
            const enum cordon_result why = cordon_mpmc_why_full_(ring, &tail, next, least);
            if (why != CORDON_OK) {
                return why;
            }
        } else if (atomic_compare_exchange_weak_explicit(&ring->tail, &tail, next,
                                                         memory_order_release, /* R2 -> A2, A5 */
                                                         memory_order_relaxed)) {
            *position = tail;
            *got = n;
            return CORDON_OK;
        }
    }
}

/* Claim between `least` and `most` elements for a pop. */
static inline enum cordon_result cordon_mpmc_claim_pop_(struct cordon_mpmc *ring, size_t least,
                                                        size_t most, uint64_t *position,
                                                        size_t *got)
{
    uint64_t head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    for (;;) {
        uint64_t next = head;
        size_t n = 0;
        while (n < most && atomic_load_explicit(cordon_mpmc_stamp_(ring, next),
                                                memory_order_acquire) == next + 1) { /* A1 <- R0 */
            next = cordon_mpmc_next_(ring, next);
            ++n;
        }
        if (n < least) {
            const enum cordon_result why = cordon_mpmc_why_empty_(ring, &head, next, least);
            if (why != CORDON_OK) {
                return why;
            }
        } else if (atomic_compare_exchange_weak_explicit(
                       &ring->head, &head, next, memory_order_release, /* R3 -> A3, A4, A7 */
                       memory_order_relaxed)) {
            *position = head;
            *got = n;
            return CORDON_OK;
        }
    }
}

/* Say that the element of this position is there. */
static inline void cordon_mpmc_fill_(CORDON_ATOMIC(uint64_t) * stamp, uint64_t done)
{
    atomic_store_explicit(stamp, done, memory_order_release); /* R0 -> A1 */
}

/* Say that the slot is free for the next lap. */
static inline void cordon_mpmc_free_(CORDON_ATOMIC(uint64_t) * stamp, uint64_t done)
{
    atomic_store_explicit(stamp, done, memory_order_release); /* R1 -> A0 */
}

/* After n elements were filled, or n slots freed. A stamp may be stored out of turn (the one before
 * it is still being copied): then the thread woken is told BUSY and sleeps again, and this one is
 * made up for by cordon_mpmc_push_until and _pop_until: whoever was woken and succeeds wakes the
 * next if the next slot is ready.
 */
static inline void cordon_mpmc_filled_(struct cordon_mpmc *ring, size_t n)
{
#if __STDC_HOSTED__
    cordon_eventcount_signal_n(&ring->not_empty, n);
#else
    (void)ring;
    (void)n;
#endif
}

static inline void cordon_mpmc_freed_(struct cordon_mpmc *ring, size_t n)
{
#if __STDC_HOSTED__
    cordon_eventcount_signal_n(&ring->not_full, n);
#else
    (void)ring;
    (void)n;
#endif
}

/* Copy n elements into claimed slots, one stamp after the other. */
static inline void cordon_mpmc_put_(struct cordon_mpmc *ring, uint64_t position, const void *items,
                                    size_t n)
{
    const unsigned char *from = (const unsigned char *)items;
    size_t i;
    for (i = 0; i < n; ++i) {
        CORDON_ATOMIC(uint64_t) *stamp = cordon_mpmc_stamp_(ring, position);
        cordon_item_copy_(cordon_mpmc_element_(ring, stamp), from, ring->size, from);
        cordon_mpmc_fill_(stamp, position + 1);
        position = cordon_mpmc_next_(ring, position);
        from += ring->size;
    }
    cordon_mpmc_filled_(ring, n);
}

/* Copy n claimed elements out. */
static inline void cordon_mpmc_take_(struct cordon_mpmc *ring, uint64_t position, void *items,
                                     size_t n)
{
    unsigned char *to = (unsigned char *)items;
    size_t i;
    for (i = 0; i < n; ++i) {
        CORDON_ATOMIC(uint64_t) *stamp = cordon_mpmc_stamp_(ring, position);
        cordon_item_copy_(to, cordon_mpmc_element_(ring, stamp), ring->size, to);
        cordon_mpmc_free_(stamp, position + ring->lap);
        position = cordon_mpmc_next_(ring, position);
        to += ring->size;
    }
    cordon_mpmc_freed_(ring, n);
}

/* cordon_mpmc_try_push - append a copy of *item.
 * Returns CORDON_OK, CORDON_FULL, CORDON_BUSY or CORDON_CLOSED, as defined above. BUSY is the
 * spurious failure: the ring is not full, but a pop is not yet done with the slot.
 * Order:  RELEASE: what precedes it happens before the return of the pop that takes this element.
 * Waits:  never for another thread; tries again while others' pushes succeed (lock-free).
 * Cost:   one CAS; the lines of tail and of the slot travel. FULL and BUSY: a full fence.
 * Edges:  R0 -> A1 (the element), A0 <- R1 (the slot), R2 -> A2, A5 (tail); before FULL and BUSY
 *         A2 <- R2 (tail), F0 <-> F0, F1 (no EMPTY at that moment), A3 <- R3 (head)
 */
static inline enum cordon_result cordon_mpmc_try_push(struct cordon_mpmc *ring, const void *item)
{
    uint64_t position;
    size_t n;
    const enum cordon_result result = cordon_mpmc_claim_push_(ring, 1, 1, &position, &n);
    if (result == CORDON_OK) {
        cordon_mpmc_put_(ring, position, item, 1);
    }
    return result;
}

/* cordon_mpmc_try_pop - take the oldest element, into *item.
 * Returns CORDON_OK, CORDON_EMPTY, CORDON_BUSY or CORDON_CLOSED, as defined above. BUSY is the
 * spurious failure: the ring is not empty, but the oldest element is still being copied in.
 * Order:  ACQUIRE: all that precedes the push of this element happens before the return; and on
 *         CORDON_CLOSED, all that precedes the close.
 * Waits:  never for another thread; tries again while others' pops succeed (lock-free).
 * Cost:   one CAS; the lines of head and of the slot travel. EMPTY and BUSY: a full fence.
 * Edges:  A1 <- R0 (the element), R1 -> A0 (the slot), R3 -> A3, A4, A7 (head); before EMPTY and
 *         BUSY A4 <- R3 (head), F1 <-> F0, F1 (no FULL at that moment), A5 <- R2, R4 (tail, and
 *         the close)
 */
static inline enum cordon_result cordon_mpmc_try_pop(struct cordon_mpmc *ring, void *item)
{
    uint64_t position;
    size_t n;
    const enum cordon_result result = cordon_mpmc_claim_pop_(ring, 1, 1, &position, &n);
    if (result == CORDON_OK) {
        cordon_mpmc_take_(ring, position, item, 1);
    }
    return result;
}

/* cordon_mpmc_try_push_n - append n elements from an array, all of them or none.
 * They lie in the queue side by side, whatever other threads push; they may become visible one
 * after the other. FULL if fewer than n slots are free (always, if n is more than the capacity),
 * BUSY if one of those it needs is still being read. n == 0 is OK.
 * Two sides that both insist, the one on n, the other on m, can wait for each other for ever if
 * n + m > capacity + 1.
 * Order:  as cordon_mpmc_try_push. Linearisable, at the one CAS.
 * Cost:   one CAS for all.
 */
static inline enum cordon_result cordon_mpmc_try_push_n(struct cordon_mpmc *ring, const void *items,
                                                        size_t n)
{
    uint64_t position;
    size_t got;
    enum cordon_result result;
    if (n == 0) {
        return CORDON_OK;
    }
    result = cordon_mpmc_claim_push_(ring, n, n, &position, &got);
    if (result == CORDON_OK) {
        cordon_mpmc_put_(ring, position, items, n);
    }
    return result;
}

/* cordon_mpmc_try_pop_n - take the n oldest elements, all of them or none.
 * EMPTY if there are fewer than n, CLOSED if no more will come (fewer may remain, for a smaller n),
 * BUSY if one of them is still being written. n == 0 is OK.
 * Order:  as cordon_mpmc_try_pop. Linearisable, at the one CAS.
 */
static inline enum cordon_result cordon_mpmc_try_pop_n(struct cordon_mpmc *ring, void *items,
                                                       size_t n)
{
    uint64_t position;
    size_t got;
    enum cordon_result result;
    if (n == 0) {
        return CORDON_OK;
    }
    result = cordon_mpmc_claim_pop_(ring, n, n, &position, &got);
    if (result == CORDON_OK) {
        cordon_mpmc_take_(ring, position, items, n);
    }
    return result;
}

/* cordon_mpmc_try_push_some - append as many of n elements as find free slots; returns how many.
 * As try_push_n with the number that it then turns out to be. Fewer than n, and 0, may be spurious:
 * the first slot still being read ends the run. Of 0, a cordon_mpmc_try_push tells the reason.
 * Order:  as cordon_mpmc_try_push.
 */
static inline size_t cordon_mpmc_try_push_some(struct cordon_mpmc *ring, const void *items,
                                               size_t n)
{
    uint64_t position;
    size_t got;
    if (n == 0 || cordon_mpmc_claim_push_(ring, 1, n, &position, &got) != CORDON_OK) {
        return 0;
    }
    cordon_mpmc_put_(ring, position, items, got);
    return got;
}

/* cordon_mpmc_try_pop_some - take up to n of the oldest elements; returns how many.
 * Fewer than n, and 0, may be spurious: the first element still being written ends the run. Of 0,
 * a cordon_mpmc_try_pop tells the reason.
 * Order:  as cordon_mpmc_try_pop.
 */
static inline size_t cordon_mpmc_try_pop_some(struct cordon_mpmc *ring, void *items, size_t n)
{
    uint64_t position;
    size_t got;
    if (n == 0 || cordon_mpmc_claim_pop_(ring, 1, n, &position, &got) != CORDON_OK) {
        return 0;
    }
    cordon_mpmc_take_(ring, position, items, got);
    return got;
}

/* cordon_mpmc_reserve - claim the next slot, to be filled in place.
 * Returns it, or NULL with the reason in ticket->result (FULL, BUSY, CLOSED). The slot's turn in
 * the queue is fixed from here on: commit it, and soon. Pops wait behind it, and it cannot be given
 * back. A close does not take it back either: it is popped before any pop says CLOSED.
 * Order:  ACQUIRE: the pop that emptied the slot is done with it.
 */
static inline void *cordon_mpmc_reserve(struct cordon_mpmc *ring, struct cordon_mpmc_ticket *ticket)
{
    uint64_t position;
    size_t n;
    ticket->result = cordon_mpmc_claim_push_(ring, 1, 1, &position, &n);
    if (ticket->result != CORDON_OK) {
        return NULL;
    }
    ticket->stamp = cordon_mpmc_stamp_(ring, position);
    ticket->done = position + 1;
    return cordon_mpmc_element_(ring, ticket->stamp);
}

/* cordon_mpmc_commit - the reserved slot is filled. Exactly once per slot reserved, by any thread.
 * Order:  RELEASE, as cordon_mpmc_try_push.
 */
static inline void cordon_mpmc_commit(struct cordon_mpmc *ring,
                                      const struct cordon_mpmc_ticket *ticket)
{
    cordon_mpmc_fill_(ticket->stamp, ticket->done);
    cordon_mpmc_filled_(ring, 1);
}

/* cordon_mpmc_peek - take the oldest element, to be used in place.
 * Returns it, or NULL with the reason in ticket->result (EMPTY, BUSY, CLOSED). It is popped from
 * here on: nobody else gets it, and it cannot be put back. Release it, and soon: pushes get no
 * further than this slot.
 * Order:  ACQUIRE, as cordon_mpmc_try_pop.
 */
static inline void *cordon_mpmc_peek(struct cordon_mpmc *ring, struct cordon_mpmc_ticket *ticket)
{
    uint64_t position;
    size_t n;
    ticket->result = cordon_mpmc_claim_pop_(ring, 1, 1, &position, &n);
    if (ticket->result != CORDON_OK) {
        return NULL;
    }
    ticket->stamp = cordon_mpmc_stamp_(ring, position);
    ticket->done = position + ring->lap;
    return cordon_mpmc_element_(ring, ticket->stamp);
}

/* cordon_mpmc_release - done with the element peeked at. Exactly once per element, by any thread.
 * Order:  RELEASE towards the push that fills the slot again.
 */
static inline void cordon_mpmc_release(struct cordon_mpmc *ring,
                                       const struct cordon_mpmc_ticket *ticket)
{
    cordon_mpmc_free_(ticket->stamp, ticket->done);
    cordon_mpmc_freed_(ring, 1);
}

/* cordon_mpmc_close - no push succeeds from here on; pops drain the ring and are then told CLOSED.
 * Any thread, any time, repeatedly. Linearisable: a push succeeded before it or fails. Wakes all
 * who sleep.
 * Order:  RELEASE: what precedes the close happens before a pop's answer CLOSED.
 * Edges:  R4 -> A5, A6 (tail)
 */
static inline void cordon_mpmc_close(struct cordon_mpmc *ring)
{
    atomic_fetch_or_explicit(&ring->tail, CORDON_MPMC_CLOSED_,
                             memory_order_release); /* R4 -> A5, A6 */
#if __STDC_HOSTED__
    cordon_eventcount_signal_all(&ring->not_empty);
    cordon_eventcount_signal_all(&ring->not_full);
#endif
}

/* cordon_mpmc_is_closed - has somebody closed it? Elements may remain.
 * Order:  ACQUIRE if true: what precedes the close happens before the return.
 * Edges:  A6 <- R4 (tail)
 */
static inline bool cordon_mpmc_is_closed(const struct cordon_mpmc *ring)
{
    return (atomic_load_explicit(&ring->tail, memory_order_acquire) & /* A6 <- R4 */
            CORDON_MPMC_CLOSED_) != 0;
}

/* cordon_mpmc_size - how many elements there are: an estimate, between 0 and the capacity.
 * Claimed pushes count, claimed pops do not. It was true of each end once; other threads have moved
 * on. Not a way to wait.
 * Edges:  A7 <- R3 (head: tail is read after it, and is not behind it)
 */
static inline size_t cordon_mpmc_size(const struct cordon_mpmc *ring)
{
    /* Acquire, and head first: then tail is not behind it. */
    const uint64_t head = atomic_load_explicit(&ring->head, memory_order_acquire); /* A7 <- R3 */
    const uint64_t tail = atomic_load_explicit(&ring->tail, memory_order_relaxed);
    const size_t n = cordon_mpmc_distance_(ring, head, tail & ~CORDON_MPMC_CLOSED_);
    return n < ring->capacity ? n : ring->capacity;
}

/* cordon_mpmc_capacity - how many elements fit: exactly what was asked for. */
static inline size_t cordon_mpmc_capacity(const struct cordon_mpmc *ring)
{
    return ring->capacity;
}

#if __STDC_HOSTED__
/* cordon_mpmc_push_until - append a copy of *item, waiting for room until the deadline.
 * Returns CORDON_OK, CORDON_CLOSED, or CORDON_TIMEDOUT (nothing was pushed). A deadline in the past
 * makes it a try, which says TIMEDOUT for FULL and BUSY.
 * Order:  as cordon_mpmc_try_push.
 * Waits:  relaxes, yields, then sleeps at `not_full`; a pop or a close wakes it. Sleepers are not
 *         served in turn.
 */
CORDON_API enum cordon_result cordon_mpmc_push_until(struct cordon_mpmc *ring, const void *item,
                                                     uint64_t deadline);

/* cordon_mpmc_pop_until - take the oldest element, waiting for one until the deadline.
 * Returns CORDON_OK, CORDON_CLOSED (and drained), or CORDON_TIMEDOUT.
 * Order:  as cordon_mpmc_try_pop.
 * Waits:  relaxes, yields, then sleeps at `not_empty`; a push or a close wakes it.
 */
CORDON_API enum cordon_result cordon_mpmc_pop_until(struct cordon_mpmc *ring, void *item,
                                                    uint64_t deadline);

/* cordon_mpmc_push - as cordon_mpmc_push_until, for as long as it takes: CORDON_OK or
 * CORDON_CLOSED.
 */
static inline enum cordon_result cordon_mpmc_push(struct cordon_mpmc *ring, const void *item)
{
    const enum cordon_result result = cordon_mpmc_try_push(ring, item);
    return result == CORDON_FULL || result == CORDON_BUSY
               ? cordon_mpmc_push_until(ring, item, CORDON_NEVER)
               : result;
}

/* cordon_mpmc_pop - as cordon_mpmc_pop_until, for as long as it takes: CORDON_OK or CORDON_CLOSED.
 */
static inline enum cordon_result cordon_mpmc_pop(struct cordon_mpmc *ring, void *item)
{
    const enum cordon_result result = cordon_mpmc_try_pop(ring, item);
    return result == CORDON_EMPTY || result == CORDON_BUSY
               ? cordon_mpmc_pop_until(ring, item, CORDON_NEVER)
               : result;
}
#endif

CORDON_END_DECLS

#endif

#endif
