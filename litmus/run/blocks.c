/* blocks.c - which stretches of a run were disturbed.
 *
 * Worker 0 looks at the clock now and then and says when a block ends; all follow after the next meeting, and leave
 * what the kernel says of their preemptions, and how many weak outcomes they had counted. The block is judged when
 * the next one ends: all have met since. Once in a millisecond that costs nothing.
 */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE
#endif
#include "parts.h"

#include "machine/disturbance.h"

#include <cordon/wait.h>

#include <stdlib.h>
#include <string.h>

#define BLOCK 1000000u /* ns, at least */

/* A block took long if it took LONG times what is usual: the median of the last RECENT ones, as soon as so many are known. */
enum { LONG = 4, RECENT = 32 };

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The median is looked for anew once the oldest are gone. */
static bool took_long(struct blocks *blocks, double each)
{
    blocks->recent[blocks->judged % RECENT] = each;
    if (blocks->judged % RECENT == RECENT - 1) {
        qsort(blocks->recent, RECENT, sizeof *blocks->recent, ascending);
        blocks->usual = blocks->recent[RECENT / 2];
    }
    return blocks->usual > 0 && each > LONG * blocks->usual;
}

static void judge(struct shared *shared)
{
    struct blocks *blocks = &shared->blocks;
    const size_t slot = blocks->judged % 2;
    const double instances = (double)blocks->ended[slot].instances;
    const double took = (double)blocks->ended[slot].took;
    uint64_t switches = 0, weak = 0;
    for (unsigned i = 0; i < shared->workers; ++i) {
        switches += (uint64_t)shared->worker[i].ended[slot].switches;
        weak += shared->worker[i].ended[slot].weak;
    }
    struct disturbance *found = &blocks->found;
    const bool slow = instances > 0 && took_long(blocks, took / instances);
    found->switches += switches;
    ++found->blocks;
    if (switches != 0 || slow) {
        ++found->disturbed;
        found->seconds += took / 1e9;
        found->instances += instances;
        found->weak += (double)(weak - blocks->weak);
    }
    blocks->weak = weak;
    ++blocks->judged;
}

void blocks_begin(struct shared *shared)
{
    shared->blocks.began = shared->start;
}

void blocks_decide(struct shared *shared, size_t at, bool over)
{
    struct blocks *blocks = &shared->blocks;
    const bool look = shared->code->unit != 0 || shared->batches % 8 == 0;
    if (shared->batches != 0 && (look || over)) {
        const uint64_t now = cordon_now();
        if (over || now - blocks->began >= BLOCK) {
            if (!over && blocks->current != 0) {
                judge(shared);
            }
            const size_t slot = blocks->current++ % 2;
            blocks->ended[slot].took = now - blocks->began;
            blocks->ended[slot].instances = shared->total - blocks->total;
            blocks->total = shared->total;
            blocks->began = now;
        }
    }
    blocks->number[at] = blocks->current;
}

void blocks_follow(struct worker *me, size_t at)
{
    const uint64_t number = me->shared->blocks.number[at];
    if (me->block != number) {
        const long switches = machine_preemptions();
        me->ended[me->block % 2].switches = switches - me->switches;
        me->ended[me->block % 2].weak = batches_hits(me);
        me->switches = switches;
        me->block = number;
    }
}

void blocks_end(struct shared *shared, struct disturbance *result)
{
    const size_t enemies = (size_t)shared->knobs->memory_enemies + shared->knobs->launch_enemies;
    struct blocks *blocks = &shared->blocks;
    while (blocks->judged < blocks->current) {
        judge(shared);
    }
    *result = blocks->found;
    if (shared->workers + enemies > shared->options->cpu_count) {
        *result = (struct disturbance){.switches = blocks->found.switches};
    }
}

void disturbance_add(struct disturbance *sum, const struct disturbance *part)
{
    sum->blocks += part->blocks;
    sum->disturbed += part->disturbed;
    sum->switches += part->switches;
    sum->steal_ms += part->steal_ms;
    sum->seconds += part->seconds;
    sum->instances += part->instances;
    sum->weak += part->weak;
}

struct undisturbed disturbance_without(const struct disturbance *disturbance, double seconds,
                                       double instances, double weak)
{
    if (seconds - disturbance->seconds < seconds / 10 || instances <= disturbance->instances) {
        return (struct undisturbed){seconds, 1, weak};
    }
    return (struct undisturbed){seconds - disturbance->seconds,
                                1 - disturbance->instances / instances,
                                weak > disturbance->weak ? weak - disturbance->weak : 0};
}
