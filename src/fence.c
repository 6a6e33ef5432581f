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

static bool membarrier(int command)
{
    const int saved = errno;
    const bool granted = syscall(SYS_membarrier, command, 0, 0) == 0;
    errno = saved;
    return granted;
}
#else
enum { MEMBARRIER_PRIVATE_EXPEDITED, MEMBARRIER_REGISTER_PRIVATE_EXPEDITED };

static bool membarrier(int command)
{
    (void)command;
    return false;
}
#endif

struct cordon_fence_found_ cordon_fence_asymmetry_ = {CORDON_FENCE_UNPROBED};

char cordon_tsan_meeting_point_;

enum cordon_fence_asymmetry cordon_fence_asymmetric_probe(void)
{
    int found = atomic_load_explicit(&cordon_fence_asymmetry_.how, memory_order_relaxed);
    if (found == CORDON_FENCE_UNPROBED) {
        /* One trial, too: a filter may let the registration pass and refuse the barrier. */
        const bool granted = membarrier(MEMBARRIER_REGISTER_PRIVATE_EXPEDITED) &&
                             membarrier(MEMBARRIER_PRIVATE_EXPEDITED);
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
    /* In either mode a full fence here: membarrier orders the callers of light fences, and is one
     * for this thread as well, but only as seen by the kernel's documentation, not by the compiler.
     */
    cordon_thread_fence(memory_order_seq_cst);
    if (cordon_fence_asymmetric_probe() != CORDON_FENCE_MEMBARRIER) {
        return true;
    }
    /* Register again before giving up: a forked child may have lost the registration. */
    const bool done = membarrier(MEMBARRIER_PRIVATE_EXPEDITED) ||
                      (membarrier(MEMBARRIER_REGISTER_PRIVATE_EXPEDITED) &&
                       membarrier(MEMBARRIER_PRIVATE_EXPEDITED));
    cordon_fence_compiler();
    return done;
}
