/* replay.c - see replay.h */
#define _GNU_SOURCE
#include "replay.h"

#include "check.h"
#include "explore.h"
#include "graph.h"
#include "memory.h"
#include "native.h"
#include "record.h"
#include "report.h"
#include "stack.h"

#include <stdio.h>
#include <stdlib.h>

struct access *recorded;
int recorded_count;
uintptr_t replay_differs;
static int recorded_room;
static int position[MAX_THREADS]; /* events that the thread has repeated */

void replay_access(uintptr_t address, size_t size, bool write, uintptr_t pc)
{
    if (recorded_count == recorded_room) {
        recorded_room = recorded_room ? 2 * recorded_room : 256;
        recorded = realloc(recorded, (size_t)recorded_room * sizeof *recorded);
    }
    recorded[recorded_count++] = (struct access){
        .thread = (uint8_t)running,
        .write = write,
        .after = (int16_t)position[running],
        .size = (uint32_t)size,
        .address = address,
        .pc = pc,
    };
    stack_note_access(recorded_count - 1);
}

const struct event *replay_late(uintptr_t address, size_t size)
{
    const struct names *names = &graph->thread[running];
    if (position[running] >= names->count) {
        return NULL;
    }
    const struct event *e = &events[names->at[position[running]]];
    return e->late && locations[e->location].address - address < size ? e : NULL;
}

/* Back to the start: memory, and every thread but the first. */
static void rewind_all(void)
{
    for (int32_t i = graph->trace.count - 1; i >= 0; --i) {
        struct event *e = &events[graph->trace.at[i]];
        if (e->ran) {
            native_rewind(e);
        }
        if (e->kind == WRITE) {
            native_write_location(locations[e->location].address, locations[e->location].size,
                                  place_of(e)->initial);
        }
        e->undone = true;
    }
    for (int t = 0; t < MAX_THREADS; ++t) {
        thread_states[t].status = THREAD_NONE;
        position[t] = 0;
    }
    native_create(0, native_main(), 0);
    recorded_count = 0;
    stack_forget();
}

/* Memory := the latest write of those repeated so far. */
static void rewrite(const struct event *e)
{
    const struct place *place = place_of(e);
    for (int i = place->co.count - 1; i >= 0; --i) {
        if (!events[place->co.at[i]].undone) {
            native_write_location(locations[e->location].address, locations[e->location].size,
                                  events[place->co.at[i]].value);
            return;
        }
    }
}

bool replay(void)
{
    bool same = true;
    struct thread_state after[MAX_THREADS];
    for (int t = 0; t < MAX_THREADS; ++t) {
        after[t] = thread_states[t];
    }
    replaying = true;
    rewind_all();
    for (int32_t i = 0; i < graph->trace.count && same; ++i) {
        struct event *e = &events[graph->trace.at[i]];
        e->undone = false;
        position[e->thread] = e->index + 1;
        if (e->kind == CREATE) {
            native_create(e->other, (uintptr_t)e->operand, e->expected);
        } else if (e->kind == WRITE && !e->late) {
            rewrite(e);
        }
        if (e->ran) {
            same = native_replay(e);
            stack_note_request(e->thread, e->index + 1);
            replay_differs = thread_states[e->thread].request.pc;
        }
    }
    replaying = false;
    for (int t = 0; t < MAX_THREADS; ++t) {
        thread_states[t].status = after[t].status;
    }
    return same;
}

/* The call at the other side of the race. */
static uintptr_t other_side(void)
{
    for (int i = recorded_count - 1; i >= 0; --i) {
        const struct access *a = &recorded[i];
        if (a->thread == memory_race.thread && a->after == memory_race.after &&
            a->write == memory_race.write && a->address < memory_race.address + memory_race.size &&
            memory_race.address < a->address + a->size) {
            return a->pc;
        }
    }
    return 0;
}

void replay_report(enum finding finding, const char *message, uintptr_t pc, uintptr_t other)
{
    replay();
    if (finding == FOUND_RACE && !other) {
        other = other_side();
    }
    snprintf(result->message, sizeof result->message, "%s", message);
    result->places[0] = pc ? pc - native_base() : 0;
    result->places[1] = other ? other - native_base() : 0;
    FILE *text = fmemopen(result->report, sizeof result->report, "w");
    report_text(text, finding, message, pc, other);
    fclose(text);
    FILE *dot = fmemopen(result->dot, sizeof result->dot, "w");
    report_dot(dot, finding);
    fclose(dot);
    uintptr_t places[2];
    report_places(finding, pc, other, places);
    for (int i = 0; i < 2; ++i) {
        result->places[i] = places[i] ? places[i] - native_base() : 0;
    }
    FILE *record = fmemopen(result->replay, sizeof result->replay, "w");
    report_record(record);
    fclose(record);
    atomic_store_explicit(&result->reported, true, memory_order_release);
}
