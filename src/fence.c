/* fence.c - the out-of-line half of cordon/fence.h: membarrier(2). */
#define _GNU_SOURCE
#include <cordon/fence.h>

#include <errno.h>

#if defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

#if defined(__linux__) && defined(SYS_membarrier)
/* From linux/membarrier.h, which older kernel headers lack. */
enum { MEMBARRIER_PRIVATE_EXPEDITED = 1 << 3, MEMBARRIER_REGISTER_PRIVATE_EXPEDITED = 1 << 4 };

/* A macro: a proof of the fences wants the line of its use. Clobbers errno. */
#define MEMBARRIER(command) (syscall(SYS_membarrier, MEMBARRIER_##command, 0, 0) == 0)
#else
#define MEMBARRIER(command) false
#endif

struct cordon_fence_found_ cordon_fence_asymmetry_ = {CORDON_FENCE_UNPROBED};

char cordon_tsan_meeting_point_;

enum cordon_fence_asymmetry cordon_fence_asymmetric_probe(void)
{
    int found = atomic_load_explicit(&cordon_fence_asymmetry_.how, memory_order_relaxed);
    if (found == CORDON_FENCE_UNPROBED) {
        /* One trial, too: a filter may let the registration pass and refuse the barrier. */
        const int saved = errno;
        const bool granted =
            MEMBARRIER(REGISTER_PRIVATE_EXPEDITED) && MEMBARRIER(PRIVATE_EXPEDITED);
        errno = saved;
        const int mine = granted ? CORDON_FENCE_MEMBARRIER : CORDON_FENCE_SYMMETRIC;
        /* Relaxed: the value guards no data, and the first to decide decides for all. */
        if (atomic_compare_exchange_strong_explicit(&cordon_fence_asymmetry_.how, &found, mine,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            found = mine;
        }
    }
    return (enum cordon_fence_asymmetry)found;
}

bool cordon_fence_heavy_(void)
{
    /* The fence where membarrier is refused. Where it is granted, it is one for this thread, too, and
     * as an opaque call it is to the compiler; then this one is not needed, and not felt.
     */
    cordon_thread_fence(memory_order_seq_cst);
    if (cordon_fence_asymmetric_probe() != CORDON_FENCE_MEMBARRIER) {
        return true;
    }
    /* Register again before giving up: a forked child may have lost the registration. */
    const int saved = errno;
    const bool done = MEMBARRIER(PRIVATE_EXPEDITED) ||
                      (MEMBARRIER(REGISTER_PRIVATE_EXPEDITED) && MEMBARRIER(PRIVATE_EXPEDITED));
    errno = saved;
    return done;
}
