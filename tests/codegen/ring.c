/* The rings, as they are used for a pointer or a number of 8 bytes. */
#include "codegen.h"

#include <cordon/ring/mpmc.h>
#include <cordon/ring/spsc.h>

FUNCTION(enum cordon_result, spsc_push, struct cordon_spsc *ring, const uint64_t *item)
{
    return cordon_spsc_try_push(ring, item);
}

FUNCTION(enum cordon_result, spsc_pop, struct cordon_spsc *ring, uint64_t *item)
{
    return cordon_spsc_try_pop(ring, item);
}

FUNCTION(enum cordon_result, mpmc_push, struct cordon_mpmc *ring, const uint64_t *item)
{
    return cordon_mpmc_try_push(ring, item);
}

FUNCTION(enum cordon_result, mpmc_pop, struct cordon_mpmc *ring, uint64_t *item)
{
    return cordon_mpmc_try_pop(ring, item);
}
