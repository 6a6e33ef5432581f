/* enumerate.c - all critical cycles up to a size, each in its variants. */
#include "enumerate.h"

#include "cli/cli.h"
#include "shape.h"

#include <stdlib.h>
#include <string.h>

static bool add(struct enumerate_list *list, const struct gen_cycle *cycle)
{
    if (list->count == ENUMERATE_MOST) {
        return false;
    }
    if (list->count == list->room) {
        list->room = list->room == 0 ? 256 : 2 * list->room;
        list->cycle = realloc(list->cycle, list->room * sizeof *list->cycle);
        if (list->cycle == NULL) {
            cli_die(CLI_UNFIT, "out of memory");
        }
    }
    list->cycle[list->count++] = *cycle;
    return true;
}

/* Shapes: what follows a thread's last access on its way to the next thread's first. Where a store
 * stands between the two it is a thread of its own.
 */

static void push(struct gen_cycle *cycle, enum gen_kind kind, char from, char to)
{
    struct gen_edge *edge = &cycle->edge[cycle->count];
    edge->kind = kind;
    edge->external = kind != GEN_PO;
    edge->elsewhere = kind == GEN_PO;
    edge->from = from;
    edge->to = to;
    edge->fence = LITMUS_RELAXED;
    cycle->access[cycle->count++].order = LITMUS_RELAXED;
}

static bool is_new(const struct enumerate_list *list, const struct gen_cycle *cycle)
{
    for (size_t i = 0; i < list->count; ++i) {
        if (gen_same(&list->cycle[i], cycle)) {
            return false;
        }
    }
    return true;
}

struct growing {
    const struct enumerate_options *options;
    struct enumerate_list *list;
    struct gen_cycle cycle;
    unsigned threads;
};

static bool grow(struct growing *g);

/* A communication, or two with a store between them, to an access of this direction. */
static bool communicate(struct growing *g, char to, bool through_store, bool last)
{
    const struct growing before = *g;
    const char from = g->cycle.edge[g->cycle.count - 1].to;
    bool room = true;
    if (!through_store) {
        push(&g->cycle, from == 'R' ? GEN_FR : to == 'R' ? GEN_RF : GEN_CO, from, to);
    } else {
        push(&g->cycle, from == 'R' ? GEN_FR : GEN_CO, from, 'W');
        push(&g->cycle, GEN_RF, 'W', 'R');
        ++g->threads;
    }
    if (g->threads <= g->options->threads && g->cycle.count <= g->options->edges) {
        if (!last) {
            room = grow(g);
        } else {
            struct gen_cycle cycle = g->cycle;
            gen_normalise(&cycle);
            room = !is_new(g->list, &cycle) || add(g->list, &cycle);
        }
    }
    *g = before;
    return room;
}

/* From a thread's end: on to a next thread, or back to the first. */
static bool leave(struct growing *g)
{
    const char from = g->cycle.edge[g->cycle.count - 1].to, first = g->cycle.edge[0].from;
    for (const char *to = "RW"; *to != '\0'; ++to) {
        for (int through = *to == 'R' ? 1 : 0; through >= 0; --through) {
            if (from == 'R' && *to == 'R' && through == 0) {
                continue; /* two loads do not communicate */
            }
            if (!communicate(g, *to, through != 0, false) ||
                (*to == first && g->cycle.count > 1 && !communicate(g, *to, through != 0, true))) {
                return false;
            }
        }
    }
    return true;
}

static bool grow(struct growing *g)
{
    const struct growing before = *g;
    const char from = g->cycle.count == 0 ? '\0' : g->cycle.edge[g->cycle.count - 1].to;
    ++g->threads;
    bool room = true;
    if (g->threads <= g->options->threads && g->cycle.count + 2 <= g->options->edges) {
        const struct growing here = *g;
        for (const char *first = "RW"; room && *first != '\0'; ++first) {
            for (const char *last = "RW"; room && *last != '\0'; ++last) {
                if (from == '\0' || from == *first) {
                    push(&g->cycle, GEN_PO, *first, *last);
                    room = leave(g);
                    *g = here;
                }
            }
        }
    }
    *g = before;
    return room;
}

/* Variants. */

struct way {
    enum gen_kind kind;
    enum litmus_order fence, first, last;
};

#define MOST_WAYS 64u

static unsigned orders_of(const struct enumerate_options *options, char direction,
                          enum litmus_order *orders)
{
    unsigned count = 0;
    for (int o = LITMUS_RELAXED; o <= LITMUS_SEQ_CST; ++o) {
        const bool fits = o == LITMUS_RELAXED || o == LITMUS_SEQ_CST ||
                          o == (direction == 'R' ? LITMUS_ACQUIRE : LITMUS_RELEASE);
        if (fits && options->orders[o]) {
            orders[count++] = (enum litmus_order)o;
        }
    }
    if (count == 0) {
        orders[count++] = LITMUS_RELAXED;
    }
    return count;
}

/* What the thread that begins at access i may be. */
static unsigned ways_of(const struct enumerate_options *options, const struct gen_cycle *cycle,
                        unsigned i, struct way *ways)
{
    const struct gen_edge *edge = &cycle->edge[i];
    enum litmus_order first[LITMUS_PLAIN], last[LITMUS_PLAIN];
    unsigned count = 0;
    const unsigned firsts = orders_of(options, edge->from, first);
    const unsigned lasts = edge->kind == GEN_PO ? orders_of(options, edge->to, last) : 1;
    for (unsigned a = 0; a < firsts; ++a) {
        for (unsigned b = 0; b < lasts; ++b) {
            ways[count++] = (struct way){edge->kind, LITMUS_RELAXED, first[a],
                                         edge->kind == GEN_PO ? last[b] : LITMUS_RELAXED};
        }
    }
    for (int o = LITMUS_SEQ_CST; edge->kind == GEN_PO && o >= 0; --o) {
        if (options->fences[o]) {
            ways[count++] =
                (struct way){GEN_FENCE, (enum litmus_order)o, LITMUS_RELAXED, LITMUS_RELAXED};
        }
    }
    if (options->data && edge->kind == GEN_PO && edge->from == 'R' && edge->to == 'W') {
        ways[count++] = (struct way){GEN_DATA, LITMUS_RELAXED, LITMUS_RELAXED, LITMUS_RELAXED};
    }
    if (options->control && edge->kind == GEN_PO && edge->from == 'R') {
        ways[count++] = (struct way){GEN_CTRL, LITMUS_RELAXED, LITMUS_RELAXED, LITMUS_RELAXED};
    }
    return count;
}

static void go(struct gen_cycle *cycle, unsigned i, const struct way *way)
{
    cycle->access[i].order = way->first;
    if (cycle->edge[i].kind == GEN_PO) {
        cycle->edge[i].kind = way->kind;
        cycle->edge[i].fence = way->fence;
        cycle->access[(i + 1) % cycle->count].order = way->last;
    }
}

static bool vary(const struct enumerate_options *options, const struct gen_cycle *shape, unsigned i,
                 const struct gen_cycle *sofar, struct enumerate_list *list)
{
    struct way ways[MOST_WAYS];
    if (i >= shape->count) {
        struct gen_cycle cycle = *sofar;
        gen_normalise(&cycle);
        return add(list, &cycle);
    }
    const unsigned count = ways_of(options, shape, i, ways);
    const unsigned next = i + (shape->edge[i].kind == GEN_PO ? 2 : 1);
    for (unsigned k = 0; k < count; ++k) {
        struct gen_cycle cycle = *sofar;
        go(&cycle, i, &ways[k]);
        if (!vary(options, shape, next, &cycle, list)) {
            return false;
        }
    }
    return true;
}

/* The same way everywhere, as far as each thread can go it. */
static bool vary_alike(const struct enumerate_options *options, const struct gen_cycle *shape,
                       struct enumerate_list *list)
{
    struct enumerate_options one;
    for (int which = 0; which < 2 * LITMUS_PLAIN + 2; ++which) {
        memset(&one, 0, sizeof one);
        const int o = which % LITMUS_PLAIN;
        if (which < LITMUS_PLAIN) {
            one.orders[o] = options->orders[o];
            if (o == LITMUS_ACQUIRE) { /* acquire and release are one way: ra */
                one.orders[LITMUS_RELEASE] = options->orders[LITMUS_RELEASE];
            }
            if (!one.orders[o] || (o == LITMUS_RELEASE && options->orders[LITMUS_ACQUIRE])) {
                continue;
            }
        } else if (which < 2 * LITMUS_PLAIN) {
            one.fences[o] = options->fences[o];
            if (!one.fences[o]) {
                continue;
            }
        } else {
            one.data = which == 2 * LITMUS_PLAIN && options->data;
            one.control = which == 2 * LITMUS_PLAIN + 1 && options->control;
            if (!one.data && !one.control) {
                continue;
            }
        }
        struct gen_cycle cycle = *shape;
        for (unsigned i = 0; i < shape->count;) {
            struct way ways[MOST_WAYS];
            go(&cycle, i, &ways[ways_of(&one, shape, i, ways) - 1]);
            i += shape->edge[i].kind == GEN_PO ? 2 : 1;
        }
        gen_normalise(&cycle);
        if (!add(list, &cycle)) {
            return false;
        }
    }
    return true;
}

struct sorting {
    struct gen_cycle cycle;
    unsigned threads;
    char name[200];
};

static int compare(const void *a, const void *b)
{
    const struct sorting *x = a, *y = b;
    const int edges = (int)x->cycle.count - (int)y->cycle.count;
    const int threads = (int)x->threads - (int)y->threads;
    return threads != 0 ? threads : edges != 0 ? edges : strcmp(x->name, y->name);
}

static void sort_and_thin(struct enumerate_list *list)
{
    struct sorting *sorting = calloc(list->count + 1, sizeof *sorting);
    size_t kept = 0;
    if (sorting == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    for (size_t i = 0; i < list->count; ++i) {
        struct gen_layout layout;
        (void)gen_lay_out(&list->cycle[i], &layout);
        sorting[i].cycle = list->cycle[i];
        sorting[i].threads = layout.threads;
        gen_name(&list->cycle[i], sorting[i].name, sizeof sorting[i].name);
    }
    qsort(sorting, list->count, sizeof *sorting, compare);
    for (size_t i = 0; i < list->count; ++i) {
        if (kept == 0 || !gen_same(&list->cycle[kept - 1], &sorting[i].cycle)) {
            list->cycle[kept++] = sorting[i].cycle;
        }
    }
    list->count = kept;
    free(sorting);
}

bool enumerate(const struct enumerate_options *options, struct enumerate_list *list)
{
    struct enumerate_list shapes = {NULL, 0, 0};
    struct growing g = {.options = options, .list = &shapes};
    memset(list, 0, sizeof *list);
    bool room = grow(&g);
    for (size_t i = 0; room && i < shapes.count; ++i) {
        room = options->uniform ? vary_alike(options, &shapes.cycle[i], list)
                                : vary(options, &shapes.cycle[i], 0, &shapes.cycle[i], list);
    }
    free(shapes.cycle);
    if (room) {
        sort_and_thin(list);
    }
    return room;
}
