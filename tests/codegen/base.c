/* cpu.h, fence.h, wait.h, and the plain atomics that all else is made of. */
#include "codegen.h"

#include <cordon/cpu.h>
#include <cordon/fence.h>
#include <cordon/wait.h>

FUNCTION(void, cpu_relax, void)
{
    cordon_cpu_relax();
}

FUNCTION(void, fence_compiler, void)
{
    cordon_fence_compiler();
}

FUNCTION(void, fence_acquire, void)
{
    cordon_fence_acquire();
}

FUNCTION(void, fence_release, void)
{
    cordon_fence_release();
}

FUNCTION(void, fence_acq_rel, void)
{
    cordon_fence_acq_rel();
}

FUNCTION(void, fence_full, void)
{
    cordon_fence_full();
}

FUNCTION(void, fence_store_store, void)
{
    cordon_fence_store_store();
}

FUNCTION(void, fence_nt_store, void)
{
    cordon_fence_nt_store();
}

FUNCTION(void, fence_light, void)
{
    cordon_fence_light();
}

FUNCTION(void, store_full_u32, CORDON_ATOMIC(uint32_t) * object, uint32_t value)
{
    cordon_store_full(object, value);
}

FUNCTION(void, store_full_u64, CORDON_ATOMIC(uint64_t) * object, uint64_t value)
{
    cordon_store_full(object, value);
}

FUNCTION(uint32_t, load_acquire, const CORDON_ATOMIC(uint32_t) * object)
{
    return atomic_load_explicit(object, memory_order_acquire);
}

FUNCTION(void, store_release, CORDON_ATOMIC(uint32_t) * object, uint32_t value)
{
    atomic_store_explicit(object, value, memory_order_release);
}

FUNCTION(bool, wait_spent, const struct cordon_waiter *waiter)
{
    return cordon_wait_spent(waiter);
}
