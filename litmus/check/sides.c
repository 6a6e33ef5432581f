/* sides.c - which accesses of the execution a finding is about. */
#include "rows.h"

#include "memory.h"
#include "names.h"

#include <string.h>

static bool overlaps(uintptr_t a, size_t a_size, uintptr_t b, size_t b_size)
{
    return a < b + b_size && b < a + a_size;
}

static void take_access(struct side *side, int i)
{
    *side = (struct side){.known = true,
                          .thread = recorded[i].thread,
                          .after = recorded[i].after,
                          .event = -1,
                          .access = i,
                          .write = recorded[i].write,
                          .address = recorded[i].address,
                          .size = recorded[i].size,
                          .pc = recorded[i].pc};
}

static void take_event(struct side *side, int32_t name)
{
    const struct event *e = &events[name];
    *side = (struct side){.known = true,
                          .thread = e->thread,
                          .after = e->index,
                          .event = name,
                          .access = -1,
                          .write = e->kind == WRITE || e->rmw,
                          .address = locations[e->location].address,
                          .size = locations[e->location].size,
                          .pc = e->pc};
}

/* The last thing that was done: the trace is in the order of execution. A replay goes on to the end of
 * the segment, so it is the first access there of which it can be true.
 */
static void find_failing(enum finding finding, uintptr_t pc, struct side *side)
{
    const int32_t last = graph->trace.at[graph->trace.count - 1];
    const struct event *e = &events[last];
    if ((e->kind == READ || e->kind == WRITE) && e->pc == pc) {
        take_event(side, last);
        return;
    }
    for (int i = 0; i < recorded_count; ++i) {
        if (recorded[i].pc == pc && recorded[i].thread == e->thread &&
            recorded[i].after == e->index + 1 &&
            (finding != FOUND_RACE || overlaps(recorded[i].address, recorded[i].size,
                                               memory_race.address, memory_race.size))) {
            take_access(side, i);
            return;
        }
    }
}

/* memory.c remembers the other side of a race. */
static void find_rival(struct side *side)
{
    const struct other_access *race = &memory_race;
    for (int i = recorded_count - 1; i >= 0; --i) {
        if (recorded[i].thread == race->thread && recorded[i].after == race->after &&
            recorded[i].write == race->write &&
            overlaps(recorded[i].address, recorded[i].size, race->address, race->size)) {
            take_access(side, i);
            return;
        }
    }
    if (race->thread >= 0 && race->thread < graph->threads &&
        race->after < graph->thread[race->thread].count) {
        const int32_t name = graph->thread[race->thread].at[race->after];
        const struct event *e = &events[name];
        if ((e->kind == READ || e->kind == WRITE) &&
            overlaps(locations[e->location].address, locations[e->location].size, race->address,
                     race->size)) {
            take_event(side, name);
        }
    }
}

/* The call that freed the block. */
static void find_free(const struct side *failing, struct side *side)
{
    for (int i = recorded_count - 1; i >= 0; --i) {
        const char *called = NULL;
        if (i != failing->access && recorded[i].write && recorded[i].pc != 0 &&
            overlaps(recorded[i].address, recorded[i].size, failing->address, failing->size)) {
            called = names_called(recorded[i].pc);
        }
        if (called != NULL && (strcmp(called, "free") == 0 || strcmp(called, "realloc") == 0 ||
                               strncmp(called, "_Zd", 3) == 0)) { /* operator delete */
            take_access(side, i);
            return;
        }
    }
}

void find_sides(enum finding finding, uintptr_t pc, uintptr_t other, struct side side[2])
{
    memset(side, 0, 2 * sizeof *side);
    side[0].event = side[1].event = side[0].access = side[1].access = -1;
    side[0].pc = pc;
    side[1].pc = other;
    if (graph->trace.count == 0) {
        return;
    }
    switch (finding) {
    case FOUND_RACE:
        find_failing(finding, pc, &side[0]);
        find_rival(&side[1]);
        break;
    case FOUND_USE_AFTER_FREE:
    case FOUND_DOUBLE_FREE:
        find_failing(finding, pc, &side[0]);
        if (side[0].known) {
            find_free(&side[0], &side[1]);
        }
        break;
    case FOUND_UNINITIALISED:
    case FOUND_OVERFLOW:
    case FOUND_WILD_POINTER:
        find_failing(finding, pc, &side[0]);
        break;
    default:
        break;
    }
}
