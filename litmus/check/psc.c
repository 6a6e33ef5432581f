/* psc.c - RC11's axiom about seq_cst: psc has no cycle.
 *
 *     scb   = sb u (sb/=loc; hb; sb/=loc) u hb/loc u co u fr        (a fence is /=loc of everything)
 *     pscb  = ([SC] u [Fsc];hb?); scb; ([SC] u hb?;[Fsc])
 *     pscF  = [Fsc]; (hb u hb;eco;hb); [Fsc]                        psc = pscb u pscF
 *
 * Its nodes are the seq_cst accesses and fences. Some of its edges imply happens-before, the others
 * pass through co, fr or eco. As hb has no cycle, a cycle of psc is made of stretches of the first
 * kind, joined by edges of the second. If there is a fence f in a stretch, the edge before the stretch
 * can go to f at once (something happens before f), and the edge after it come from f. So to and from
 * fences only edges of the second kind count:
 *
 *     from an access a to b     the first event after a of another location happens before the last
 *                               one before b of another location than b's
 *                     to b      of a's location: a happens before b
 *                     to b      the next seq_cst write in coherence order
 *                     to f      a write co-after a happens before the fence
 *     from a fence f to b       in each location, the first seq_cst write that comes in coherence
 *                               order behind anything that f happens before
 *                     to g      in some location, something that f happens before is eco-before
 *                               something that happens before g
 *
 * Each node also leads to the next one of its thread, so of the nodes of another thread that it leads
 * to, only the first need be known. "x happens before y" is one look at y's clock, and holds of
 * whatever follows y when it holds of y; so a thread is searched by bisection.
 *
 * Light and heavy fences (synchronise.h). The begin H and the end H' of a heavy fence are full fences, in
 * the above and in what follows. Which side of a light fence L of another thread has the full fence
 * that the heavy one inserts there is known when the other side would contradict coherence:
 *
 *     something that L happens before is eco-before something that happens before H: it is after L
 *     something that H' happens before is eco-before something that happens before L: it is before L
 *
 * In the first case, whatever has an edge to a full fence in L's place has one to the end H'; in the
 * second, H has an edge to whatever a full fence in L's place has one to. So L is two nodes. "Before L"
 * has the incoming edges of a fence, and leads to the H' of the first case; "after L" has the outgoing
 * edges, and comes from the H of the second. No edge leads from before L to after L: that is what two
 * light fences lack. What precedes "before L" need not happen before H', so H' also leads to the
 * begins of the heavy fences that it happens before, from where it goes on "after" another light fence.
 * (All other edges of hb are redundant here, as above.)
 *
 * That no execution is forbidden which some placement of the inserted fences allows follows edge by
 * edge; tests/check/asymmetric.py tries all placements. What happens before L in the first case includes
 * what an acquire fence in its place would learn. That the inserted fence may be a release to others
 * than heavy fences is left out, so that a few executions are allowed which no placement allows.
 *
 * Coherence orders the accesses of a location by numbers: 2i for the i-th write, 2i + 1 for a read of
 * it, i from 0, -1 for a read of the initial value. Then one access is eco-before another exactly when
 * its number is less.
 */
#include "psc.h"

#include "graph.h"
#include "search.h"

#include <limits.h>
#include <stddef.h>

enum { NEVER = INT_MAX };

struct node {
    const struct event *event;
    /* An access: its place in coherence, and the neighbours of other locations. */
    int32_t number;
    int32_t next_elsewhere;              /* index in the thread, or NEVER */
    const struct view *before_elsewhere; /* clock, or NULL */
    int32_t fence;                       /* a fence: its row in the table of reaches */
    int32_t other_end;                   /* a HEAVY and its HEAVY_END: each other; or -1 */
};
static struct node *nodes;
static int32_t node_room, node_count;
static int32_t first_node[MAX_THREADS + 1];
static int32_t *fences; /* their nodes */
static int32_t fence_room, fence_count;
static int32_t first_fence[MAX_THREADS + 1];

/* Light fences, if there are any, and a heavy one: nodes[node_count + i] describes the i-th, which is the
 * nodes before_light(i) and after_light(i).
 */
static int32_t light_count;
static int32_t first_light[MAX_THREADS + 1];
static int32_t *heavies; /* the nodes of their begins */
static int32_t heavy_room, heavy_count;

static int32_t before_light(int32_t i)
{
    return node_count + i;
}

static int32_t after_light(int32_t i)
{
    return node_count + light_count + i;
}

/* By event name: a write's index in coherence order, and the node of an access. */
static struct access {
    int32_t order, node;
} * accesses;
static int32_t access_room;

/* What lies on both sides of a fence in one location, as coherence numbers. */
struct reach {
    int32_t least_after, most_before, last_write_before;
};
static struct reach *reaches;
static int32_t reach_room;
static int32_t *columns; /* by location: its column in the table, or -1 if nobody writes there */
static int32_t column_room, column_count;
static int32_t *column_location, column_location_room;

static bool is_access(const struct event *e)
{
    return e->kind == READ || e->kind == WRITE;
}

static bool same_location(const struct event *a, const struct event *b)
{
    return is_access(a) && is_access(b) && a->location == b->location;
}

static bool happens_before(const struct event *a, const struct event *b)
{
    return a != b && view_covers(&b->hb, a->thread, a->index);
}

static const struct event *event_at(int thread, int32_t index)
{
    return &events[graph->thread[thread].at[index]];
}

static int32_t coherence_number(const struct event *e)
{
    if (e->kind == WRITE) {
        return 2 * accesses[e - events].order;
    }
    return e->rf == INITIAL ? -1 : 2 * accesses[e->rf].order + 1;
}

static void find_lights(void)
{
    const int32_t count = light_count;
    light_count = 0;
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *names = &graph->thread[t];
        first_light[t] = light_count;
        for (int32_t i = 0; i < names->count && count > 0 && heavy_count > 0; ++i) {
            const struct event *e = &events[names->at[i]];
            if (e->kind == FENCE && e->order == LIGHT) {
                const int32_t n = node_count + light_count;
                nodes = search_reserve(nodes, &node_room, n + 1, sizeof *nodes);
                nodes[n].event = e;
                nodes[n].fence = fence_count + light_count++;
            }
        }
    }
    first_light[graph->threads] = light_count;
}

static void find_nodes(void)
{
    node_count = fence_count = light_count = heavy_count = 0;
    for (int t = 0; t < graph->threads; ++t) {
        const struct names *names = &graph->thread[t];
        first_node[t] = node_count;
        first_fence[t] = fence_count;
        for (int32_t i = 0; i < names->count; ++i) {
            const struct event *e = &events[names->at[i]];
            if (!is_seq_cst(e->order) || (!is_access(e) && e->kind != FENCE)) {
                light_count += e->order == LIGHT;
                continue;
            }
            nodes = search_reserve(nodes, &node_room, node_count + 1, sizeof *nodes);
            nodes[node_count].event = e;
            nodes[node_count].other_end = -1;
            if (e->order == HEAVY) {
                heavies = search_reserve(heavies, &heavy_room, heavy_count + 1, sizeof *heavies);
                heavies[heavy_count++] = node_count;
            } else if (e->order == HEAVY_END && node_count > first_node[t] &&
                       nodes[node_count - 1].event->order == HEAVY) {
                nodes[node_count].other_end = node_count - 1;
                nodes[node_count - 1].other_end = node_count;
            }
            if (e->kind == FENCE) {
                fences = search_reserve(fences, &fence_room, fence_count + 1, sizeof *fences);
                fences[fence_count] = node_count;
                nodes[node_count].fence = fence_count++;
            }
            ++node_count;
        }
    }
    first_node[graph->threads] = node_count;
    first_fence[graph->threads] = fence_count;
    find_lights();
}

/* Every edge goes from one thread to another, or onwards in one. */
static bool in_one_thread(void)
{
    return light_count == 0 &&
           (node_count == 0 || nodes[0].event->thread == nodes[node_count - 1].event->thread);
}

static void order_writes(void)
{
    accesses = search_reserve(accesses, &access_room, event_count, sizeof *accesses);
    columns = search_reserve(columns, &column_room, graph->places, sizeof *columns);
    column_count = 0;
    for (int32_t p = 0; p < graph->places; ++p) {
        const struct names *co = &graph->place[p].co;
        for (int32_t i = 0; i < co->count; ++i) {
            accesses[co->at[i]].order = i;
        }
        columns[p] = -1;
        if (co->count > 0) {
            column_location = search_reserve(column_location, &column_location_room,
                                             column_count + 1, sizeof *column_location);
            column_location[column_count] = p;
            columns[p] = column_count++;
        }
    }
}

static void find_neighbours(struct node *node)
{
    const struct event *e = node->event;
    const int32_t count = graph->thread[e->thread].count;
    int32_t next = e->index + 1, before = e->index - 1;
    while (next < count && same_location(e, event_at(e->thread, next))) {
        ++next;
    }
    while (before >= 0 && same_location(e, event_at(e->thread, before))) {
        --before;
    }
    node->next_elsewhere = next < count ? next : NEVER;
    node->before_elsewhere = before >= 0 ? &event_at(e->thread, before)->hb : NULL;
}

static void find_reaches(struct node *node)
{
    const struct event *f = node->event;
    struct view before = f->hb;
    if (f->order == LIGHT) {
        view_join(&before, &f->pend); /* what the inserted fence acquires if it is after it */
    }
    struct reach *row = &reaches[node->fence * column_count];
    for (int32_t c = 0; c < column_count; ++c) {
        row[c] = (struct reach){NEVER, -2, -2};
    }
    for (int t = 0; t < graph->threads; ++t) {
        int32_t i = 0;
        for (; i < before.at[t]; ++i) {
            const struct event *e = event_at(t, i);
            if (is_access(e) && columns[e->location] >= 0) {
                struct reach *reach = &row[columns[e->location]];
                const int32_t number = coherence_number(e);
                if (reach->most_before < number) {
                    reach->most_before = number;
                }
                if (e->kind == WRITE && reach->last_write_before < number) {
                    reach->last_write_before = number;
                }
            }
        }
        for (i = graph->thread[t].count; i > 0; --i) {
            const struct event *e = event_at(t, i - 1);
            if (!happens_before(f, e)) {
                break;
            }
            if (is_access(e) && columns[e->location] >= 0) {
                struct reach *reach = &row[columns[e->location]];
                const int32_t number = coherence_number(e);
                if (reach->least_after > number) {
                    reach->least_after = number;
                }
            }
        }
    }
}

static void describe_nodes(void)
{
    order_writes();
    reaches = search_reserve(reaches, &reach_room, (fence_count + light_count) * column_count,
                             sizeof *reaches);
    for (int32_t n = 0; n < node_count + light_count; ++n) {
        struct node *node = &nodes[n];
        find_neighbours(node);
        if (node->event->kind == FENCE) {
            find_reaches(node);
        } else {
            accesses[node->event - events].node = n;
            node->number = coherence_number(node->event);
        }
    }
}

/* The successors of the node that is being visited: by thread, the first one. */
static int32_t least[MAX_THREADS];

/* The next seq_cst write in coherence order behind this number. */
static void lead_to_write(int32_t location, int32_t number)
{
    const struct names *co = &graph->place[location].co;
    for (int32_t i = (number + 2) / 2; i < co->count; ++i) {
        const struct event *w = &events[co->at[i]];
        if (w->order == SEQ_CST) {
            const int32_t n = accesses[co->at[i]].node;
            if (n < least[w->thread]) {
                least[w->thread] = n;
            }
            return;
        }
    }
}

/* The first in [begin, end) for which the condition holds, where it holds for all that follow one; or
 * end. Most often it holds for none.
 */
static inline int32_t first_that(bool (*holds)(int32_t i, const void *context), const void *context,
                                 int32_t begin, int32_t end)
{
    if (begin == end || !holds(end - 1, context)) {
        return end;
    }
    for (--end; begin < end;) {
        const int32_t middle = begin + (end - begin) / 2;
        if (holds(middle, context)) {
            end = middle;
        } else {
            begin = middle + 1;
        }
    }
    return end;
}

static bool reached_elsewhere(int32_t n, const void *context)
{
    const struct node *from = context;
    return nodes[n].before_elsewhere != NULL &&
           view_covers(nodes[n].before_elsewhere, from->event->thread, from->next_elsewhere);
}

static bool node_after(int32_t n, const void *context)
{
    const struct node *from = context;
    return happens_before(from->event, nodes[n].event);
}

static bool fence_reached(int32_t i, const void *context)
{
    const struct node *from = context;
    const int32_t column = columns[from->event->location];
    return column >= 0 && reaches[i * column_count + column].last_write_before > from->number;
}

static void access_successors(const struct node *node)
{
    const struct event *a = node->event;
    for (int t = 0; t < graph->threads; ++t) {
        const int32_t begin = first_node[t], end = first_node[t + 1];
        if (t == a->thread || begin == end) {
            continue;
        }
        int32_t first = end;
        if (node->next_elsewhere != NEVER) {
            first = first_that(reached_elsewhere, node, begin, end);
        }
        for (int32_t n = first_that(node_after, node, begin, first); n < first; ++n) {
            if (same_location(a, nodes[n].event)) {
                first = n;
            }
        }
        const int32_t end_fence = first_fence[t + 1];
        const int32_t i = first_that(fence_reached, node, first_fence[t], end_fence);
        if (i < end_fence && fences[i] < first) {
            first = fences[i];
        }
        least[t] = first;
    }
    lead_to_write(a->location, node->number);
}

/* Is something that the one fence happens before eco-before something that happens before the other? By
 * their rows.
 */
static bool related(int32_t from, int32_t to)
{
    const struct reach *mine = &reaches[from * column_count];
    const struct reach *its = &reaches[to * column_count];
    for (int32_t c = 0; c < column_count; ++c) {
        if (mine[c].least_after < its[c].most_before) {
            return true;
        }
    }
    return false;
}

static bool fence_related(int32_t i, const void *context)
{
    const struct node *from = context;
    return related(from->fence, i);
}

static void fence_successors(const struct node *node)
{
    for (int t = 0; t < graph->threads; ++t) {
        const int32_t end = first_fence[t + 1];
        const int32_t i = first_that(fence_related, node, first_fence[t], end);
        if (t != node->event->thread && i < end) {
            least[t] = fences[i];
        }
    }
    const struct reach *row = &reaches[node->fence * column_count];
    for (int32_t c = 0; c < column_count; ++c) {
        if (row[c].least_after != NEVER) {
            lead_to_write(column_location[c], row[c].least_after);
        }
    }
}

/* What a light fence adds: edges to the node before it, and from the begin of a heavy one to that behind.
 */
static void light_successors(const struct node *node)
{
    const struct event *e = node->event;
    for (int32_t i = 0; i < light_count; ++i) {
        const struct node *light = &nodes[node_count + i];
        if (light->event->thread == e->thread) {
            continue;
        }
        if (e->kind == FENCE ? related(node->fence, light->fence)
                             : fence_reached(light->fence, node)) {
            search_edge(before_light(i));
        }
        if (e->order == HEAVY && node->other_end >= 0 &&
            related(nodes[node->other_end].fence, light->fence)) {
            search_edge(after_light(i));
        }
    }
    for (int32_t i = 0; i < heavy_count && light_count > 0 && e->order == HEAVY_END; ++i) {
        if (happens_before(e, nodes[heavies[i]].event)) {
            search_edge(heavies[i]);
        }
    }
}

static void before_light_successors(const struct node *light)
{
    for (int32_t i = 0; i < heavy_count; ++i) {
        const struct node *heavy = &nodes[heavies[i]];
        if (heavy->event->thread != light->event->thread && heavy->other_end >= 0 &&
            related(light->fence, heavy->fence)) {
            search_edge(heavy->other_end);
        }
    }
}

static void successors(int32_t n)
{
    const bool light = n >= node_count;
    if (light && n < after_light(0)) {
        before_light_successors(&nodes[n]);
        return;
    }
    const struct node *node = &nodes[light ? n - light_count : n];
    for (int t = 0; t < graph->threads; ++t) {
        least[t] = first_node[t + 1]; /* none */
    }
    if (!light) {
        least[node->event->thread] = n + 1;
    }
    if (node->event->kind == FENCE) {
        fence_successors(node);
    } else {
        access_successors(node);
    }
    light_successors(node);
    for (int t = 0; t < graph->threads; ++t) {
        if (least[t] < first_node[t + 1]) {
            search_edge(least[t]);
        }
    }
}

/* The last fence of a thread among its first events; -1: none. */
static int32_t last_fence_within(int thread, int32_t events_of_thread)
{
    int32_t i = first_fence[thread + 1];
    while (--i >= first_fence[thread]) {
        if (nodes[fences[i]].event->index < events_of_thread) {
            return fences[i];
        }
    }
    return -1;
}

/* A cycle that exists because of an event has it as a node, or passes from a fence before it by way of
 * it. From the last such fence of a thread one gets to whatever one gets to from the earlier ones, and
 * these lead to the last.
 */
static bool cycle_through(const struct event *e)
{
    for (int t = 0; t < graph->threads; ++t) {
        const int32_t n = last_fence_within(t, e->hb.at[t]);
        if (n >= 0 && search_cycle(n, successors)) {
            return true;
        }
    }
    return e->order == SEQ_CST && search_cycle(accesses[e - events].node, successors);
}

static bool is_concerned(const struct event *e)
{
    for (int32_t i = 0; i < light_count; ++i) {
        if (happens_before(nodes[node_count + i].event, e)) {
            return true;
        }
    }
    for (int t = 0; t < graph->threads; ++t) {
        if (last_fence_within(t, e->hb.at[t]) >= 0) {
            return true;
        }
    }
    return e->order == SEQ_CST;
}

bool psc_acyclic(const int32_t *suspects, int count)
{
    bool concerned = count == 0;
    find_nodes();
    for (int i = 0; i < count && !concerned; ++i) {
        concerned = is_concerned(&events[suspects[i]]);
    }
    if (!concerned || in_one_thread()) {
        return true;
    }
    describe_nodes();
    search_start(node_count + 2 * light_count);
    if (light_count > 0) {
        count = 0; /* too many ways that a cycle could take: look for any */
    }
    for (int i = 0; i < count; ++i) {
        if (cycle_through(&events[suspects[i]])) {
            return false;
        }
    }
    for (int32_t n = 0; n < node_count + 2 * light_count && count == 0; ++n) {
        if (search_cycle(n, successors)) {
            return false;
        }
    }
    return true;
}
