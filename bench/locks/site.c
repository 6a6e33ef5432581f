/* site.c - where a lock and what it guards lie in a block, and whether the lock excluded.
 *
 * A place has the lock, then the guarded data, then each thread's part, all on lines of their own and for
 * every lock alike. Each block takes another place at random, since where a line lies in memory is part
 * of what it costs.
 */
#define _GNU_SOURCE
#include "locks.h"
#include "../team.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { PLACES = 64 };

static size_t lines(size_t size)
{
    return (size + CORDON_LINE - 1) / CORDON_LINE * CORDON_LINE;
}

static size_t place_size(const struct lock_adapter *lock, unsigned threads)
{
    return lines(lock->shared_size) + sizeof(struct lock_guarded) + threads * lines(lock->own_size);
}

static void *allocate(size_t size)
{
    void *memory = cordon_aligned_alloc(CORDON_LINE, lines(size));
    if (memory == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(memory, 0, lines(size));
    return memory;
}

void lock_site_make(struct lock_site *site, const struct lock_run *run, unsigned threads)
{
    site->threads = threads;
    site->size = place_size(&lock_none, threads);
    for (unsigned i = 0; i < run->lock_count; ++i) {
        const size_t size = place_size(run->lock[i], threads);
        site->size = size > site->size ? size : site->size;
    }
    site->arena = allocate(PLACES * site->size);
    site->job = allocate(threads * sizeof *site->job);
    site->waits = allocate(threads * sizeof *site->waits);
}

void lock_site_free(struct lock_site *site)
{
    free(site->arena);
    free(site->job);
    free(site->waits);
}

void lock_site_start(struct lock_site *site, const struct lock_adapter *lock, unsigned threads,
                     uint64_t hold, uint64_t think, uint64_t mask, struct stats_random *random)
{
    unsigned char *place = site->arena + stats_random_below(random, PLACES) * site->size;
    unsigned char *guarded = place + lines(lock->shared_size);
    unsigned char *own = guarded + sizeof(struct lock_guarded);
    memset(place, 0, site->size);
    for (unsigned i = 0; i < threads; ++i) {
        struct lock_job *job = &site->job[i];
        *job = (struct lock_job){
            .shared = place,
            .own = own + i * lines(lock->own_size),
            .guarded = (struct lock_guarded *)(void *)guarded,
            .index = i,
            .hold = hold,
            .think = think,
            .mask = mask,
            .random = stats_random_below(random, UINT32_MAX) + UINT64_C(1),
            .waits = &site->waits[i],
        };
        lock->start(job->shared, job->own, i, threads);
    }
}

/* Awake: the scheduler would make good to a sleeper what it missed, and let it run alone. */
void lock_dawdle(const struct lock_job *job)
{
    const uint64_t until = cordon_now() + job->stall;
    while (cordon_now() < until) {
        cordon_cpu_relax();
    }
}

bool lock_site_excluded(const struct lock_site *site, unsigned threads)
{
    uint64_t expected = 0;
    for (unsigned i = 0; i < threads; ++i) {
        const struct lock_job *job = &site->job[i];
        expected += job->mask == UINT64_MAX ? 0 : lock_operations(job) / (job->mask + 1);
    }
    return site->job[0].guarded->counter == expected;
}

void lock_site_work(struct team_member *member)
{
    struct lock_block *block = member->context;
    struct lock_job *job = &block->site->job[member->index];
    job->stop = member->stop;
    job->settled = &block->settled;
    if (block->stall != NULL && member->index == 0) {
        block->stall(job);
    }
    block->loop(job);
    member->operations = lock_operations(job);
}
