/* relation.c - the definitions of RC11 (PLDI 2017), SC and x86-TSO, to the letter and without haste.
 */
#include "relation.h"

#include <string.h>

static const struct relation empty;

static bool is_write(const struct event *e)
{
    return e->kind == WRITE;
}

static bool is_access(const struct event *e)
{
    return e->kind == WRITE || e->kind == READ;
}

static bool same_location(const struct event *a, const struct event *b)
{
    return is_access(a) && is_access(b) && a->location == b->location;
}

static bool is_sc(const struct event *e)
{
    return e->order == SEQ_CST && (is_access(e) || e->kind == FENCE);
}

static bool is_sc_fence(const struct event *e)
{
    return e->order == SEQ_CST && e->kind == FENCE;
}

void relation_unite(struct relation *into, const struct relation *from)
{
    for (int32_t a = 0; a < event_count; ++a) {
        into->row[a] |= from->row[a];
    }
}

void relation_compose(struct relation *into, const struct relation *first,
                      const struct relation *second)
{
    struct relation product = empty;
    for (int32_t a = 0; a < event_count; ++a) {
        for (uint64_t rest = first->row[a]; rest != 0; rest &= rest - 1) {
            product.row[a] |= second->row[__builtin_ctzll(rest)];
        }
    }
    *into = product;
}

void relation_close(struct relation *r)
{
    for (int32_t b = 0; b < event_count; ++b) {
        for (int32_t a = 0; a < event_count; ++a) {
            if (related(r, a, b)) {
                r->row[a] |= r->row[b];
            }
        }
    }
}

bool relation_irreflexive(const struct relation *r)
{
    for (int32_t a = 0; a < event_count; ++a) {
        if (related(r, a, a)) {
            return false;
        }
    }
    return true;
}

static void reflexive(struct relation *r)
{
    for (int32_t a = 0; a < event_count; ++a) {
        relate(r, a, a);
    }
}

static void identity(struct relation *r, bool (*of)(const struct event *))
{
    *r = empty;
    for (int32_t a = 0; a < event_count; ++a) {
        if (of(&events[a])) {
            relate(r, a, a);
        }
    }
}

void relation_program_order(struct relation *r)
{
    *r = empty;
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (events[a].thread == events[b].thread && events[a].index < events[b].index) {
                relate(r, a, b);
            }
        }
    }
}

void relation_reads_from(struct relation *r)
{
    *r = empty;
    for (int32_t b = 0; b < event_count; ++b) {
        const struct event *e = &events[b];
        if ((e->kind == READ || e->kind == START || e->kind == JOIN) && e->rf != INITIAL) {
            relate(r, e->rf, b);
        }
    }
}

static int32_t position(int32_t name)
{
    return co_position(place_of(&events[name]), name);
}

void relation_coherence(struct relation *r)
{
    *r = empty;
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (is_write(&events[a]) && is_write(&events[b]) &&
                same_location(&events[a], &events[b]) && position(a) < position(b)) {
                relate(r, a, b);
            }
        }
    }
}

void relation_from_read(struct relation *r)
{
    *r = empty;
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (events[a].kind == READ && is_write(&events[b]) &&
                same_location(&events[a], &events[b]) &&
                (events[a].rf == INITIAL || position(events[a].rf) < position(b))) {
                relate(r, a, b);
            }
        }
    }
}

/* rf u co u fr u co;rf u fr;rf, of reads and writes. */
void relation_eco(struct relation *r)
{
    struct relation rf = empty, write;
    for (int32_t b = 0; b < event_count; ++b) {
        if (events[b].kind == READ && events[b].rf != INITIAL) {
            relate(&rf, events[b].rf, b);
        }
    }
    relation_coherence(r);
    relation_from_read(&write);
    relation_unite(r, &write);
    write = rf;
    relation_compose(&write, r, &rf);
    relation_unite(r, &write);
    relation_unite(r, &rf);
}

static bool releases(const struct event *e)
{
    return is_release(e->order) && (e->kind == WRITE || e->kind == FENCE);
}

static bool acquires(const struct event *e)
{
    return is_acquire(e->order) && (e->kind == READ || e->kind == FENCE);
}

static bool is_fence(const struct event *e)
{
    return e->kind == FENCE;
}

static bool is_relaxed_write(const struct event *e)
{
    return e->kind == WRITE && e->order != PLAIN;
}

static bool is_relaxed_read(const struct event *e)
{
    return e->kind == READ && e->order != PLAIN;
}

/* rs = [W]; (sb within a location)?; [W rlx]; (rf; rmw)* */
static void release_sequences(struct relation *rs)
{
    struct relation sb, step = empty, filter;
    relation_program_order(&sb);
    identity(rs, is_write);
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (related(&sb, a, b) && is_write(&events[a]) &&
                same_location(&events[a], &events[b])) {
                relate(rs, a, b);
            }
        }
    }
    identity(&filter, is_relaxed_write);
    relation_compose(rs, rs, &filter);
    for (int32_t b = 0; b < event_count; ++b) {
        if (is_write(&events[b]) && events[b].rmw && po_previous(&events[b])->rf != INITIAL) {
            relate(&step, po_previous(&events[b])->rf, b);
        }
    }
    relation_close(&step);
    reflexive(&step);
    relation_compose(rs, rs, &step);
}

/* hb = (sb u sw u create/join)+,  sw = [rel]; ([F]; sb)?; rs; rf; [R rlx]; (sb; [F])?; [acq] */
void relation_happens_before(struct relation *hb)
{
    struct relation sb, rf, sw, fence, filter;
    relation_program_order(&sb);
    relation_reads_from(&rf);
    release_sequences(&sw);
    identity(&filter, is_fence);
    relation_compose(&fence, &filter, &sb);
    reflexive(&fence);
    relation_compose(&sw, &fence, &sw);
    identity(&fence, releases);
    relation_compose(&sw, &fence, &sw);
    relation_compose(&sw, &sw, &rf);
    identity(&fence, is_relaxed_read);
    relation_compose(&sw, &sw, &fence);
    relation_compose(&fence, &sb, &filter);
    reflexive(&fence);
    relation_compose(&sw, &sw, &fence);
    identity(&fence, acquires);
    relation_compose(&sw, &sw, &fence);
    *hb = sb;
    relation_unite(hb, &sw);
    for (int32_t b = 0; b < event_count; ++b) {
        if ((events[b].kind == START || events[b].kind == JOIN) && events[b].rf != INITIAL) {
            relate(hb, events[b].rf, b);
        }
    }
    relation_close(hb);
}

static void scb(struct relation *into, const struct relation *hb)
{
    struct relation sb, part;
    relation_program_order(&sb);
    *into = sb;
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (same_location(&events[a], &events[b])) {
                sb.row[a] &= ~(UINT64_C(1) << b); /* from here on it is sb/=loc */
                if (related(hb, a, b)) {
                    relate(into, a, b);
                }
            }
        }
    }
    relation_compose(&part, &sb, hb);
    relation_compose(&part, &part, &sb);
    relation_unite(into, &part);
    relation_coherence(&part);
    relation_unite(into, &part);
    relation_from_read(&part);
    relation_unite(into, &part);
}

static bool psc_is_acyclic(void)
{
    struct relation hb, hb_or_same, fence, psc, left, right, between;
    relation_happens_before(&hb);
    hb_or_same = hb;
    reflexive(&hb_or_same);
    identity(&fence, is_sc_fence);
    relation_compose(&left, &fence, &hb_or_same);
    relation_compose(&right, &hb_or_same, &fence);
    identity(&psc, is_sc);
    relation_unite(&left, &psc);
    relation_unite(&right, &psc);
    scb(&between, &hb);
    relation_compose(&psc, &left, &between);
    relation_compose(&psc, &psc, &right);
    relation_eco(&between);
    relation_compose(&between, &hb, &between);
    relation_compose(&between, &between, &hb);
    relation_unite(&between, &hb);
    relation_compose(&between, &fence, &between);
    relation_compose(&between, &between, &fence);
    relation_unite(&psc, &between);
    relation_close(&psc);
    return relation_irreflexive(&psc);
}

static bool is_sequentially_consistent(void)
{
    struct relation all, part;
    relation_program_order(&all);
    relation_reads_from(&part);
    relation_unite(&all, &part);
    relation_eco(&part);
    relation_unite(&all, &part);
    relation_close(&all);
    return relation_irreflexive(&all);
}

/* Empties the store buffer. */
static bool drains(const struct event *e)
{
    return is_sc_fence(e) || e->kind == CREATE || e->kind == END || (is_access(e) && e->rmw) ||
           (e->kind == WRITE && e->order == SEQ_CST);
}

/* Fences that drain nothing, and choices, are no part of the machine's order. */
static bool counts(const struct event *e)
{
    return e->kind != CHOICE && (e->kind != FENCE || is_sc_fence(e));
}

static bool preserved(const struct event *a, const struct event *b)
{
    const struct names *names = &graph->thread[a->thread];
    if (a->kind != WRITE || (b->kind != READ && b->kind != JOIN && b->kind != START)) {
        return true;
    }
    for (int32_t i = a->index; i <= b->index; ++i) {
        if (drains(&events[names->at[i]])) {
            return true;
        }
    }
    return false;
}

static bool is_total_store_order(void)
{
    struct relation all, part;
    relation_program_order(&all);
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (related(&all, a, b) && (!counts(&events[a]) || !counts(&events[b]) ||
                                        !preserved(&events[a], &events[b]))) {
                all.row[a] &= ~(UINT64_C(1) << b);
            }
        }
    }
    relation_reads_from(&part);
    for (int32_t a = 0; a < event_count; ++a) {
        for (int32_t b = 0; b < event_count; ++b) {
            if (related(&part, a, b) && events[a].thread != events[b].thread) {
                relate(&all, a, b);
            }
        }
    }
    relation_coherence(&part);
    relation_unite(&all, &part);
    relation_from_read(&part);
    relation_unite(&all, &part);
    relation_close(&all);
    return relation_irreflexive(&all);
}

bool reference_allows(enum model model)
{
    switch (model) {
    case MODEL_RC11:
        return psc_is_acyclic();
    case MODEL_SC:
        return is_sequentially_consistent();
    case MODEL_TSO:
        return is_total_store_order();
    case MODEL_RA:
        break;
    }
    return true;
}
