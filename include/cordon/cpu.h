/* cordon/cpu.h - what a synchronisation primitive must know of the processor it runs on.
 *
 * Three things: how to wait politely (cordon_cpu_relax), how far apart two hot variables must lie
 * (CORDON_LINE), and how to get memory that is aligned to that (cordon_aligned_alloc).
 */
#ifndef CORDON_CPU_H
#define CORDON_CPU_H

#include <cordon/atomic.h>

#if __STDC_HOSTED__
#include <stdlib.h>
#endif

/* CORDON_LINE - bytes that keep two variables from disturbing each other (destructive
 * interference).
 *
 * A layout constant: part of the ABI of every padded struct, so it is fixed for an architecture and
 * does not follow the model at hand or a -mtune flag. It is 128 where the line is 64 bytes but
 * prefetchers fetch pairs of lines (x86-64) or where cores with 64- and with 128-byte lines are
 * both common (AArch64). The line of the machine at hand is a matter of tuning: read it from the
 * operating system, e.g. sysconf(_SC_LEVEL1_DCACHE_LINESIZE).
 */
#if defined(__s390x__)
#define CORDON_LINE 256
#elif defined(__x86_64__) || defined(__aarch64__) || defined(__powerpc64__)
#define CORDON_LINE 128
#else
#define CORDON_LINE 64
#endif

CORDON_BEGIN_DECLS

/* cordon_cpu_relax - one step of a busy wait.
 *
 * Gives the pipeline, and on SMT cores the sibling thread, the resources that the next useless
 * iteration would burn, and delays that iteration by tens of cycles so that the awaited line is not
 * fought for.
 * Order: none, of memory; the compiler re-reads memory after it.
 * Cost:  x86 `pause` 10-140 cycles by model; AArch64 `isb`, since `yield` is a NOP on nearly every
 *        core that has no SMT (rust-lang/rust#84725 measured it); RISC-V `pause` (Zihintpause; a
 *        harmless fence hint elsewhere); POWER lowers and restores the thread's SMT priority;
 *        s390x `bcr 14,0`, a fast serialisation. Anything else: a compiler barrier.
 */
static inline void cordon_cpu_relax(void)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ __volatile__("pause" ::: "memory");
#elif defined(__aarch64__)
    __asm__ __volatile__("isb" ::: "memory");
#elif defined(__arm__)
    __asm__ __volatile__("yield" ::: "memory");
#elif defined(__riscv)
    __asm__ __volatile__(".4byte 0x0100000f" ::: "memory");
#elif defined(__powerpc__)
    __asm__ __volatile__("or 1,1,1\n\tor 2,2,2" ::: "memory");
#elif defined(__s390x__)
    __asm__ __volatile__("bcr 14,0" ::: "memory");
#else
    __asm__ __volatile__("" ::: "memory");
#endif
}

/* Fetch the line of an address that this thread is about to read, or to write, while it goes on. A
 * line to be written is fetched for this core alone, so that the store does not have to ask for it
 * again. A hint: no access, no order, no fault, whatever the address. Not for a line that another
 * core is working on: it would be taken from it.
 */
#define CORDON_CPU_FETCH_ 64 /* how far apart: the smallest line there is on what is listed above */

static inline void cordon_cpu_fetch_read_(const void *address)
{
    __builtin_prefetch(address, 0, 3);
}

static inline void cordon_cpu_fetch_write_(const void *address)
{
#if defined(__x86_64__)
    /* The builtin means this only with -mprfchw. Where the processor does not know it, a no-op. */
    __asm__ __volatile__("prefetchw %0" : : "m"(*(const char *)address));
#else
    __builtin_prefetch(address, 1, 3);
#endif
}

#if __STDC_HOSTED__
/* cordon_aligned_alloc - size bytes aligned to alignment (a power of two), or NULL.
 *
 * Unlike C11's aligned_alloc it takes any size, rounding it up to a multiple of the alignment, so
 * that no later allocation shares the last line. Returns NULL, too, where that rounding would
 * overflow. Release the memory with free().
 */
static inline void *cordon_aligned_alloc(size_t alignment, size_t size)
{
    if (alignment < sizeof(void *)) {
        alignment = sizeof(void *);
    }
    if (size > SIZE_MAX - (alignment - 1)) {
        return NULL;
    }
    return aligned_alloc(alignment, (size + alignment - 1) & ~(alignment - 1));
}
#endif

CORDON_END_DECLS

#endif
