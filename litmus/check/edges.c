/* edges.c - which operation synchronised with which, over all executions.
 *
 * A release synchronises with an acquire that reads what it wrote, or what continues its release
 * sequence; on either side a fence may do instead. An access that is a release by itself is counted
 * without the fences before it, and likewise an acquire. What counts is what was seen: an edge in the
 * source that is not among these was never needed by the executions of this program.
 *
 * A light fence and a heavy one are a release and an acquire for each other alone.
 *
 * Two seq_cst fences, or a light and a heavy one, order store buffering without anybody reading from
 * anybody: between them lies a read of a value that is overwritten, or a write that is. Such a pair is
 * counted as well.
 */
#define _GNU_SOURCE
#include "edges.h"

#include "graph.h"
#include "label.h"
#include "names.h"
#include "synchronise.h"

#include <inttypes.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>

struct counted {
    struct edge edge;
    uint64_t last; /* the execution it was last counted in */
};

static struct counted *table; /* an open hash table; unused where count == 0 */
static size_t slots, used;
static uint64_t execution;

static bool same(const struct edge *a, const struct edge *b)
{
    return a->release == b->release && a->acquire == b->acquire && a->fences == b->fences;
}

static struct counted *slot_of(const struct edge *edge)
{
    const uint64_t mixed = (uint64_t)edge->release * UINT64_C(0x9E3779B97F4A7C15) ^
                           (uint64_t)edge->acquire * UINT64_C(0xBF58476D1CE4E5B9);
    size_t i = (size_t)(mixed >> 32) & (slots - 1);
    while (table[i].last != 0 && !same(&table[i].edge, edge)) {
        i = (i + 1) & (slots - 1);
    }
    return &table[i];
}

static void grow(void)
{
    struct counted *old = table;
    const size_t old_slots = slots;
    slots = slots > 0 ? 2 * slots : 64;
    table = calloc(slots, sizeof *table);
    if (table == NULL) {
        abort();
    }
    for (size_t i = 0; i < old_slots; ++i) {
        if (old[i].last != 0) {
            *slot_of(&old[i].edge) = old[i];
        }
    }
    free(old);
}

static void count_edge(uintptr_t release, uintptr_t acquire, bool fences)
{
    const struct edge edge = {
        .release = release - native_base(), .acquire = acquire - native_base(), .fences = fences};
    if (release == 0 || acquire == 0) {
        return;
    }
    if (2 * used >= slots) {
        grow();
    }
    struct counted *slot = slot_of(&edge);
    if (slot->last == 0) {
        slot->edge = edge;
        ++used;
    }
    if (slot->last != execution) {
        slot->last = execution;
        ++slot->edge.count;
    }
}

/* The last fence of this order before a write. */
static const struct event *fence_before(const struct event *w, int order)
{
    const struct event *e = po_previous(w);
    while (e != NULL && (e->kind != FENCE || e->order != order)) {
        e = po_previous(e);
    }
    return e;
}

/* The first fence of this order after a read. */
static const struct event *fence_after(const struct event *r, int order)
{
    const struct names *thread = &graph->thread[r->thread];
    for (int i = r->index + 1; i < thread->count; ++i) {
        const struct event *e = &events[thread->at[i]];
        if (e->kind == FENCE && e->order == order) {
            return e;
        }
    }
    return NULL;
}

/* The release writes whose sequence this write heads or continues; or what fences of one order, LIGHT or
 * HEAVY, make of it.
 */
static void count_sequence(const struct event *w, const struct event *r,
                           const struct event *acquire, int order)
{
    for (;;) {
        /* As published in 2017: earlier writes of its thread to the location as well. */
        for (const struct event *e = w; e != NULL; e = po_previous(e)) {
            if (e->kind != WRITE || e->location != w->location || e->order == PLAIN ||
                e->thread == r->thread) {
                continue;
            }
            const struct event *release =
                order == RELEASE ? sync_release(e) : fence_before(e, order);
            if (release != NULL) {
                count_edge(release->pc, acquire->pc, false);
            }
            if (options.cxx20 || release == e) {
                break;
            }
        }
        const struct event *read = w->rmw ? po_previous(w) : NULL;
        if (read == NULL || read->rf == INITIAL) {
            return;
        }
        w = &events[read->rf];
    }
}

/* Is there an access after the fence f, and one before the fence g, to one location, where the second
 * overwrites, or sees what overwrites, what the first wrote or read?
 */
static bool overtaken(const struct event *f, const struct event *g)
{
    const struct names *after = &graph->thread[f->thread], *before = &graph->thread[g->thread];
    for (int i = f->index + 1; i < after->count; ++i) {
        const struct event *a = &events[after->at[i]];
        if (a->kind != READ && a->kind != WRITE) {
            continue;
        }
        const struct place *place = place_of(a);
        const int from = co_position(place, a->kind == READ ? a->rf : after->at[i]);
        for (int k = 0; k < g->index; ++k) {
            const struct event *b = &events[before->at[k]];
            if ((b->kind == READ || b->kind == WRITE) && b->location == a->location &&
                co_position(place, b->kind == READ ? b->rf : before->at[k]) > from) {
                return true;
            }
        }
    }
    return false;
}

/* Of a heavy fence, its begin counts; the end has the same place. */
static bool is_pair(int order, int other)
{
    const bool full = order == SEQ_CST || order == HEAVY;
    return (full && (other == SEQ_CST || other == HEAVY)) || (order == LIGHT && other == HEAVY) ||
           (order == HEAVY && other == LIGHT);
}

static void count_asymmetric(const struct event *r, int release, int acquire)
{
    const struct event *fence = fence_after(r, acquire);
    if (fence != NULL) {
        count_sequence(&events[r->rf], r, fence, release);
    }
}

static void count_fences(const struct event *f)
{
    for (int i = 0; i < graph->trace.count; ++i) {
        const struct event *g = &events[graph->trace.at[i]];
        if (g->kind == FENCE && is_pair(f->order, g->order) && g->thread != f->thread &&
            !view_covers(&g->hb, f->thread, f->index) && overtaken(f, g)) {
            count_edge(f->pc, g->pc, true);
        }
    }
}

void edges_collect(void)
{
    ++execution;
    for (int i = 0; i < graph->trace.count; ++i) {
        const struct event *e = &events[graph->trace.at[i]];
        if (e->kind == FENCE && is_pair(e->order, HEAVY)) {
            count_fences(e);
        } else if (e->kind == READ && e->rf != INITIAL) {
            const struct event *acquire = sync_acquire(e);
            if (acquire != NULL) {
                count_sequence(&events[e->rf], e, acquire, RELEASE);
            }
            count_asymmetric(e, LIGHT, HEAVY);
            count_asymmetric(e, HEAVY, LIGHT);
        }
    }
}

void edges_flush(void)
{
    int unlocked = 0;
    while (!atomic_compare_exchange_weak_explicit(&result->lock, &unlocked, 1, memory_order_acquire,
                                                  memory_order_relaxed)) {
        unlocked = 0;
        sched_yield();
    }
    for (size_t i = 0; i < slots; ++i) {
        int k = 0;
        if (table[i].last == 0 || table[i].edge.count == 0) {
            continue;
        }
        while (k < result->edge_count && !same(&result->edge[k], &table[i].edge)) {
            ++k;
        }
        if (k < result->edge_count) {
            result->edge[k].count += table[i].edge.count;
        } else if (k < MAX_EDGES) {
            result->edge[k] = table[i].edge;
            ++result->edge_count;
        }
        table[i].edge.count = 0;
    }
    atomic_store_explicit(&result->lock, 0, memory_order_release);
}

/* "ring.h:120 store release" */
static void describe(const struct result *of, uintptr_t pc, char *buffer, size_t room)
{
    struct text text = {.at = buffer, .room = room};
    const char *called = names_called(pc);
    const bool of_library = called != NULL && strncmp(called, "__tsan_", 7) != 0;
    *buffer = '\0';
    label_line(pc, &text);
    for (int i = 0; i < of->site_count; ++i) {
        if (of->site[i].pc == pc && (!of_library || of->site[i].order == HEAVY)) {
            text_add(&text, " ");
            label_operation(of->site[i].kind, of->site[i].op, of->site[i].order, &text);
            return;
        }
    }
    if (of_library) {
        text_add(&text, " %s", called);
    }
}

/* A row of the table: all edges between two operations that the source has on the same lines. */
struct line {
    char release[160], acquire[160];
    int file_order; /* of the release: where it stands in its file */
    uint64_t count;
    bool fences;
};

static int compare(const void *left, const void *right)
{
    const struct line *a = left, *b = right;
    const int files = strncmp(a->release, b->release, strcspn(a->release, ":"));
    if (files != 0) {
        return files;
    }
    if (a->file_order != b->file_order) {
        return a->file_order < b->file_order ? -1 : 1;
    }
    return strcmp(a->acquire, b->acquire);
}

void edges_print(FILE *out, const struct result *of)
{
    struct line *lines = calloc((size_t)of->edge_count + 1, sizeof *lines);
    int count = 0, widths[2] = {0, 0};
    for (int i = 0; lines != NULL && i < of->edge_count; ++i) {
        struct line *new = &lines[count];
        int k = 0;
        describe(of, of->edge[i].release, new->release, sizeof new->release);
        describe(of, of->edge[i].acquire, new->acquire, sizeof new->acquire);
        new->file_order = names_line(of->edge[i].release).line;
        new->fences = of->edge[i].fences;
        new->count = 0;
        while (strcmp(lines[k].release, new->release) != 0 ||
               strcmp(lines[k].acquire, new->acquire) != 0 || lines[k].fences != new->fences) {
            ++k;
        }
        lines[k].count += of->edge[i].count;
        count += k == count;
        widths[0] = (int)strlen(new->release) > widths[0] ? (int)strlen(new->release) : widths[0];
        widths[1] = (int)strlen(new->acquire) > widths[1] ? (int)strlen(new->acquire) : widths[1];
    }
    if (count == 0) {
        fputs("no operation synchronised with another one.\n", out);
    } else {
        qsort(lines, (size_t)count, sizeof *lines, compare);
        fputs("what synchronised with what, and in how many executions\n", out);
    }
    for (int i = 0; i < count; ++i) {
        fprintf(out, "  %-*s  %s  %-*s  %12" PRIu64 "\n", widths[0], lines[i].release,
                lines[i].fences ? "<->" : "-> ", widths[1], lines[i].acquire, lines[i].count);
    }
    if (of->edge_count == MAX_EDGES) {
        fprintf(out, "  (there is room for %d edges; others are not listed)\n", MAX_EDGES);
    }
    free(lines);
}
