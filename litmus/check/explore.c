/* explore.c - every execution that the model allows, once: TruSt (Kokologiannakis, Marmanis,
 * Gladstein, Vafeiadis: Truly Stateless, Optimal Dynamic Partial Order Reduction, POPL 2022).
 *
 * A graph grows by one event at a time, each read reading from the coherence-latest write, each write
 * placed last. For what else could have been, items are left on the graph's list: another write to
 * read from (RF), another place in the coherence order (CO), and, for a new write, that an earlier
 * read reads from it (BACK): events that the read was followed by, and that the write does not
 * depend on, are then removed. A removal is done from one graph only, the one where the removed events
 * had been added as described above: so nothing is explored twice and nothing need be remembered.
 */
#define _GNU_SOURCE
#include "explore.h"

#include "check.h"
#include "choose.h"
#include "crash.h"
#include "environment.h"
#include "graph.h"
#include "grow.h"
#include "native.h"
#include "record.h"
#include "replay.h"
#include "revisit.h"
#include "share.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static struct {
    enum finding finding;
    uintptr_t pc, other;
    char message[sizeof result->message];
} found;
bool failed, explore_dropped, explore_sound, explore_any_sc;
bool explore_ours = true;
sigjmp_buf explore_abandon;
struct options options;
struct result *result;

void fail(enum finding finding, uintptr_t pc, uintptr_t other, const char *format, ...)
{
    if (!failed) {
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(found.message, sizeof found.message, format, arguments);
        va_end(arguments);
        found.finding = finding;
        found.pc = pc;
        found.other = other;
        failed = true;
    }
    if (native_on_fiber()) {
        asked = (struct request){.kind = REQUEST_FAILED, .pc = pc};
        fiber_trap();
    }
}

bool explore_allowed(int32_t event, bool without_it)
{
    if (options.model == MODEL_RA || (options.model == MODEL_RC11 && !explore_any_sc)) {
        return true;
    }
    if (!without_it) {
        return model_allows(options.model);
    }
    /* Of a choice, which is no access, the model has nothing to say; a read that has to wait for
     * another value was taken out again, and what is left was consistent.
     */
    const struct event *e = &events[event];
    const struct names *thread = &graph->thread[e->thread];
    const bool is_there = e->index < thread->count && thread->at[e->index] == event;
    return e->kind == CHOICE || !is_there || model_allows_last(options.model, event);
}

/* Make the next graph from what an item says. Returns false if there is none. */
static bool take(struct item item)
{
    struct event *e = &events[item.event];
    graph_cut(item.kind == ITEM_BACK ? item.other : item.event);
    switch (item.kind) {
    case ITEM_CO:
        graph_move(item.event, item.other);
        graph_settle();
        e->maximal = false;
        return revisits(item.event);
    case ITEM_CHOICE:
        graph_rerun(item.event);
        graph_settle();
        e->value = (uint64_t)item.other;
        e->maximal = false;
        return true;
    case ITEM_RF:
        graph_rerun(item.event);
        graph_settle();
        e->maximal = false;
        break;
    default:
        graph_branch(item.event, item.other);
        if (must_wait(e, events[item.other].value)) {
            graph_drop_last(e->thread);
            graph_settle();
            return true;
        }
        graph_settle();
        e->maximal = co_maximal(place_of(e)) == item.other;
        break;
    }
    e->rf = item.other;
    e->spurious = item.spurious;
    return finish_read(item.event);
}

/* splitmix64: names that differ, of neighbours as of parent and child. */
static uint64_t name_of(uint64_t z)
{
    z += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

/* Items that the present graph has left behind, and the graph itself, share what it was thought to
 * be of the tree. Each gets a name that does not depend on who explores it.
 */
static void name_items(int first, double mass, uint64_t path, bool counts, bool ours)
{
    const int count = graph->item_count - first;
    const double share = mass / (count + counts > 0 ? count + counts : 1);
    for (int i = 0; i < count; ++i) {
        graph->items[first + i].mass = share;
        graph->items[first + i].parent_mass = mass;
        graph->items[first + i].path = name_of(path + (uint64_t)i);
    }
    counted.explored += ours && (counts || count == 0) ? share : 0;
}

static void explore_graph(int first, double mass, uint64_t path, bool exists)
{
    const struct counts before = counted;
    const bool ours = explore_ours = share_counts(mass);
    if (exists) {
        grow();
    }
    const bool counts = exists && !explore_dropped;
    counted.dropped += explore_dropped;
    if (!ours) {
        counted = before;
    }
    name_items(first, mass, path, counts, ours);
}

static void explore_all(void)
{
    uint64_t turns = 0;
    explore_sound = true;
    explore_graph(0, 1, 1, true);
    while (!failed && !share_stop()) {
        while (graph->item_count == 0 && frame_depth() > 1) {
            const struct frame *below = frame_at(frame_depth() - 2);
            const struct item *next = below->items + below->item_count - 1;
            graph_return(below->item_count == 0    ? INITIAL
                         : next->kind == ITEM_BACK ? next->other
                                                   : next->event);
        }
        if (graph->item_count == 0) {
            return;
        }
        const struct item item = graph->items[--graph->item_count];
        if (share_skips(&item)) {
            continue;
        }
        explore_dropped = false;
        const int first = item.kind == ITEM_BACK ? 0 : graph->item_count;
        explore_sound = false;
        bool exists = take(item);
        if (!exists) {
            explore_dropped = true;
        } else if (!failed && !explore_allowed(item.event, item.sound)) {
            ++counted.inconsistent;
            exists = false;
        }
        explore_sound = exists;
        explore_graph(first, item.mass, item.path, exists);
        if ((++turns & 63) == 0) {
            share_flush();
        }
    }
}

static void explore_randomly(void)
{
    choose_by_dice(options.seed);
    for (uint64_t i = 0; i < options.random && !failed && !share_stop(); ++i) {
        explore_dropped = false;
        grow();
        counted.dropped += explore_dropped;
        ++counted.random;
        counted.explored += 1.0 / (double)options.random;
        graph_cut(INITIAL);
        graph_settle();
        share_flush();
    }
}

/* Only the execution that the file describes. */
static void explore_recorded(void)
{
    struct record record;
    char wrong[200];
    FILE *stream = fopen(options.replay, "re");
    if (!stream || !report_read_record(stream, &record, wrong, sizeof wrong)) {
        fail(FOUND_UNSUPPORTED, 0, 0, "%s cannot be read any more", options.replay);
        return;
    }
    fclose(stream);
    choose_recorded(&record);
    output_wanted = true;
    grow();
    output_wanted = false; /* the report will repeat it once more */
    counted.explored = 1;
}

uint64_t explore_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

/* Write down what was found, unless another process was first. */
static void report(void)
{
    int none = FOUND_NOTHING;
    if (!atomic_compare_exchange_strong_explicit(&result->finding, &none, (int)found.finding,
                                                 memory_order_relaxed, memory_order_relaxed)) {
        return;
    }
    replay_report(found.finding, found.message, found.pc, found.other);
}

static void explore_everything(void)
{
    share_start();
    graph_start();
    if (options.replay) {
        explore_recorded();
    } else if (options.random) {
        explore_randomly();
    } else {
        explore_all();
    }
}

void explore(void)
{
    result->started = explore_now();
    atomic_store_explicit(&result->working, 1, memory_order_relaxed);
    catch_crashes();
    if (sigsetjmp(explore_abandon, 1) == 0) {
        explore_everything();
    }
    if (failed) {
        report();
    }
    share_end();
    if (failed) {
        report(); /* a process was lost */
    }
    result->ended = explore_now();
}
