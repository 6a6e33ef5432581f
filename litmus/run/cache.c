/* cache.c - what is done to the cache lines of a batch before it runs.
 *
 * A store whose line is elsewhere waits in the store buffer while the loads after it go ahead; a load that hits goes
 * ahead of one that misses. So weak outcomes want some lines here and some far away (litmus7's "preload" modes).
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

bool cache_can_flush(void)
{
#if defined(__x86_64__) || defined(__i386__) || defined(__aarch64__)
    return true;
#else
    return false; /* RISC-V's Zicbom is not everywhere, and the kernel has to permit it */
#endif
}

/* Out of all caches. No store: what the line holds stays as it is. */
static void flush(const unsigned char *line)
{
#if defined(__x86_64__) || defined(__i386__)
    __asm__ __volatile__("clflush %0" : : "m"(*line));
#elif defined(__aarch64__)
    __asm__ __volatile__("dc civac, %0" : : "r"(line));
#else
    (void)line;
#endif
}

enum cache_step cache_step_of(const struct shared *shared, uint64_t n, unsigned thread,
                              unsigned location)
{
    const uint64_t which = (n * LITMUS_MOST_THREADS + thread) * LITMUS_MOST_LOCATIONS + location;
    const uint64_t mine = UINT64_C(1) << thread;
    const bool stores = (shared->stores[location] & mine) != 0;
    if (!stores && (shared->loads[location] & mine) == 0) {
        return CACHE_NOTHING; /* it is none of its own */
    }
    struct chance chance;
    switch (shared->knobs->cache) {
    case CACHE_SPLIT:
        return stores ? CACHE_FLUSH : CACHE_LOAD;
    case CACHE_EVICT:
        return CACHE_FLUSH;
    case CACHE_TOUCH:
        return stores ? CACHE_LOAD_TO_STORE : CACHE_LOAD;
    case CACHE_RANDOM:
        chance = chance_of(shared->knobs->seed, CHANCE_CACHE, which);
        return (enum cache_step)chance_below(&chance,
                                             cache_can_flush() ? CACHE_STEPS : CACHE_FLUSH);
    case CACHE_LEAVE:
    default:
        return CACHE_NOTHING;
    }
}

void cache_prepare(const struct shared *shared, const struct plan *plan, unsigned thread)
{
    const struct litmus_batch *batch = &plan->batch;
    if (shared->knobs->cache == CACHE_LEAVE) {
        return;
    }
    for (unsigned l = 0; l < shared->test->location_count; ++l) {
        const enum cache_step step = cache_step_of(shared, plan->number, thread, l);
        const size_t by = batch->stride > CORDON_CPU_FETCH_ ? batch->stride : CORDON_CPU_FETCH_;
        const unsigned plane = l - shared->test->location[l].index; /* of an array, as a whole */
        const unsigned char *at = batch->memory + plane * batch->plane;
        const size_t size =
            litmus_counts_frames(shared->code->mode) ? shared->unit : batch->count * batch->stride;
        for (size_t i = 0; i < size && step != CACHE_NOTHING; i += by) {
            if (step == CACHE_FLUSH) {
                flush(at + i);
            } else if (step == CACHE_LOAD) {
                cordon_cpu_fetch_read_(at + i);
            } else {
                cordon_cpu_fetch_write_(at + i);
            }
        }
    }
}
