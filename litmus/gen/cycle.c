/* cycle.c - a cycle's rotation, and what its edges make of threads, locations and values. */
#include "cycle.h"

#include <string.h>

bool gen_is_rmw(const struct gen_edge *edge)
{
    return edge->kind == GEN_EXCHANGE || edge->kind == GEN_ADD;
}

bool gen_is_communication(const struct gen_edge *edge)
{
    return edge->kind >= GEN_RF;
}

bool gen_single_location(const struct gen_cycle *cycle)
{
    for (unsigned i = 0; i < cycle->count; ++i) {
        if (cycle->edge[i].elsewhere) {
            return false;
        }
    }
    return true;
}

bool gen_same(const struct gen_cycle *a, const struct gen_cycle *b)
{
    bool same = a->count == b->count;
    for (unsigned i = 0; same && i < a->count; ++i) {
        const struct gen_edge *e = &a->edge[i], *f = &b->edge[i];
        same = e->kind == f->kind && e->external == f->external && e->elsewhere == f->elsewhere &&
               e->from == f->from && e->to == f->to && e->fence == f->fence &&
               a->access[i].order == b->access[i].order &&
               a->access[i].exchange == b->access[i].exchange;
    }
    return same;
}

const char *gen_location_name(unsigned location)
{
    static const char *const names[] = {"x", "y", "z", "a", "b", "c", "d", "e",
                                        "f", "g", "h", "i", "j", "k", "l", "m"};
    return names[location];
}

/* Rotations. */

static unsigned external_count(const struct gen_cycle *cycle)
{
    unsigned count = 0;
    for (unsigned i = 0; i < cycle->count; ++i) {
        count += cycle->edge[i].external;
    }
    return count;
}

/* May a thread begin at access i: does a thread end with the edge before it? A cycle of one thread is
 * closed by its one communication.
 */
static bool begins_thread(const struct gen_cycle *cycle, unsigned i)
{
    const struct gen_edge *before = &cycle->edge[(i + cycle->count - 1) % cycle->count];
    return external_count(cycle) != 0 ? before->external : gen_is_communication(before);
}

static struct gen_cycle rotated(const struct gen_cycle *cycle, unsigned by)
{
    struct gen_cycle result = {.count = cycle->count};
    for (unsigned i = 0; i < cycle->count; ++i) {
        result.edge[i] = cycle->edge[(i + by) % cycle->count];
        result.access[i] = cycle->access[(i + by) % cycle->count];
    }
    return result;
}

/* Where the thread that begins at `from` ends: after its last edge. */
static unsigned thread_end(const struct gen_cycle *cycle, unsigned from)
{
    while (++from < cycle->count && !begins_thread(cycle, from)) {
    }
    return from;
}

/* The order of threads by their first and last access is that of diy7, so that families are written
 * and named as they are everywhere: W, WW, RR, RW, WR, R.
 */
static int rank_of_ends(const struct gen_cycle *cycle, unsigned from, unsigned end)
{
    const char first = cycle->edge[from].from, last = cycle->edge[end - 1].from;
    if (end - from == 1) {
        return first == 'W' ? 0 : 5;
    }
    return first == 'W' ? (last == 'W' ? 1 : 4) : (last == 'R' ? 2 : 3);
}

static int strength(const struct gen_access *access)
{
    static const int strengths[] = {[LITMUS_RELAXED] = 0,
                                    [LITMUS_ACQUIRE] = 1,
                                    [LITMUS_RELEASE] = 1,
                                    [LITMUS_ACQ_REL] = 2,
                                    [LITMUS_SEQ_CST] = 3};
    return 2 * strengths[access->order] + access->exchange;
}

static int compare_ends(const struct gen_cycle *a, const struct gen_cycle *b)
{
    for (unsigned i = 0, k = 0; i < a->count && k < b->count;) {
        const unsigned end_a = thread_end(a, i), end_b = thread_end(b, k);
        const int order = rank_of_ends(a, i, end_a) - rank_of_ends(b, k, end_b);
        if (order != 0) {
            return order;
        }
        i = end_a;
        k = end_b;
    }
    return 0;
}

static int compare_edges(const struct gen_cycle *a, const struct gen_cycle *b)
{
    for (unsigned i = 0; i < a->count; ++i) {
        const struct gen_edge *e = &a->edge[i], *f = &b->edge[i];
        int order = (int)e->kind - (int)f->kind;
        order = order != 0 ? order : (int)e->elsewhere - (int)f->elsewhere;
        order = order != 0 ? order : e->from - f->from;
        order = order != 0 ? order : e->to - f->to;
        order = order != 0 ? order : (int)f->fence - (int)e->fence;
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* The stronger first, looking at a thread's last access before its first: LB+rel+acq. */
static int compare_accesses(const struct gen_cycle *a, const struct gen_cycle *b)
{
    for (unsigned i = 0; i < a->count;) {
        const unsigned end = thread_end(a, i);
        for (unsigned k = end; k-- > i;) {
            const int order = strength(&b->access[k]) - strength(&a->access[k]);
            if (order != 0) {
                return order;
            }
        }
        i = end;
    }
    return 0;
}

static int compare(const struct gen_cycle *a, const struct gen_cycle *b)
{
    int order = compare_ends(a, b);
    order = order != 0 ? order : (int)thread_end(a, 0) - (int)thread_end(b, 0);
    order = order != 0 ? order : compare_edges(a, b);
    return order != 0 ? order : compare_accesses(a, b);
}

void gen_normalise(struct gen_cycle *cycle)
{
    struct gen_cycle best;
    bool any = false;
    for (unsigned by = 0; by < cycle->count; ++by) {
        if (begins_thread(cycle, by)) {
            const struct gen_cycle other = rotated(cycle, by);
            if (!any || compare(&other, &best) < 0) {
                best = other;
                any = true;
            }
        }
    }
    if (any) {
        *cycle = best;
    }
}

/* The layout. */

/* Where counting begins: an access at which a location is entered. In a cycle of one location that is
 * behind program order, the edge that contradicts the others.
 */
static unsigned start_of_location(const struct gen_cycle *cycle)
{
    const bool single = gen_single_location(cycle);
    for (unsigned i = 0; i < cycle->count; ++i) {
        const struct gen_edge *edge = &cycle->edge[i];
        if (edge->elsewhere || (single && !gen_is_communication(edge) && !gen_is_rmw(edge))) {
            return (i + 1) % cycle->count;
        }
    }
    return 0;
}

/* Along a location's accesses each store is the next one in the location's order, and each load sees
 * the last one passed.
 */
static void give_values(const struct gen_cycle *cycle, struct gen_layout *layout)
{
    const unsigned start = start_of_location(cycle);
    int value = 0;
    for (unsigned k = 0; k < cycle->count; ++k) {
        const unsigned i = (start + k) % cycle->count;
        value += cycle->edge[i].from == 'W';
        layout->event[i].value = value;
        if (cycle->edge[i].elsewhere) {
            value = 0;
        }
    }
}

static void give_locations(const struct gen_cycle *cycle, struct gen_layout *layout)
{
    unsigned location = 0, leaving = 0;
    for (unsigned i = 0; i < cycle->count; ++i) {
        leaving += cycle->edge[i].elsewhere;
    }
    layout->locations = leaving == 0 ? 1 : leaving;
    memset(layout->stores, 0, sizeof layout->stores);
    for (unsigned i = 0; i < cycle->count; ++i) {
        layout->event[i].location = location;
        layout->stores[location] += cycle->edge[i].from == 'W';
        if (cycle->edge[i].elsewhere) {
            location = (location + 1) % layout->locations;
        }
    }
}

static const char *give_threads(const struct gen_cycle *cycle, struct gen_layout *layout)
{
    unsigned reg = 0;
    layout->threads = 0;
    for (unsigned i = 0; i < cycle->count; ++i) {
        if (i == 0 || begins_thread(cycle, i)) {
            if (layout->threads == GEN_MOST_THREADS) {
                return "more than 8 threads";
            }
            layout->first[layout->threads++] = i;
            reg = 0;
        }
        layout->event[i].thread = layout->threads - 1;
        layout->event[i].reg = reg;
        reg += cycle->edge[i].from == 'R' || cycle->access[i].exchange;
    }
    layout->first[layout->threads] = cycle->count;
    return NULL;
}

/* The last store to a location is told by the location's final value. Of those before it each must be
 * followed by one of its own thread, or by a read-modify-write that read it: else nothing that a
 * condition can name tells their order.
 */
static const char *check_stores(const struct gen_cycle *cycle, const struct gen_layout *layout)
{
    const unsigned start = start_of_location(cycle), n = cycle->count;
    unsigned before[GEN_MOST_EDGES] = {0}; /* a location's last store, plus one */
    for (unsigned k = 0; k < n; ++k) {
        const unsigned i = (start + k) % n, location = layout->event[i].location;
        if (cycle->edge[i].from != 'W') {
            continue;
        }
        const unsigned last = before[location];
        const bool told = last == 0 || gen_is_rmw(&cycle->edge[(i + n - 1) % n]) ||
                          layout->event[last - 1].thread == layout->event[i].thread ||
                          (unsigned)layout->event[i].value == layout->stores[location];
        if (!told) {
            return "three stores to one location, and no final value tells the order of the first "
                   "two";
        }
        before[location] = i + 1;
    }
    return NULL;
}

const char *gen_lay_out(const struct gen_cycle *cycle, struct gen_layout *layout)
{
    const char *wrong = give_threads(cycle, layout);
    if (wrong == NULL) {
        give_locations(cycle, layout);
        give_values(cycle, layout);
        wrong = check_stores(cycle, layout);
    }
    return wrong;
}
