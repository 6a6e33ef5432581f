/* cordon/fence.h - explicit fences, named by what they are for.
 *
 * Problem. A core lets its later loads overtake its earlier stores (the store buffer), and weaker
 * machines reorder every other pair as well; so does the compiler. A fence forbids a named set of
 * such reorderings. It does not "flush" anything to another core: caches are coherent, and a store
 * becomes visible soon enough by itself. What a fence fixes is the order.
 *
 * Idea. Say the intent and get the weakest C11 fence that carries it:
 *
 *                              later load     later store
 *          earlier load        load_load      load_store        acquire = both
 *          earlier store       store_load     store_store       release = load_store + store_store
 *                                                               full    = all four
 *
 * A fence orders the accesses of its own thread; another thread learns of that order only if it
 * fences (or acquires) as well. Every use has a partner: release with acquire, full with full,
 * light with heavy.
 *
 * Under ThreadSanitizer, which does not model fences, acquire and release fences are also announced
 * as if all of them met at one object: a correct use is never reported. (A race that only such a
 * fence seems to order may be missed; the primitives of this library do not rely on that, they put
 * the order on their accesses.)
 *
 * On x86-64 cordon_fence_full is a locked OR of zero to the own stack, whatever the compiler would
 * make of atomic_thread_fence(seq_cst) (clang: mfence). `cordon-bench fences` shows the difference.
 */
#ifndef CORDON_FENCE_H
#define CORDON_FENCE_H

#include <cordon/atomic.h>
#include <cordon/cpu.h>

CORDON_BEGIN_DECLS

/* cordon_thread_fence - atomic_thread_fence, as this library wants it made.
 *
 * The primitives use this form; so their order is in plain sight. It differs from the standard's
 * function in two builds. On x86-64 a seq_cst fence is the locked OR that the head of this page
 * speaks of. Under ThreadSanitizer it is the call that the compiler would have made of it, without
 * gcc's warning (-Wtsan) of each atomic_thread_fence; and the tool is told nothing that is not so.
 */
#if CORDON_TSAN
void cordon_tsan_fence_(int order) __asm__("__tsan_atomic_thread_fence");
#define cordon_thread_fence(order) cordon_tsan_fence_((int)(order))
#elif defined(__x86_64__)
#define cordon_thread_fence(order) \
    ((order) == memory_order_seq_cst ? cordon_fence_locked_() : atomic_thread_fence(order))
/* The slot lies clear of the return address and of hot locals, so that neither waits for the store
 * to be forwarded.
 */
static inline void cordon_fence_locked_(void)
{
    __asm__ __volatile__("lock; orl $0, -64(%%rsp)" ::: "memory", "cc");
}
#else
#define cordon_thread_fence(order) atomic_thread_fence(order)
#endif

/* How ThreadSanitizer is told of the public fences; nothing in any other build. The object where they
 * meet is in every libcordon: an instrumented program may link to one that is not.
 */
extern CORDON_API char cordon_tsan_meeting_point_;
#if CORDON_TSAN && !defined(CORDON_CHECK)
void __tsan_acquire(void *address);
void __tsan_release(void *address);
#define CORDON_TSAN_ACQUIRE() __tsan_acquire(&cordon_tsan_meeting_point_)
#define CORDON_TSAN_RELEASE() __tsan_release(&cordon_tsan_meeting_point_)
#else
#define CORDON_TSAN_ACQUIRE() ((void)0)
#define CORDON_TSAN_RELEASE() ((void)0)
#endif

/* cordon_fence_compiler - the compiler moves no access across; the processor still may.
 * Order:  against code that interrupts this very thread: a signal handler, or a debugger.
 * Not:    anything between two threads.
 * Cost:   no instruction.
 */
static inline void cordon_fence_compiler(void)
{
    atomic_signal_fence(memory_order_seq_cst);
}

/* cordon_fence_acquire - earlier loads before later loads and stores.
 * Order:  an atomic load before it that reads what a release published makes all that preceded that
 *         release happen before all that follows this fence.
 * Cost:   x86: none; AArch64: dmb ishld.
 */
static inline void cordon_fence_acquire(void)
{
    cordon_thread_fence(memory_order_acquire);
    CORDON_TSAN_ACQUIRE();
}

/* cordon_fence_release - earlier loads and stores before later stores.
 * Order:  an atomic store after it publishes all that precedes this fence.
 * Cost:   x86: none; AArch64: dmb ish.
 */
static inline void cordon_fence_release(void)
{
    CORDON_TSAN_RELEASE();
    cordon_thread_fence(memory_order_release);
}

/* cordon_fence_acq_rel - both of the above: everything but an earlier store against a later load.
 * Cost:   x86: none; AArch64: dmb ish.
 */
static inline void cordon_fence_acq_rel(void)
{
    CORDON_TSAN_RELEASE();
    cordon_thread_fence(memory_order_acq_rel);
    CORDON_TSAN_ACQUIRE();
}

/* cordon_fence_full - every earlier access before every later one.
 * Order:  as acq_rel, and all full fences of all threads stand in one total order: of two threads
 *         that each store, fence, and load what the other stored, at least one sees the other.
 * Cost:   x86-64: one locked OR to the own stack; it waits until the store buffer has drained.
 * Not:    non-temporal loads from write-combining memory (they want mfence).
 */
static inline void cordon_fence_full(void)
{
    CORDON_TSAN_RELEASE();
    cordon_thread_fence(memory_order_seq_cst);
    CORDON_TSAN_ACQUIRE();
}

/* The four pairwise intents. C11 has no fence as narrow as three of them; each is the weakest that
 * contains it.
 */
static inline void cordon_fence_load_load(void)
{
    cordon_fence_acquire();
}

static inline void cordon_fence_load_store(void)
{
    cordon_fence_acquire();
}

static inline void cordon_fence_store_store(void)
{
    cordon_fence_release();
}

static inline void cordon_fence_store_load(void)
{
    cordon_fence_full();
}

/* cordon_store_full(object, value) - store to an atomic object, then a full fence.
 * Order:  the store is relaxed (earlier accesses are not ordered before it on every machine; put a
 *         release fence before it if they must be); the fence is cordon_fence_full.
 * Cost:   x86-64: one xchg, instead of a store and a locked instruction. The signal fences around
 *         it pin the compiler, the locked exchange the processor.
 */
#if defined(__x86_64__) && !CORDON_TSAN
#define cordon_store_full(object, value)                                         \
    do {                                                                         \
        cordon_fence_compiler();                                                 \
        (void)atomic_exchange_explicit((object), (value), memory_order_seq_cst); \
        cordon_fence_compiler();                                                 \
    } while (0)
#else
#define cordon_store_full(object, value)                                \
    do {                                                                \
        atomic_store_explicit((object), (value), memory_order_relaxed); \
        cordon_fence_full();                                            \
    } while (0)
#endif

/* cordon_fence_nt_store - earlier non-temporal stores (movnt*, stnp) before later stores.
 * Order:  x86 alone has stores that a release does not order; there it is sfence. Elsewhere the
 *         release fence covers them.
 */
static inline void cordon_fence_nt_store(void)
{
#if defined(__x86_64__) || (defined(__i386__) && defined(__SSE__))
    __asm__ __volatile__("sfence" ::: "memory");
#endif
    cordon_fence_release();
}

#if __STDC_HOSTED__
/* Asymmetric fences: a store-load fence whose cost is moved to one side.
 *
 * Where one side is hot and the other rare (reader and reclaimer, producer and a consumer about to
 * sleep), the hot side calls cordon_fence_light, which on Linux is no instruction, and the rare
 * side cordon_fence_heavy, which makes every running thread of the process execute a full fence,
 * through membarrier(2). A light fence pairs with a heavy one as two full fences would. Two light
 * fences order nothing between them, nor do a light and a full one. And what a heavy fence learns of
 * one light fence it does not by itself pass on to another: a release, or a second heavy fence, does.
 *
 * Where the kernel, or a seccomp filter, refuses membarrier, both sides are full fences: always
 * correct, only dearer. That is so, too, until the first cordon_fence_heavy or
 * cordon_fence_asymmetric_probe has registered the process.
 *
 * Source: membarrier(2), MEMBARRIER_CMD_PRIVATE_EXPEDITED; D. Goldblatt, "Asymmetric Fences", ISO
 * C++ paper P1202R5.
 */

/* What cordon_fence_light costs in this process. */
enum cordon_fence_asymmetry {
    CORDON_FENCE_UNPROBED = 0, /* nobody has asked the kernel yet: light is a full fence */
    CORDON_FENCE_MEMBARRIER,   /* light is free, heavy is a system call */
    CORDON_FENCE_SYMMETRIC,    /* refused: both are full fences */
};

/* Read it through the functions below. It moves once, from UNPROBED. It fills a line: every light
 * fence reads it, and must not wait for a line that somebody's variable beside it keeps busy.
 */
struct cordon_fence_found_ {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(int) how;
};
extern CORDON_API struct cordon_fence_found_ cordon_fence_asymmetry_;

/* cordon_fence_asymmetric_probe - ask the kernel, and register this process.
 * Returns what was found; the first call decides, later ones repeat it. Thread-safe. Call it at
 * start-up: registering after threads have started can take milliseconds, once.
 */
CORDON_API enum cordon_fence_asymmetry cordon_fence_asymmetric_probe(void);

/* The two sides without their announcement to ThreadSanitizer, for the library's own primitives.
 * ThreadSanitizer knows nothing of membarrier, and is shown a full fence for the light side; cordon-check
 * knows it, and is shown what there is. The heavy side is the same in every build, since the code that
 * it meets need not be instrumented.
 */
CORDON_API bool cordon_fence_heavy_(void);

static inline void cordon_fence_light_(void)
{
#if !CORDON_TSAN || defined(CORDON_CHECK)
    /* Relaxed suffices: whoever still reads UNPROBED pays a full fence, which also pairs. Else the
     * compiler is all that has to be told.
     */
    if (__builtin_expect(atomic_load_explicit(&cordon_fence_asymmetry_.how, memory_order_relaxed) ==
                             CORDON_FENCE_MEMBARRIER,
                         1)) {
        atomic_signal_fence(memory_order_seq_cst);
        return;
    }
#endif
    cordon_thread_fence(memory_order_seq_cst);
}

/* cordon_fence_heavy - a full fence here, and one in every running thread of this process.
 * Returns true. It returns false only if the kernel first granted membarrier and then refused it (a
 * seccomp filter installed too late): then no order was established, and the caller must not act
 * as if it were.
 * Cost:   a system call that interrupts the other cores: microseconds.
 */
static inline bool cordon_fence_heavy(void)
{
    bool done;
    CORDON_TSAN_RELEASE();
    done = cordon_fence_heavy_();
    CORDON_TSAN_ACQUIRE();
    return done;
}

/* cordon_fence_light - the cheap side.
 * Cost:   a load and a predicted branch under membarrier, else a full fence.
 */
static inline void cordon_fence_light(void)
{
    CORDON_TSAN_RELEASE();
    cordon_fence_light_();
    CORDON_TSAN_ACQUIRE();
}
#endif

CORDON_END_DECLS

#endif
