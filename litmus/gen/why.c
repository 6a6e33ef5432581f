/* why.c - reasons, put together from what the judge found in the one execution that the cycle is.
 *
 * Each sentence says something that was computed: who synchronises with whom, which communications
 * are left for coherence to forbid, which thread nobody else is told the order of. Where a person has
 * found better words they stand in the catalogue's plan, and take the place of these.
 */
#define _GNU_SOURCE
#include "why.h"

#include <string.h>

struct telling {
    FILE *f;
    const struct gen_cycle *cycle;
    const struct judge_verdicts *v;
    struct gen_layout layout;
};

static bool is_linked(const struct judge_verdicts *v, unsigned from, unsigned to)
{
    for (unsigned i = 0; i < v->link_count; ++i) {
        if (v->link[i].from == from && v->link[i].to == to) {
            return true;
        }
    }
    return false;
}

/* Does a release sequence carry the link past this thread: is it inside one? */
static bool is_carrier(const struct telling *t, unsigned thread)
{
    return gen_is_rmw(&t->cycle->edge[t->layout.first[thread]]) &&
           t->layout.first[thread + 1] - t->layout.first[thread] == 2;
}

static void tell_links(const struct telling *t)
{
    for (unsigned i = 0; i < t->v->link_count; ++i) {
        const struct judge_link *link = &t->v->link[i];
        fprintf(t->f, "%sP%u %swith P%u through %s",
                i == 0                      ? ""
                : i + 1 == t->v->link_count ? " and "
                                            : ", ",
                link->from, i == 0 ? "synchronises " : "", link->to, link->location);
    }
}

/* Forbidden. */

static void tell_coherence(const struct telling *t)
{
    const struct gen_edge *left = NULL;
    unsigned count = 0, location = 0;
    bool one_location = true;
    for (unsigned i = 0; i < t->cycle->count; ++i) {
        const struct gen_edge *edge = &t->cycle->edge[i];
        const unsigned next = (i + 1) % t->cycle->count;
        const unsigned from = t->layout.event[i].thread, to = t->layout.event[next].thread;
        if (!edge->external || (edge->kind == GEN_RF && is_linked(t->v, from, to)) ||
            is_carrier(t, from) || is_carrier(t, to)) {
            continue;
        }
        one_location = one_location && (count == 0 || location == t->layout.event[i].location);
        location = t->layout.event[i].location;
        left = edge;
        ++count;
    }
    tell_links(t);
    if (count == 0) {
        fputs(", so each would happen before itself.", t->f);
    } else if (count == 1 && left->kind == GEN_FR) {
        fprintf(t->f, ", so the load of %s cannot miss the store that happens before it.",
                gen_location_name(location));
    } else if (count == 1 && left->kind == GEN_CO) {
        fprintf(t->f, ", so the two stores of %s come in the other order.",
                gen_location_name(location));
    } else if (one_location) {
        fprintf(t->f, "; all agree on the order of the stores to %s, and that does the rest.",
                gen_location_name(location));
    } else {
        fputs("; the order of the stores to each location does the rest.", t->f);
    }
}

static const char *seq_cst_things(const struct judge_verdicts *v)
{
    return v->seq_cst_accesses == 0 ? "seq_cst fences"
           : v->seq_cst_fences == 0 ? "seq_cst accesses"
                                    : "seq_cst accesses and fences";
}

static void tell_forbidden(const struct telling *t)
{
    const struct judge_verdicts *v = t->v;
    if (gen_single_location(t->cycle)) {
        fputs("All threads agree on one order of the stores to a location, and each thread's own "
              "accesses follow it.",
              t->f);
    } else if (!v->coherent) {
        tell_coherence(t);
    } else {
        fprintf(t->f, "The %s stand in one total order, and this outcome would make it a circle",
                seq_cst_things(v));
        if (v->link_count != 0) {
            fputs(" (", t->f);
            tell_links(t);
            fputc(')', t->f);
        }
        fputc('.', t->f);
    }
    if (v->c17) {
        fputs(" C++20 and RC11 say so; C11 and C17 give a fence no power over another thread's "
              "store, and allow it.",
              t->f);
    }
}

/* Allowed. */

static const char *pair_name(const struct gen_cycle *cycle, unsigned from, unsigned end)
{
    const char first = cycle->edge[from].from, last = cycle->edge[end - 1].from;
    return first == 'W' ? (last == 'W' ? "stores" : "store and load")
                        : (last == 'R' ? "loads" : "load and store");
}

/* What is seq_cst in a thread, or NULL: a fence, else the access that makes an x86 wait. */
static bool has_seq_cst(const struct telling *t, unsigned thread)
{
    for (unsigned i = t->layout.first[thread]; i < t->layout.first[thread + 1]; ++i) {
        const bool inside = i + 1 < t->layout.first[thread + 1];
        if (t->cycle->access[i].order == LITMUS_SEQ_CST ||
            (inside && t->cycle->edge[i].fence == LITMUS_SEQ_CST)) {
            return true;
        }
    }
    return false;
}

/* The first thread of two accesses of which nobody learns the order. */
static bool tell_gap(const struct telling *t)
{
    for (unsigned i = 0; i < t->layout.threads; ++i) {
        bool free = t->layout.first[i + 1] - t->layout.first[i] > 1 && !has_seq_cst(t, i) &&
                    !is_carrier(t, i);
        for (unsigned k = 0; k < t->v->link_count; ++k) {
            free = free && t->v->link[k].from != i && t->v->link[k].to != i;
        }
        if (free) {
            fprintf(t->f, ", but nothing makes others see P%u's %s in order.", i,
                    pair_name(t->cycle, t->layout.first[i], t->layout.first[i + 1]));
            return true;
        }
    }
    return false;
}

static void tell_dependencies(const struct telling *t)
{
    bool data = false, control = false;
    for (unsigned i = 0; i < t->cycle->count; ++i) {
        data = data || t->cycle->edge[i].kind == GEN_DATA;
        control = control || t->cycle->edge[i].kind == GEN_CTRL;
    }
    if (data || control) {
        fprintf(t->f, " C11 takes no order from a %s dependency.",
                data && control ? "data or control"
                : data          ? "data"
                                : "control");
    }
}

static bool has_release(enum litmus_order order)
{
    return order == LITMUS_RELEASE || order == LITMUS_ACQ_REL || order == LITMUS_SEQ_CST;
}

static bool has_acquire(enum litmus_order order)
{
    return order == LITMUS_ACQUIRE || order == LITMUS_ACQ_REL || order == LITMUS_SEQ_CST;
}

/* Is the store a release, or behind a release fence? */
static bool is_released(const struct telling *t, unsigned store)
{
    bool found = has_release(t->cycle->access[store].order);
    for (unsigned i = t->layout.first[t->layout.event[store].thread]; i < store; ++i) {
        found =
            found || (t->cycle->edge[i].kind == GEN_FENCE && has_release(t->cycle->edge[i].fence));
    }
    return found;
}

/* Is the load an acquire, or before an acquire fence? */
static bool is_acquired(const struct telling *t, unsigned load)
{
    bool found = has_acquire(t->cycle->access[load].order);
    for (unsigned i = load; i + 1 < t->layout.first[t->layout.event[load].thread + 1]; ++i) {
        found =
            found || (t->cycle->edge[i].kind == GEN_FENCE && has_acquire(t->cycle->edge[i].fence));
    }
    return found;
}

static void tell_unlinked(const struct telling *t)
{
    bool reads = false, released = false, acquired = false, ordered = false;
    for (unsigned i = 0; i < t->cycle->count; ++i) {
        const struct gen_edge *edge = &t->cycle->edge[i];
        ordered = ordered || edge->kind == GEN_FENCE || t->cycle->access[i].exchange ||
                  t->cycle->access[i].order != LITMUS_RELAXED;
        if (edge->kind == GEN_RF && edge->external) {
            reads = true;
            released = released || is_released(t, i);
            acquired = acquired || is_acquired(t, (i + 1) % t->cycle->count);
        }
    }
    if (!ordered) {
        fputs("Nothing orders relaxed accesses to different locations.", t->f);
    } else if (!reads) {
        fputs("Nothing synchronises, for no load reads from another thread.", t->f);
    } else {
        fprintf(t->f, "Nothing synchronises: %s.",
                !released && !acquired ? "what is read was not released, and is not acquired"
                : !acquired            ? "what is read is not acquired"
                : !released            ? "what is read was not released"
                                       : "no acquire reads from a release");
    }
}

static void tell_allowed(const struct telling *t)
{
    const struct judge_verdicts *v = t->v;
    const unsigned seq_cst = v->seq_cst_accesses + v->seq_cst_fences;
    if (v->link_count == 0) {
        tell_unlinked(t);
    } else {
        tell_links(t);
        if (!tell_gap(t)) {
            fputs(", which does not close the cycle.", t->f);
        }
    }
    if (seq_cst == 1) {
        fprintf(t->f, " A lone seq_cst %s has no partner.",
                v->seq_cst_fences != 0 ? "fence" : "access");
    } else if (seq_cst > 1) {
        fprintf(t->f, " The %s alone make no circle.", seq_cst_things(v));
    }
    tell_dependencies(t);
    if (v->coherent && !v->coherent17) {
        fputs(" C17 and RC11 say that a release goes on through later stores of its thread to the "
              "same location; since C++20 it does not.",
              t->f);
        return;
    }
    if (!v->rc11) {
        fputs(" RC11 forbids every cycle of program order and reads-from.", t->f);
    }
    if (!v->c17) {
        fputs(" C++20 and RC11 let the order of seq_cst accesses disagree with happens-before "
              "through a weaker access (POWER needs it); C11 and C17 do not.",
              t->f);
    }
}

/* x86. */

enum { STORES, LOADS, LOAD_STORE, STORE_LOAD, SEEN, KINDS };

static unsigned kind_of_thread(const struct telling *t, unsigned thread)
{
    const unsigned from = t->layout.first[thread], end = t->layout.first[thread + 1];
    const char first = t->cycle->edge[from].from, last = t->cycle->edge[end - 1].from;
    return end - from == 1 ? SEEN
           : first == 'W'  ? (last == 'W' ? STORES : STORE_LOAD)
                           : (last == 'R' ? LOADS : LOAD_STORE);
}

/* Where an x86 waits until the store buffer is empty: of the threads that store, then load. */
static const char *drain(const struct telling *t)
{
    bool exchange = false, store = false, fence = false;
    for (unsigned i = 0; i < t->layout.threads; ++i) {
        for (unsigned k = t->layout.first[i];
             kind_of_thread(t, i) == STORE_LOAD && k < t->layout.first[i + 1]; ++k) {
            exchange = exchange || t->cycle->access[k].exchange;
            store = store ||
                    (t->cycle->edge[k].from == 'W' && t->cycle->access[k].order == LITMUS_SEQ_CST);
            fence = fence || t->cycle->edge[k].fence == LITMUS_SEQ_CST;
        }
    }
    return exchange         ? "empties its store buffer at every exchange"
           : store && fence ? "empties its store buffer at a seq_cst store or fence"
           : store          ? "empties its store buffer at a seq_cst store"
                            : "empties its store buffer at a seq_cst fence";
}

static void tell_x86(const struct telling *t)
{
    const char *words[KINDS] = {[STORES] = "keeps stores in order",
                                [LOADS] = "keeps loads in order",
                                [LOAD_STORE] = "lets no store pass an earlier load",
                                [STORE_LOAD] = drain(t),
                                [SEEN] = "shows a store to all other threads at once"};
    bool told[KINDS] = {false};
    unsigned kinds = 0, done = 0;
    for (unsigned i = 0; i < t->layout.threads; ++i) {
        const unsigned kind = kind_of_thread(t, i);
        kinds += !told[kind] && !is_carrier(t, i);
        told[kind] = told[kind] || !is_carrier(t, i);
    }
    if (told[STORES]) {
        words[LOADS] = "loads in order";
    }
    for (unsigned kind = 0; kind < KINDS; ++kind) {
        if (told[kind]) {
            fprintf(t->f, "%s%s",
                    done == 0           ? " x86 "
                    : done + 1 == kinds ? " and "
                                        : ", ",
                    words[kind]);
            ++done;
        }
    }
    fputc('.', t->f);
}

const char *gen_why(const struct gen_cycle *cycle, const struct judge_verdicts *verdicts, char *to,
                    size_t size)
{
    struct telling t = {.f = fmemopen(to, size, "w"), .cycle = cycle, .v = verdicts};
    *to = '\0';
    if (t.f == NULL) {
        return to;
    }
    (void)gen_lay_out(cycle, &t.layout);
    if (verdicts->c11) {
        tell_allowed(&t);
        if (verdicts->tso) {
            fputs(" On x86 the store buffer shows.", t.f);
        } else {
            tell_x86(&t);
        }
    } else {
        tell_forbidden(&t);
    }
    fclose(t.f);
    return to;
}
