/* kernels.c - the loops that `cordon-bench fences` times.
 *
 * Every loop is the same text; only the marked place differs:
 *
 *     repeat:  [wait for the partner to take the lines; read the clock]
 *              store to `stores` lines
 *              begin: the fence :end
 *              load from a line of one's own
 *              [read the clock; let the partner take the lines]
 *
 * so that a difference between two of them is the fence. The brackets are switched by data, not by
 * another loop: in all contexts the very same instructions are timed.
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
    const uint32_t stores = work->stores;
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
        for (uint32_t i = 0; i < stores; ++i) {
            atomic_fetch_add_explicit(&work->line[i].word, 1, memory_order_relaxed);
        }
        atomic_store_explicit(&work->turn.word, FENCE_TURN_MEASURER,
                              memory_order_release); /* R0 -> A0 */
    }
}

void fence_partner_end(struct fence_work *work)
{
    await_turn(work);
    atomic_store_explicit(&work->turn.word, FENCE_TURN_END, memory_order_release); /* R2 -> A1 */
}

#define KERNEL_AT(name, layout, ...)                                                 \
    extern __attribute__((visibility("hidden")))                                     \
    const unsigned char cordon_bench_##name##_##layout##_begin[],                    \
        cordon_bench_##name##_##layout##_end[];                                      \
    static KERNEL_ATTRIBUTES void kernel_##name##_##layout(struct fence_work *work,  \
                                                           uint64_t rounds)          \
    {                                                                                \
        MOVE(layout);                                                                \
        uint32_t stores = work->stores;                                              \
        uint32_t taken = work->taken;                                                \
        while (rounds-- > 0) {                                                       \
            uint32_t loaded = 0;                                                     \
            uint64_t started = 0;                                                    \
            OPAQUE(work);                                                            \
            OPAQUE(taken);                                                           \
            if (taken) {                                                             \
                await_turn(work);                                                    \
                started = bench_ticks_start();                                       \
            }                                                                        \
            OPAQUE(stores);                                                          \
            for (uint32_t i = 0; i < stores; ++i) {                                  \
                atomic_store_explicit(&work->line[i].word, i, memory_order_relaxed); \
            }                                                                        \
            OPAQUE(rounds); /* or its counting down may slip between the marks */    \
            MARK(name, layout, begin);                                               \
            __VA_ARGS__;                                                             \
            MARK(name, layout, end);                                                 \
            loaded = atomic_load_explicit(&work->read.word, memory_order_relaxed);   \
            OPAQUE(loaded);                                                          \
            OPAQUE(taken);                                                           \
            if (taken) {                                                             \
                end_turn(work, bench_ticks_stop(loaded) - started);                  \
            }                                                                        \
        }                                                                            \
    }

/* Four, as FENCE_LAYOUTS says. */
#define KERNEL(name, ...)           \
    KERNEL_AT(name, 0, __VA_ARGS__) \
    KERNEL_AT(name, 1, __VA_ARGS__) KERNEL_AT(name, 2, __VA_ARGS__) KERNEL_AT(name, 3, __VA_ARGS__)
#define COPIES(name)                                                               \
    {                                                                              \
        kernel_##name##_0, kernel_##name##_1, kernel_##name##_2, kernel_##name##_3 \
    }

#define PLAIN_STORE() atomic_store_explicit(&work->own.word, 1, memory_order_relaxed)

/* What the others are measured against. */
KERNEL(barrier, cordon_fence_compiler())
KERNEL(plain_store, PLAIN_STORE())

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

#define ENTRY(symbol, against, kind, what)                                                     \
    {                                                                                          \
#symbol, what, kind, COPIES(symbol), COPIES(against), cordon_bench_##symbol##_0_begin, \
            cordon_bench_##symbol##_0_end                                                      \
    }

const struct fence fences[] = {
    ENTRY(nop, barrier, FENCE_CONTROL, "one nop: shows that next to nothing reads as ~0"),
    ENTRY(compiler, barrier, FENCE_CONTROL, "cordon_fence_compiler: no instruction"),
    ENTRY(acquire, barrier, FENCE_HELPER, "cordon_fence_acquire"),
    ENTRY(release, barrier, FENCE_HELPER, "cordon_fence_release"),
    ENTRY(acq_rel, barrier, FENCE_HELPER, "cordon_fence_acq_rel"),
    ENTRY(full, barrier, FENCE_HELPER, "cordon_fence_full"),
    ENTRY(load_load, barrier, FENCE_HELPER, "cordon_fence_load_load"),
    ENTRY(load_store, barrier, FENCE_HELPER, "cordon_fence_load_store"),
    ENTRY(store_store, barrier, FENCE_HELPER, "cordon_fence_store_store"),
    ENTRY(store_load, barrier, FENCE_HELPER, "cordon_fence_store_load"),
    ENTRY(store_full, plain_store, FENCE_HELPER, "cordon_store_full, beyond a plain store"),
    ENTRY(nt_store, barrier, FENCE_HELPER, "cordon_fence_nt_store"),
    ENTRY(light, barrier, FENCE_HELPER, "cordon_fence_light"),
    ENTRY(heavy, barrier, FENCE_HELPER, "cordon_fence_heavy: membarrier(2), caller's side"),
    ENTRY(relax, barrier, FENCE_HELPER, "cordon_cpu_relax"),
    ENTRY(seq_cst, barrier, FENCE_REFERENCE, "atomic_thread_fence(seq_cst), as compiled here"),
#if defined(__x86_64__)
    ENTRY(mfence, barrier, FENCE_FULL_REFERENCE, "mfence"),
    ENTRY(lock_or, barrier, FENCE_FULL_REFERENCE, "lock or of zero to the top of the stack"),
    ENTRY(lock_add, barrier, FENCE_FULL_REFERENCE, "lock add of zero to the top of the stack"),
    ENTRY(xchg, barrier, FENCE_FULL_REFERENCE, "xchg with a line of one's own"),
#elif defined(__aarch64__)
    ENTRY(dmb_ish, barrier, FENCE_FULL_REFERENCE, "dmb ish"),
    ENTRY(dmb_ishld, barrier, FENCE_REFERENCE, "dmb ishld"),
    ENTRY(dmb_ishst, barrier, FENCE_REFERENCE, "dmb ishst"),
#endif
};
const unsigned fence_count = sizeof fences / sizeof *fences;
