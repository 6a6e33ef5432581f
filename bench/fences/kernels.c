/* kernels.c - the loops that `cordon-bench fences` times.
 *
 * Every loop is the same text; only the marked place differs:
 *
 *     repeat:  [wait for the partner to take the lines; read the clock]
 *              load from `loads` lines that no cache near holds
 *              store to `stores` lines
 *              begin: the fence, or the access :end
 *              load from a line of one's own
 *              [read the clock; let the partner take the lines]
 *
 * so that a difference between two of them is the fence. The brackets and the counts are data, not other
 * loops: in all contexts the very same instructions are timed. The stores are unrolled by eight, lest
 * a branch each keeps them from filling the store buffer.
 *
 * The bytes that the report shows are read from the loop itself, between two symbols that stand in
 * it. Were the compiler to make two copies of the place (unrolling, unswitching, inlining,
 * cloning), each symbol would be defined twice and the assembler would refuse. Volatile assembly,
 * of which the symbols are part, keeps its order among fences and memory accesses.
 *
 * This file is compiled with optimisation and without sanitizers in every build, so that what is
 * measured is what ships.
 */
#include "fences.h"

#include <cordon/fence.h>

#include <string.h>

/* Instructions that are passed once per block, to move the loop along. */
#define MOVE(layout) __asm__ __volatile__(".rept 11 * " #layout "\n\tnop\n\t.endr")

/* Make the compiler forget what it knows of a variable; it stays in its register. */
#define OPAQUE(variable) __asm__ __volatile__("" : "+r"(variable))

#define MARK_AS(symbol) \
    __asm__ __volatile__(".globl " symbol "\n\t.hidden " symbol "\n" symbol ":" ::: "memory")
#define MARK(name, layout, side) MARK_AS("cordon_bench_" #name "_" #layout "_" #side)

#if defined(__clang__)
#define KERNEL_ATTRIBUTES __attribute__((noinline, aligned(128)))
#else
#define KERNEL_ATTRIBUTES __attribute__((noinline, noclone, aligned(128)))
#endif

/* A0 pairs with the partner's R0: its stores to the lines precede ours. */
static __attribute__((noinline)) void await_turn(struct fence_work *work)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (atomic_load_explicit(&work->turn.word, memory_order_acquire) != /* A0 <- R0 */
           FENCE_TURN_MEASURER) {
        cordon_wait_step(&waiter);
    }
}

static __attribute__((noinline)) void end_turn(struct fence_work *work, uint64_t ticks)
{
    if (ticks <= work->limit) {
        work->ticks += ticks;
        ++work->kept;
    }
    atomic_store_explicit(&work->turn.word, FENCE_TURN_PARTNER,
                          memory_order_release); /* R1 -> A1 */
}

void fence_partner(struct fence_work *work)
{
    for (;;) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        uint32_t turn;
        while ((turn = atomic_load_explicit(&work->turn.word,
                                            memory_order_acquire)) == /* A1 <- R1, R2 */
               FENCE_TURN_MEASURER) {
            cordon_wait_step(&waiter);
        }
        if (turn == FENCE_TURN_END) {
            return;
        }
        for (uint32_t i = 0; i < work->stores; ++i) {
            atomic_store_explicit(&work->line[i].word, i, memory_order_relaxed);
        }
        cordon_fence_full(); /* they have arrived, all of them, before the turn is passed */
        atomic_store_explicit(&work->turn.word, FENCE_TURN_MEASURER,
                              memory_order_release); /* R0 -> A0 */
    }
}

void fence_partner_pause(struct fence_work *work)
{
    await_turn(work);
}

void fence_partner_end(struct fence_work *work)
{
    await_turn(work);
    atomic_store_explicit(&work->turn.word, FENCE_TURN_END, memory_order_release); /* R2 -> A1 */
}

/* Loads from lines all over a memory larger than the caches near the core. Where each lies does not depend
 * on what the one before gave, so they are on their way together. Returns where the next one lies.
 */
static inline uint64_t miss(const struct fence_work *work, uint64_t place, uint32_t loads)
{
    while (loads-- > 0) {
        place = place * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        uint32_t loaded = atomic_load_explicit(&work->far[place >> 33 & work->far_mask].word,
                                               memory_order_relaxed);
        OPAQUE(loaded);
    }
    return place;
}

#define STORE(n) atomic_store_explicit(&line[n].word, left, memory_order_relaxed);

#define KERNEL_AT(name, layout, ...)                                                    \
    extern __attribute__((visibility("hidden")))                                        \
    const unsigned char cordon_bench_##name##_##layout##_begin[],                       \
        cordon_bench_##name##_##layout##_end[];                                         \
    static KERNEL_ATTRIBUTES void kernel_##name##_##layout(struct fence_work *work,     \
                                                           uint64_t rounds)             \
    {                                                                                   \
        MOVE(layout);                                                                   \
        uint32_t stores = work->stores;                                                 \
        uint32_t loads = work->loads;                                                   \
        uint32_t taken = work->taken;                                                   \
        uint64_t place = work->place;                                                   \
        while (rounds-- > 0) {                                                          \
            uint32_t loaded = 0;                                                        \
            uint64_t started = 0;                                                       \
            OPAQUE(work);                                                               \
            OPAQUE(taken);                                                              \
            if (taken) {                                                                \
                await_turn(work);                                                       \
                started = bench_ticks_start();                                          \
            }                                                                           \
            OPAQUE(loads);                                                              \
            if (loads) {                                                                \
                place = miss(work, place, loads);                                       \
            }                                                                           \
            OPAQUE(stores);                                                             \
            struct fence_word *line = work->line;                                       \
            uint32_t left = stores;                                                     \
            for (; left >= 8; left -= 8, line += 8) {                                   \
                STORE(0) STORE(1) STORE(2) STORE(3) STORE(4) STORE(5) STORE(6) STORE(7) \
            }                                                                           \
            for (; left > 0; --left, ++line) {                                          \
                STORE(0)                                                                \
            }                                                                           \
            OPAQUE(rounds); /* or its counting down may slip between the marks */       \
            MARK(name, layout, begin);                                                  \
            __VA_ARGS__;                                                                \
            MARK(name, layout, end);                                                    \
            loaded = atomic_load_explicit(&work->read.word, memory_order_relaxed);      \
            OPAQUE(loaded);                                                             \
            OPAQUE(taken);                                                              \
            if (taken) {                                                                \
                end_turn(work, bench_ticks_stop(loaded) - started);                     \
            }                                                                           \
        }                                                                               \
        work->place = place;                                                            \
    }

/* Four, as FENCE_LAYOUTS says. */
#define KERNEL(name, ...)           \
    KERNEL_AT(name, 0, __VA_ARGS__) \
    KERNEL_AT(name, 1, __VA_ARGS__) KERNEL_AT(name, 2, __VA_ARGS__) KERNEL_AT(name, 3, __VA_ARGS__)
#define COPIES(name)                                                               \
    {                                                                              \
        kernel_##name##_0, kernel_##name##_1, kernel_##name##_2, kernel_##name##_3 \
    }

/* What the others are measured against. */
KERNEL(barrier, cordon_fence_compiler())

/* Controls. The nop is one on every architecture here. */
KERNEL(nop, __asm__ __volatile__("nop" ::: "memory"))
KERNEL(compiler, cordon_fence_compiler())

KERNEL(acquire, cordon_fence_acquire())
KERNEL(release, cordon_fence_release())
KERNEL(acq_rel, cordon_fence_acq_rel())
KERNEL(full, cordon_fence_full())
KERNEL(load_load, cordon_fence_load_load())
KERNEL(load_store, cordon_fence_load_store())
KERNEL(store_store, cordon_fence_store_store())
KERNEL(store_load, cordon_fence_store_load())
KERNEL(store_full, cordon_store_full(&work->own.word, 1))
KERNEL(nt_store, cordon_fence_nt_store())
KERNEL(light, cordon_fence_light())
KERNEL(heavy, (void)cordon_fence_heavy())
KERNEL(relax, cordon_cpu_relax())

KERNEL(seq_cst, atomic_thread_fence(memory_order_seq_cst))
#if defined(__x86_64__)
KERNEL(mfence, __asm__ __volatile__("mfence" ::: "memory"))
KERNEL(lock_or, __asm__ __volatile__("lock; orl $0, (%%rsp)" ::: "memory", "cc"))
KERNEL(lock_add, __asm__ __volatile__("lock; addl $0, (%%rsp)" ::: "memory", "cc"))
/* An exchange writes, so it needs a place of its own; the line is as hot as the stack. */
KERNEL(xchg, __asm__ __volatile__("xchgl %0, %1" : "+r"(loaded), "+m"(work->own.word)::"memory"))
#elif defined(__aarch64__)
KERNEL(dmb_ish, __asm__ __volatile__("dmb ish" ::: "memory"))
KERNEL(dmb_ishld, __asm__ __volatile__("dmb ishld" ::: "memory"))
KERNEL(dmb_ishst, __asm__ __volatile__("dmb ishst" ::: "memory"))
#endif

/* The accesses of C11. What they give is used, or a compiler may choose a cheaper instruction. */
#define LOAD(order)                                        \
    loaded = atomic_load_explicit(&work->own.word, order); \
    OPAQUE(loaded)
#define STORE_OWN(order) atomic_store_explicit(&work->own.word, 1, order)
#define EXCHANGE(order)                                           \
    loaded = atomic_exchange_explicit(&work->own.word, 1, order); \
    OPAQUE(loaded)
#define FETCH_ADD(order)                                           \
    loaded = atomic_fetch_add_explicit(&work->own.word, 1, order); \
    OPAQUE(loaded)
/* It succeeds. A failure is relaxed in all of them, so that the orders differ in one thing. */
#define CAS(order)                                                                          \
    uint32_t expected = 0;                                                                  \
    loaded = atomic_compare_exchange_strong_explicit(&work->zero.word, &expected, 0, order, \
                                                     memory_order_relaxed);                 \
    OPAQUE(loaded)
#define UPDATE()                \
    LOAD(memory_order_relaxed); \
    atomic_store_explicit(&work->own.word, loaded + 1, memory_order_relaxed)
#define ALL_ORDERS(name, ACCESS)                         \
    KERNEL(name##_relaxed, ACCESS(memory_order_relaxed)) \
    KERNEL(name##_acquire, ACCESS(memory_order_acquire)) \
    KERNEL(name##_release, ACCESS(memory_order_release)) \
    KERNEL(name##_acq_rel, ACCESS(memory_order_acq_rel)) \
    KERNEL(name##_seq_cst, ACCESS(memory_order_seq_cst))

KERNEL(load_relaxed, LOAD(memory_order_relaxed))
KERNEL(load_acquire, LOAD(memory_order_acquire))
KERNEL(load_seq_cst, LOAD(memory_order_seq_cst))
KERNEL(store_relaxed, STORE_OWN(memory_order_relaxed))
KERNEL(store_release, STORE_OWN(memory_order_release))
KERNEL(store_seq_cst, STORE_OWN(memory_order_seq_cst))
KERNEL(update, UPDATE())
ALL_ORDERS(exchange, EXCHANGE)
ALL_ORDERS(fetch_add, FETCH_ADD)
ALL_ORDERS(cas, CAS)

#define SPAN(symbol)                                                   \
    {                                                                  \
        cordon_bench_##symbol##_0_begin, cordon_bench_##symbol##_0_end \
    }
#define ENTRY_AGAINST(symbol, reference, beyond, kind, what)                          \
    {                                                                                 \
#symbol, what, beyond, kind, COPIES(symbol), COPIES(reference), SPAN(symbol), \
            SPAN(reference)                                                           \
    }
#define ENTRY(symbol, kind, what) ENTRY_AGAINST(symbol, barrier, "", kind, what)
#define ACCESS(symbol, reference, what) \
    ENTRY_AGAINST(symbol, reference, #reference, FENCE_ACCESS, what)
#define ACCESS_ORDERS(name, what)                                \
    ACCESS(name##_relaxed, update, what "relaxed)"),             \
        ACCESS(name##_acquire, name##_relaxed, what "acquire)"), \
        ACCESS(name##_release, name##_relaxed, what "release)"), \
        ACCESS(name##_acq_rel, name##_relaxed, what "acq_rel)"), \
        ACCESS(name##_seq_cst, name##_relaxed, what "seq_cst)")

const struct fence fences[] = {
    ENTRY(nop, FENCE_CONTROL, "one nop: shows that next to nothing reads as ~0"),
    ENTRY(compiler, FENCE_CONTROL, "cordon_fence_compiler: no instruction"),
    ENTRY(acquire, FENCE_HELPER, "cordon_fence_acquire"),
    ENTRY(release, FENCE_HELPER, "cordon_fence_release"),
    ENTRY(acq_rel, FENCE_HELPER, "cordon_fence_acq_rel"),
    ENTRY(full, FENCE_HELPER, "cordon_fence_full"),
    ENTRY(load_load, FENCE_HELPER, "cordon_fence_load_load"),
    ENTRY(load_store, FENCE_HELPER, "cordon_fence_load_store"),
    ENTRY(store_store, FENCE_HELPER, "cordon_fence_store_store"),
    ENTRY(store_load, FENCE_HELPER, "cordon_fence_store_load"),
    ENTRY_AGAINST(store_full, store_relaxed, "store_relaxed", FENCE_HELPER,
                  "cordon_store_full, beyond a plain store"),
    ENTRY(nt_store, FENCE_HELPER, "cordon_fence_nt_store"),
    ENTRY(light, FENCE_HELPER, "cordon_fence_light"),
    ENTRY(heavy, FENCE_HELPER, "cordon_fence_heavy: membarrier(2), caller's side"),
    ENTRY(relax, FENCE_HELPER, "cordon_cpu_relax"),
    ENTRY(seq_cst, FENCE_REFERENCE, "atomic_thread_fence(seq_cst), as compiled here"),
#if defined(__x86_64__)
    ENTRY(mfence, FENCE_FULL_REFERENCE, "mfence"),
    ENTRY(lock_or, FENCE_FULL_REFERENCE, "lock or of zero to the top of the stack"),
    ENTRY(lock_add, FENCE_FULL_REFERENCE, "lock add of zero to the top of the stack"),
    ENTRY(xchg, FENCE_FULL_REFERENCE, "xchg with a line of one's own"),
#elif defined(__aarch64__)
    ENTRY(dmb_ish, FENCE_FULL_REFERENCE, "dmb ish"),
    ENTRY(dmb_ishld, FENCE_REFERENCE, "dmb ishld"),
    ENTRY(dmb_ishst, FENCE_REFERENCE, "dmb ishst"),
#endif
    ENTRY(load_relaxed, FENCE_ACCESS, "atomic_load_explicit(relaxed)"),
    ACCESS(load_acquire, load_relaxed, "atomic_load_explicit(acquire)"),
    ACCESS(load_seq_cst, load_relaxed, "atomic_load_explicit(seq_cst)"),
    ENTRY(store_relaxed, FENCE_ACCESS, "atomic_store_explicit(relaxed)"),
    ACCESS(store_release, store_relaxed, "atomic_store_explicit(release)"),
    ACCESS(store_seq_cst, store_relaxed, "atomic_store_explicit(seq_cst)"),
    ENTRY(update, FENCE_ACCESS, "a relaxed load, an addition, a relaxed store"),
    ACCESS_ORDERS(exchange, "atomic_exchange_explicit("),
    ACCESS_ORDERS(fetch_add, "atomic_fetch_add_explicit("),
    ACCESS_ORDERS(cas, "atomic_compare_exchange_strong_explicit("),
};
const unsigned fence_count = sizeof fences / sizeof *fences;
_Static_assert(sizeof fences / sizeof *fences <= FENCE_MOST, "");

unsigned fence_find(const char *name)
{
    unsigned i = 0;
    while (i < fence_count && strcmp(fences[i].name, name) != 0) {
        ++i;
    }
    return i;
}
