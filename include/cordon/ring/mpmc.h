/* cordon/ring/mpmc.h - a bounded queue between any number of threads: exact capacity, closable.
 *
 * Problem. Many threads push and many pop. One word says where the next push goes, one where the
 * next pop comes from; a thread that has moved such a word on still has to copy its element, and
 * until it has, nobody else may touch that slot. Who waits for whom, and how is that told?
 *
 * Idea (Vyukov's bounded queue, taken apart). Every slot has marks that say whose turn it is, so that
 * a thread claims with one CAS and finishes with one store, each independent of the others. What
 * pushes write lies apart from what pops write, and both apart from the elements:
 *
 *     position p = lap and slot number in one word
 *
 *     elements  [   ][ a ][ b ][ c ][   ]    side by side; written by pushes alone
 *     filled      0    1    1    1    0      parity of the lap whose element the slot got last
 *     freed       0    0    0    0    0      parity of the lap whose element left it last
 *
 *     push at p:  freed[slot] = parity of the lap before?    claim: tail p -> next(p), copy in,
 *                                                                   filled[slot] = parity of p's lap
 *     pop at p:   filled[slot] = parity of p's lap?          claim: head p -> next(p), copy out,
 *                                                                   freed[slot] = parity of p's lap
 *
 * So a line of elements travels to the pops and is not written there; a line of marks stands for as
 * many slots as it has bytes; and a batch is copied at once. A locked instruction waits for the
 * stores before it: a push therefore fetches the memory of later elements while it has time.
 *
 * The slot number stands in the low bits of a position, the lap above it, in steps of a power of two
 * greater than the capacity; so any capacity is exact, and nothing is divided. The top bit of `tail`
 * says closed: once it is set the CAS of every push fails, so no push succeeds after a close.
 *
 * State. What never changes (beside it: who sleeps), `tail`, and `head`, on lines of their own. Invariants:
 *   - head <= tail <= head + capacity, counted in elements; both only grow.
 *   - filled[slot] is set for position p by the push that claimed p alone, then freed[slot] by the pop
 *     that claimed p alone, and only then is the slot's position of the next lap claimed by a push.
 *   - so a slot seen free (or filled) for a position that is not yet claimed stays so until it is
 *     claimed. That is why a batch may look at n marks, one after the other, and then claim all of
 *     them with one CAS: if tail is still p, nobody has claimed p ... p + n - 1, and each is still
 *     as seen.
 *   - a mark read after tail was read as p (A1) is that of p's lap, or of the one before: whoever
 *     claimed the slot last has seen the older ones off, and what is later needs a later tail, with
 *     which the CAS fails. Two values tell these apart. Likewise with head (A8).
 * The element passes from push to pop with R0 -> A0, the slot from pop to the next lap's push with
 * R1 -> A0. `tail` and `head` carry no element; their orders (R2, R3) make the marks mean what is said
 * above, and the answers FULL and EMPTY exact.
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
 * Size: 3 * CORDON_LINE bytes for the ring; per slot the element and 2 bytes of marks. An element is
 * aligned as its size allows: slot i lies at memory + i * size. Not valid when all-zero: init or
 * create it. Do not copy or move it.
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
    CORDON_ATOMIC(uint8_t) * filled; /* per slot: parity of the lap whose element it got last */
    CORDON_ATOMIC(uint8_t) * freed;  /* per slot: parity of the lap whose element left it last */
    size_t size;                     /* bytes of an element */
    size_t capacity;
    size_t ahead;                       /* how many slots ahead a push fetches */
    uint64_t lap;                       /* a power of two, greater than the capacity */
    struct cordon_eventcount not_empty; /* where pops sleep */
    struct cordon_eventcount not_full;  /* where pushes sleep */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) tail; /* where the next push goes */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint64_t) head; /* where the next pop comes from */
    void *allocated; /* by create, or NULL. Of no use to a push or a pop: it may share a line */
};

/* cordon_mpmc_ticket - one claimed slot, from reserve to commit or from peek to release. */
struct cordon_mpmc_ticket {
    CORDON_ATOMIC(uint8_t) * mark;
    uint8_t done;              /* what the mark becomes */
    enum cordon_result result; /* CORDON_OK, or why there is no slot */
};

/* The top bit of tail. */
#define CORDON_MPMC_CLOSED_ (UINT64_C(1) << 63)

/* How far ahead, in bytes, a push fetches the memory of the elements to come. */
#define CORDON_MPMC_AHEAD_ 256

/* So many bytes, in whole lines. */
static inline size_t cordon_mpmc_lines_(size_t bytes)
{
    return (bytes + CORDON_LINE - 1) / CORDON_LINE * CORDON_LINE;
}

/* cordon_mpmc_bytes - how much memory the slots need, or 0 if there can be no such ring.
 * A whole number of lines, so that whatever lies behind shares none of them. 0 for a capacity or a
 * size of 0, and where the product overflows.
 */
static inline size_t cordon_mpmc_bytes(size_t capacity, size_t size)
{
    const size_t most = SIZE_MAX / 2 - 4 * CORDON_LINE;
    if (capacity == 0 || size == 0 || size > most - 2 || size + 2 > most / capacity) {
        return 0;
    }
    return cordon_mpmc_lines_(capacity * size) + 2 * cordon_mpmc_lines_(capacity);
}

static inline size_t cordon_mpmc_slot_(const struct cordon_mpmc *ring, uint64_t position)
{
    return (size_t)(position & (ring->lap - 1));
}

/* Parity of the lap. */
static inline uint8_t cordon_mpmc_odd_(const struct cordon_mpmc *ring, uint64_t position)
{
    return (position & ring->lap) != 0;
}

static inline unsigned char *cordon_mpmc_element_(const struct cordon_mpmc *ring, size_t slot)
{
    return ring->slots + slot * ring->size;
}

/* The position n elements on; n is at most the capacity. */
static inline uint64_t cordon_mpmc_advance_(const struct cordon_mpmc *ring, uint64_t position,
                                            size_t n)
{
    const uint64_t slot = position & (ring->lap - 1);
    return n < ring->capacity - slot ? position + n : position + n + (ring->lap - ring->capacity);
}

/* Elements from one position up to a later one. It divides: for slow paths. */
static inline size_t cordon_mpmc_distance_(const struct cordon_mpmc *ring, uint64_t from,
                                           uint64_t to)
{
    const uint64_t from_slot = from & (ring->lap - 1), to_slot = to & (ring->lap - 1);
    const uint64_t laps = (to - to_slot - (from - from_slot)) / ring->lap;
    return (size_t)(laps * ring->capacity + to_slot - from_slot);
}

/* Does position a come before b? */
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
 * Cost:   writes each slot's two marks. The first call in a process registers for membarrier (fence.h);
 *         before other threads start that is cheapest.
 */
static inline bool cordon_mpmc_init(struct cordon_mpmc *ring, void *memory, size_t capacity,
                                    size_t size)
{
    const size_t marks = cordon_mpmc_lines_(capacity);
    unsigned char *after = (unsigned char *)memory;
    size_t slot;
    if (cordon_mpmc_bytes(capacity, size) == 0 || memory == NULL ||
        (uintptr_t)memory % CORDON_LINE != 0 || (uintptr_t)ring % CORDON_LINE != 0) {
        return false;
    }
    after += cordon_mpmc_lines_(capacity * size);
    ring->slots = (unsigned char *)memory;
    ring->filled = (CORDON_ATOMIC(uint8_t) *)(void *)after;
    ring->freed = (CORDON_ATOMIC(uint8_t) *)(void *)(after + marks);
    ring->capacity = capacity;
    ring->size = size;
    ring->ahead = size < CORDON_MPMC_AHEAD_ ? CORDON_MPMC_AHEAD_ / size : 1;
    ring->lap = 2;
    while (ring->lap <= capacity) {
        ring->lap *= 2;
    }
    atomic_store_explicit(&ring->not_empty.word, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->not_full.word, 0, memory_order_relaxed);
    ring->allocated = NULL;
    atomic_store_explicit(&ring->tail, 0, memory_order_relaxed);
    atomic_store_explicit(&ring->head, 0, memory_order_relaxed);
    for (slot = 0; slot < capacity; ++slot) { /* as if lap -1, which is odd, were over */
        atomic_store_explicit(&ring->filled[slot], 1, memory_order_relaxed);
        atomic_store_explicit(&ring->freed[slot], 1, memory_order_relaxed);
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

/* The two ends, to begin with. Acquire: whoever brought tail here, or before, has seen each slot
 * given back the lap before. So its mark, read after this, is of that lap or the one after, which
 * its parity tells apart. Likewise for head.
 */
static inline uint64_t cordon_mpmc_tail_(const struct cordon_mpmc *ring)
{
    return atomic_load_explicit(&ring->tail, memory_order_acquire); /* A1 <- R2, R4 */
}

static inline uint64_t cordon_mpmc_head_(const struct cordon_mpmc *ring)
{
    return atomic_load_explicit(&ring->head, memory_order_acquire); /* A8 <- R3 */
}

static inline uint8_t cordon_mpmc_mark_(const CORDON_ATOMIC(uint8_t) * mark)
{
    return atomic_load_explicit(mark, memory_order_acquire); /* A0 <- R0, R1 */
}

/* Is the slot free for a push at this tail, and the ring open? */
static inline bool cordon_mpmc_is_free_(const struct cordon_mpmc *ring, uint64_t tail)
{
    return (tail & CORDON_MPMC_CLOSED_) == 0 &&
           cordon_mpmc_mark_(&ring->freed[cordon_mpmc_slot_(ring, tail)]) !=
               cordon_mpmc_odd_(ring, tail);
}

/* Does the slot hold the element of this head? */
static inline bool cordon_mpmc_is_filled_(const struct cordon_mpmc *ring, uint64_t head)
{
    return cordon_mpmc_mark_(&ring->filled[cordon_mpmc_slot_(ring, head)]) ==
           cordon_mpmc_odd_(ring, head);
}

/* How many slots from this position on, up to `most`, bear the parity of the lap, which is `odd`
 * where the position stands; over the end of the memory if need be.
 */
static inline size_t cordon_mpmc_run_(const struct cordon_mpmc *ring,
                                      const CORDON_ATOMIC(uint8_t) * marks, uint64_t position,
                                      size_t most, uint8_t odd)
{
    const size_t slot = cordon_mpmc_slot_(ring, position), left = ring->capacity - slot;
    const size_t first = most < left ? most : left;
    const size_t all = most < ring->capacity ? most : ring->capacity;
    size_t n = 0;
    while (n < first && cordon_mpmc_mark_(&marks[slot + n]) == odd) {
        ++n;
    }
    while (n >= left && n < all && cordon_mpmc_mark_(&marks[n - left]) != odd) {
        ++n;
    }
    return n;
}

/* Claim n slots. Not with a second compare-and-swap on failure: the marks have to be looked at
 * again, after the new tail.
 */
static inline bool cordon_mpmc_move_tail_(struct cordon_mpmc *ring, uint64_t tail, size_t n)
{
    return atomic_compare_exchange_weak_explicit(&ring->tail, &tail,
                                                 cordon_mpmc_advance_(ring, tail, n),
                                                 memory_order_release, /* R2 -> A1, A2, A5 */
                                                 memory_order_relaxed);
}

static inline bool cordon_mpmc_move_head_(struct cordon_mpmc *ring, uint64_t head, size_t n)
{
    return atomic_compare_exchange_weak_explicit(&ring->head, &head,
                                                 cordon_mpmc_advance_(ring, head, n),
                                                 memory_order_release, /* R3 -> A4, A7, A8 */
                                                 memory_order_relaxed);
}

/* Fetch the memory of the element that a push some way behind this one will need: a locked
 * instruction waits for the stores before it, so nothing else would overlap. Without asking whether it
 * is free: in a ring that is nearly full it may be taken from a pop, and to look at its mark costs more.
 */
static inline void cordon_mpmc_fetch_(const struct cordon_mpmc *ring, uint64_t tail)
{
    const size_t slot = cordon_mpmc_slot_(ring, tail) + ring->ahead;
    if (slot < ring->capacity) {
        cordon_cpu_fetch_write_(cordon_mpmc_element_(ring, slot));
    }
}

/* Why a push of n at `tail` cannot go on, the slot of `next` not being free; OK: try again.
 *
 * The fence does two things. With the load of tail before it, it is an acquire: it shows every pop
 * that happens before the push that brought tail there, so an old head is not taken for a full
 * ring. And it is a full fence: without that, two threads could be told FULL and EMPTY of one ring
 * at once, or FULL and BUSY, each missing what the other saw (store buffering between what they do
 * to tail and to head, or two threads that read them in opposite order).
 */
static CORDON_OUTLINE_ enum cordon_result
cordon_mpmc_why_full_(const struct cordon_mpmc *ring, uint64_t tail, uint64_t next, size_t n)
{
    uint64_t head;
    if ((tail & CORDON_MPMC_CLOSED_) != 0) {
        return CORDON_CLOSED;
    }
    /* Relaxed: the fence is its acquire. */
    if (atomic_load_explicit(&ring->tail, memory_order_relaxed) != tail) {
        return CORDON_OK;
    }
    cordon_thread_fence(memory_order_seq_cst); /* A2 <- R2; F0 <-> F0, F1 */
    /* Relaxed: what the mark below must show is known from tail (A1). */
    head = atomic_load_explicit(&ring->head, memory_order_relaxed);
    if (cordon_mpmc_before_(tail, head)) {
        return CORDON_OK;
    }
    if (ring->capacity - cordon_mpmc_distance_(ring, head, tail) < n) {
        return CORDON_FULL;
    }
    /* There is room. Look again: the slot may have been freed before its pop was counted above. Or it
     * has come to be free, filled and freed again, which looks the same as not free; but then tail has
     * moved on.
     */
    return cordon_mpmc_is_free_(ring, next) ||
                   atomic_load_explicit(&ring->tail, memory_order_relaxed) != tail
               ? CORDON_OK
               : CORDON_BUSY;
}

/* Why a pop of n at `head` cannot go on, the slot of `next` not being filled; the mirror image. */
static CORDON_OUTLINE_ enum cordon_result
cordon_mpmc_why_empty_(const struct cordon_mpmc *ring, uint64_t head, uint64_t next, size_t n)
{
    uint64_t tail;
    /* Relaxed: the fence is its acquire. */
    if (atomic_load_explicit(&ring->head, memory_order_relaxed) != head) {
        return CORDON_OK;
    }
    cordon_thread_fence(memory_order_seq_cst); /* A4 <- R3; F1 <-> F0, F1 */
    /* Never behind head: the pop that brought head here saw that push. */
    tail = atomic_load_explicit(&ring->tail, memory_order_acquire); /* A5 <- R2, R4 */
    if (tail == head) { /* the most frequent case by far: whoever waits asks again and again */
        return CORDON_EMPTY;
    }
    if (cordon_mpmc_distance_(ring, head, tail & ~CORDON_MPMC_CLOSED_) < n) {
        return (tail & CORDON_MPMC_CLOSED_) != 0 ? CORDON_CLOSED : CORDON_EMPTY;
    }
    return cordon_mpmc_is_filled_(ring, next) ||
                   atomic_load_explicit(&ring->head, memory_order_relaxed) != head
               ? CORDON_OK
               : CORDON_BUSY;
}

/* Claim between `least` and `most` positions for a push. On OK, *position is the first and *got how
 * many.
 */
static inline enum cordon_result cordon_mpmc_claim_push_(struct cordon_mpmc *ring, size_t least,
                                                         size_t most, uint64_t *position,
                                                         size_t *got)
{
    for (;;) {
        const uint64_t tail = cordon_mpmc_tail_(ring);
        const uint8_t before = !cordon_mpmc_odd_(ring, tail);
        const size_t n = (tail & CORDON_MPMC_CLOSED_) != 0
                             ? 0
                             : cordon_mpmc_run_(ring, ring->freed, tail, most, before);
        if (n < least) {
            const uint64_t next = n < ring->capacity ? cordon_mpmc_advance_(ring, tail, n) : tail;
            const enum cordon_result why = cordon_mpmc_why_full_(ring, tail, next, least);
            if (why != CORDON_OK) {
                return why;
            }
        } else if (cordon_mpmc_move_tail_(ring, tail, n)) {
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
    for (;;) {
        const uint64_t head = cordon_mpmc_head_(ring);
        const size_t n =
            cordon_mpmc_run_(ring, ring->filled, head, most, cordon_mpmc_odd_(ring, head));
        if (n < least) {
            const uint64_t next = n < ring->capacity ? cordon_mpmc_advance_(ring, head, n) : head;
            const enum cordon_result why = cordon_mpmc_why_empty_(ring, head, next, least);
            if (why != CORDON_OK) {
                return why;
            }
        } else if (cordon_mpmc_move_head_(ring, head, n)) {
            *position = head;
            *got = n;
            return CORDON_OK;
        }
    }
}

/* Say that the element is there. */
static inline void cordon_mpmc_fill_(CORDON_ATOMIC(uint8_t) * mark, uint8_t odd)
{
    atomic_store_explicit(mark, odd, memory_order_release); /* R0 -> A0 */
}

/* Say that the slot is free for the next lap. */
static inline void cordon_mpmc_free_(CORDON_ATOMIC(uint8_t) * mark, uint8_t odd)
{
    atomic_store_explicit(mark, odd, memory_order_release); /* R1 -> A0 */
}

/* After n elements were filled, or n slots freed. A mark may be stored out of turn (the one before
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

/* Copy n elements into claimed slots that lie side by side, and mark them. */
static inline void cordon_mpmc_put_run_(struct cordon_mpmc *ring, size_t slot, uint8_t odd,
                                        const void *items, size_t n)
{
    size_t i;
    __builtin_memcpy(cordon_mpmc_element_(ring, slot), items, n * ring->size);
    for (i = 0; i < n; ++i) {
        cordon_mpmc_fill_(&ring->filled[slot + i], odd);
    }
}

/* The same, out. */
static inline void cordon_mpmc_take_run_(struct cordon_mpmc *ring, size_t slot, uint8_t odd,
                                         void *items, size_t n)
{
    size_t i;
    __builtin_memcpy(items, cordon_mpmc_element_(ring, slot), n * ring->size);
    for (i = 0; i < n; ++i) {
        cordon_mpmc_free_(&ring->freed[slot + i], odd);
    }
}

/* Copy n elements into claimed slots, over the end of the memory if need be. */
static inline void cordon_mpmc_put_(struct cordon_mpmc *ring, uint64_t position, const void *items,
                                    size_t n)
{
    const size_t slot = cordon_mpmc_slot_(ring, position), left = ring->capacity - slot;
    const uint8_t odd = cordon_mpmc_odd_(ring, position);
    const size_t first = n < left ? n : left;
    cordon_mpmc_put_run_(ring, slot, odd, items, first);
    if (first < n) {
        cordon_mpmc_put_run_(ring, 0, !odd, (const unsigned char *)items + first * ring->size,
                             n - first);
    }
    cordon_mpmc_filled_(ring, n);
}

/* Copy n claimed elements out. */
static inline void cordon_mpmc_take_(struct cordon_mpmc *ring, uint64_t position, void *items,
                                     size_t n)
{
    const size_t slot = cordon_mpmc_slot_(ring, position), left = ring->capacity - slot;
    const uint8_t odd = cordon_mpmc_odd_(ring, position);
    const size_t first = n < left ? n : left;
    cordon_mpmc_take_run_(ring, slot, odd, items, first);
    if (first < n) {
        cordon_mpmc_take_run_(ring, 0, !odd, (unsigned char *)items + first * ring->size,
                              n - first);
    }
    cordon_mpmc_freed_(ring, n);
}

/* cordon_mpmc_try_push - append a copy of *item.
 * Returns CORDON_OK, CORDON_FULL, CORDON_BUSY or CORDON_CLOSED, as defined above. BUSY is the
 * spurious failure: the ring is not full, but a pop is not yet done with the slot.
 * Order:  RELEASE: what precedes it happens before the return of the pop that takes this element.
 * Waits:  never for another thread; tries again while others' pushes succeed (lock-free).
 * Cost:   one CAS; the lines of tail and of the slot travel. FULL and BUSY: a full fence.
 * Edges:  R0 -> A0 (the element), A0 <- R1 (the slot), R2 -> A1, A2, A5 and A1 <- R2, R4 (tail);
 *         before FULL and BUSY A2 <- R2 (tail), F0 <-> F0, F1 (no EMPTY at that moment)
 */
static inline enum cordon_result cordon_mpmc_try_push(struct cordon_mpmc *ring, const void *item)
{
    for (;;) {
        const uint64_t tail = cordon_mpmc_tail_(ring);
        if (__builtin_expect(cordon_mpmc_is_free_(ring, tail), 1)) {
            const size_t slot = cordon_mpmc_slot_(ring, tail);
            if (cordon_mpmc_move_tail_(ring, tail, 1)) {
                cordon_mpmc_fetch_(ring, tail);
                cordon_item_copy_(cordon_mpmc_element_(ring, slot), item, ring->size, item);
                cordon_mpmc_fill_(&ring->filled[slot], cordon_mpmc_odd_(ring, tail));
                cordon_mpmc_filled_(ring, 1);
                return CORDON_OK;
            }
        } else {
            const enum cordon_result why = cordon_mpmc_why_full_(ring, tail, tail, 1);
            if (why != CORDON_OK) {
                return why;
            }
        }
    }
}

/* cordon_mpmc_try_pop - take the oldest element, into *item.
 * Returns CORDON_OK, CORDON_EMPTY, CORDON_BUSY or CORDON_CLOSED, as defined above. BUSY is the
 * spurious failure: the ring is not empty, but the oldest element is still being copied in.
 * Order:  ACQUIRE: all that precedes the push of this element happens before the return; and on
 *         CORDON_CLOSED, all that precedes the close.
 * Waits:  never for another thread; tries again while others' pops succeed (lock-free).
 * Cost:   one CAS; the lines of head and of the slot travel. EMPTY and BUSY: a full fence.
 * Edges:  A0 <- R0 (the element), R1 -> A0 (the slot), R3 -> A4, A7, A8 and A8 <- R3 (head);
 *         before EMPTY and BUSY A4 <- R3 (head), F1 <-> F0, F1 (no FULL at that moment), A5 <- R2, R4 (tail, and
 *         the close)
 */
static inline enum cordon_result cordon_mpmc_try_pop(struct cordon_mpmc *ring, void *item)
{
    for (;;) {
        const uint64_t head = cordon_mpmc_head_(ring);
        if (__builtin_expect(cordon_mpmc_is_filled_(ring, head), 1)) {
            const size_t slot = cordon_mpmc_slot_(ring, head);
            if (cordon_mpmc_move_head_(ring, head, 1)) {
                cordon_item_copy_(item, cordon_mpmc_element_(ring, slot), ring->size, item);
                cordon_mpmc_free_(&ring->freed[slot], cordon_mpmc_odd_(ring, head));
                cordon_mpmc_freed_(ring, 1);
                return CORDON_OK;
            }
        } else {
            const enum cordon_result why = cordon_mpmc_why_empty_(ring, head, head, 1);
            if (why != CORDON_OK) {
                return why;
            }
        }
    }
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
    ticket->mark = NULL;
    ticket->done = 0;
    ticket->result = cordon_mpmc_claim_push_(ring, 1, 1, &position, &n);
    if (ticket->result != CORDON_OK) {
        return NULL;
    }
    ticket->mark = &ring->filled[cordon_mpmc_slot_(ring, position)];
    ticket->done = cordon_mpmc_odd_(ring, position);
    return cordon_mpmc_element_(ring, cordon_mpmc_slot_(ring, position));
}

/* cordon_mpmc_commit - the reserved slot is filled. Exactly once per slot reserved, by any thread.
 * Order:  RELEASE, as cordon_mpmc_try_push.
 */
static inline void cordon_mpmc_commit(struct cordon_mpmc *ring,
                                      const struct cordon_mpmc_ticket *ticket)
{
    cordon_mpmc_fill_(ticket->mark, ticket->done);
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
    ticket->mark = NULL;
    ticket->done = 0;
    ticket->result = cordon_mpmc_claim_pop_(ring, 1, 1, &position, &n);
    if (ticket->result != CORDON_OK) {
        return NULL;
    }
    ticket->mark = &ring->freed[cordon_mpmc_slot_(ring, position)];
    ticket->done = cordon_mpmc_odd_(ring, position);
    return cordon_mpmc_element_(ring, cordon_mpmc_slot_(ring, position));
}

/* cordon_mpmc_release - done with the element peeked at. Exactly once per element, by any thread.
 * Order:  RELEASE towards the push that fills the slot again.
 */
static inline void cordon_mpmc_release(struct cordon_mpmc *ring,
                                       const struct cordon_mpmc_ticket *ticket)
{
    cordon_mpmc_free_(ticket->mark, ticket->done);
    cordon_mpmc_freed_(ring, 1);
}

/* cordon_mpmc_close - no push succeeds from here on; pops drain the ring and are then told CLOSED.
 * Any thread, any time, repeatedly. Linearisable: a push succeeded before it or fails. Wakes all
 * who sleep.
 * Order:  RELEASE: what precedes the close happens before a pop's answer CLOSED.
 * Edges:  R4 -> A1, A5, A6 (tail)
 */
static inline void cordon_mpmc_close(struct cordon_mpmc *ring)
{
    atomic_fetch_or_explicit(&ring->tail, CORDON_MPMC_CLOSED_,
                             memory_order_release); /* R4 -> A1, A5, A6 */
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
