/* execution.c - relations over at most 32 events, and the axioms of each model. */
#include "execution.h"

#include <string.h>

typedef uint32_t relation[EXECUTION_MOST];

static uint32_t bit(unsigned i)
{
    return (uint32_t)1 << i;
}

static bool has(const uint32_t *r, unsigned a, unsigned b)
{
    return (r[a] & bit(b)) != 0;
}

static void compose(uint32_t *result, const uint32_t *a, const uint32_t *b)
{
    relation made;
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        made[i] = 0;
        for (uint32_t rest = a[i]; rest != 0; rest &= rest - 1) {
            made[i] |= b[__builtin_ctz(rest)];
        }
    }
    memcpy(result, made, sizeof made);
}

static void unite(uint32_t *result, const uint32_t *more)
{
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        result[i] |= more[i];
    }
}

static void close(uint32_t *r)
{
    for (unsigned k = 0; k < EXECUTION_MOST; ++k) {
        for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
            if (has(r, i, k)) {
                r[i] |= r[k];
            }
        }
    }
}

static bool irreflexive(const uint32_t *r)
{
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        if (has(r, i, i)) {
            return false;
        }
    }
    return true;
}

static bool acyclic(const uint32_t *r)
{
    relation closed;
    memcpy(closed, r, sizeof closed);
    close(closed);
    return irreflexive(closed);
}

static bool is_seq_cst(const struct execution_event *e)
{
    return e->order == LITMUS_SEQ_CST && e->thread >= 0;
}

static bool releases(const struct execution_event *e)
{
    return (e->writes || e->fence) &&
           (e->order == LITMUS_RELEASE || e->order == LITMUS_ACQ_REL || e->order == LITMUS_SEQ_CST);
}

static bool acquires(const struct execution_event *e)
{
    return (e->reads || e->fence) &&
           (e->order == LITMUS_ACQUIRE || e->order == LITMUS_ACQ_REL || e->order == LITMUS_SEQ_CST);
}

static bool is_rmw(const struct execution_event *e)
{
    return e->reads && e->writes;
}

static bool same_location(const struct execution *x, unsigned a, unsigned b)
{
    return !x->event[a].fence && !x->event[b].fence && x->event[a].location == x->event[b].location;
}

/* The events of which something holds, as a relation of each with itself. */
static void identity(const struct execution *x, uint32_t *result,
                     bool (*holds)(const struct execution_event *))
{
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        result[i] = i < x->count && holds(&x->event[i]) ? bit(i) : 0;
    }
}

/* Synchronisation. A release sequence is a store, later stores of its thread to the same location (own;
 * C++20 dropped these), and the read-modify-writes that read from one another.
 */
static void derive_sw(const struct execution *x, bool own, uint32_t *sw)
{
    relation head, sequence, tail, step;
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        head[i] = sequence[i] = tail[i] = step[i] = 0;
    }
    for (unsigned a = 0; a < x->count; ++a) {
        const struct execution_event *e = &x->event[a];
        if (e->thread < 0) {
            continue;
        }
        head[a] = e->writes && releases(e) ? bit(a) : 0;
        tail[a] = e->reads && acquires(e) ? bit(a) : 0;
        for (unsigned b = 0; b < x->count; ++b) {
            const struct execution_event *f = &x->event[b];
            if (has(x->sb, a, b)) {
                head[a] |= e->fence && releases(e) && f->writes ? bit(b) : 0;
                tail[a] |= e->reads && f->fence && acquires(f) ? bit(b) : 0;
                sequence[a] |= own && e->writes && f->writes && same_location(x, a, b) ? bit(b) : 0;
            }
            step[a] |= has(x->rf, a, b) && is_rmw(f) ? bit(b) : 0;
        }
        sequence[a] |= e->writes ? bit(a) : 0;
    }
    close(step);
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        step[i] |= bit(i);
    }
    compose(sw, head, sequence);
    compose(sw, sw, step);
    compose(sw, sw, x->rf);
    compose(sw, sw, tail);
    for (unsigned a = 0; a < x->count; ++a) {
        for (unsigned b = 0; b < x->count; ++b) {
            if (x->event[a].thread == x->event[b].thread) {
                sw[a] &= ~bit(b);
            }
        }
    }
}

static bool is_atomic(const struct execution *x)
{
    relation between;
    compose(between, x->fr, x->co);
    for (unsigned i = 0; i < x->count; ++i) {
        if (is_rmw(&x->event[i]) && has(between, i, i)) {
            return false;
        }
    }
    return true;
}

/* happens-before, and whether coherence bears it. */
static bool derive_hb(const struct execution *x, const uint32_t *sw, uint32_t *hb)
{
    relation broken;
    memcpy(hb, x->sb, sizeof broken);
    unite(hb, sw);
    close(hb);
    compose(broken, hb, x->eco);
    return irreflexive(hb) && irreflexive(broken) && irreflexive(x->eco) && is_atomic(x);
}

void execution_derive(struct execution *x)
{
    relation uniproc;
    memset(x->fr, 0, sizeof x->fr);
    for (unsigned w = 0; w < x->count; ++w) {
        for (unsigned r = 0; r < x->count; ++r) {
            if (has(x->rf, w, r)) {
                x->fr[r] = x->co[w] & ~bit(r);
            }
        }
    }
    memcpy(x->eco, x->rf, sizeof x->eco);
    unite(x->eco, x->co);
    unite(x->eco, x->fr);
    memcpy(uniproc, x->eco, sizeof uniproc);
    close(x->eco);
    derive_sw(x, false, x->sw);
    derive_sw(x, true, x->sw17);
    x->coherent = derive_hb(x, x->sw, x->hb);
    x->coherent17 = derive_hb(x, x->sw17, x->hb17);
    for (unsigned a = 0; a < x->count; ++a) {
        for (unsigned b = 0; b < x->count; ++b) {
            uniproc[a] |= has(x->sb, a, b) && same_location(x, a, b) ? bit(b) : 0;
        }
    }
    x->possible = acyclic(uniproc) && is_atomic(x);
}

/* [atomics.order] of C++20: an order S of the seq_cst operations exists if what it must contain has no
 * cycle: what strongly happens before, and what coherence orders, between the operations or between
 * fences before and after.
 */
bool execution_c11(const struct execution *x)
{
    relation strongly, around, before, after, s;
    memcpy(strongly, x->sb, sizeof strongly);
    compose(around, x->sb, x->hb);
    compose(around, around, x->sb);
    unite(strongly, around);
    for (unsigned a = 0; a < EXECUTION_MOST; ++a) {
        before[a] = after[a] = 0;
        for (unsigned b = 0; a < x->count && b < x->count; ++b) {
            const struct execution_event *e = &x->event[a], *f = &x->event[b];
            const bool plain = !e->fence && !f->fence;
            strongly[a] |= plain && is_seq_cst(e) && is_seq_cst(f) && has(x->sw, a, b) ? bit(b) : 0;
            before[a] |= is_seq_cst(e) && (a == b || (e->fence && has(x->hb, a, b))) ? bit(b) : 0;
            after[a] |= is_seq_cst(f) && (a == b || (f->fence && has(x->hb, a, b))) ? bit(b) : 0;
        }
    }
    close(strongly);
    compose(s, before, x->eco);
    compose(s, s, after);
    for (unsigned a = 0; a < x->count; ++a) {
        for (unsigned b = 0; b < x->count; ++b) {
            s[a] |= is_seq_cst(&x->event[a]) && is_seq_cst(&x->event[b]) ? strongly[a] & bit(b) : 0;
        }
    }
    return x->coherent && acyclic(s);
}

/* RC11's axiom on seq_cst. */
static bool seq_cst_fits(const struct execution *x)
{
    relation accesses, fences, elsewhere, scb, before, after, psc, psc_fences;
    identity(x, accesses, is_seq_cst);
    for (unsigned i = 0; i < EXECUTION_MOST; ++i) {
        fences[i] = i < x->count && x->event[i].fence ? accesses[i] : 0;
        elsewhere[i] = scb[i] = 0;
        for (unsigned k = 0; i < x->count && k < x->count; ++k) {
            elsewhere[i] |= has(x->sb, i, k) && !same_location(x, i, k) ? bit(k) : 0;
            scb[i] |= has(x->hb17, i, k) && same_location(x, i, k) ? bit(k) : 0;
        }
    }
    compose(before, elsewhere, x->hb17);
    compose(before, before, elsewhere);
    unite(scb, before);
    unite(scb, x->sb);
    unite(scb, x->co);
    unite(scb, x->fr);
    compose(before, fences, x->hb17);
    unite(before, accesses);
    compose(after, x->hb17, fences);
    unite(after, accesses);
    compose(psc, before, scb);
    compose(psc, psc, after);
    compose(psc_fences, x->hb17, x->eco);
    compose(psc_fences, psc_fences, x->hb17);
    unite(psc_fences, x->hb17);
    compose(psc_fences, fences, psc_fences);
    compose(psc_fences, psc_fences, fences);
    unite(psc, psc_fences);
    return acyclic(psc);
}

bool execution_rc11(const struct execution *x)
{
    relation causes;
    memcpy(causes, x->sb, sizeof causes);
    unite(causes, x->rf);
    return x->coherent17 && seq_cst_fits(x) && acyclic(causes);
}

/* C17's order S, place by place. */
struct search {
    const struct execution *x;
    unsigned order[EXECUTION_MOST], place[EXECUTION_MOST]; /* place: from 1; 0 if not yet in S */
    unsigned count;
    uint32_t members;
};

static bool earlier(const struct search *s, unsigned a, unsigned b)
{
    return s->place[a] != 0 && s->place[b] != 0 && s->place[a] < s->place[b];
}

/* The last store to the location that precedes `limit` in S; EXECUTION_MOST if there is none. */
static unsigned last_store(const struct search *s, unsigned location, unsigned limit)
{
    unsigned last = EXECUTION_MOST;
    for (unsigned i = 0; i < s->count; ++i) {
        const struct execution_event *e = &s->x->event[s->order[i]];
        if (e->writes && e->location == location && earlier(s, s->order[i], limit)) {
            last = s->order[i];
        }
    }
    return last;
}

/* Do seq_cst fences between them, by S, make b follow a? */
static bool fenced(const struct search *s, unsigned a, unsigned b)
{
    const struct execution *x = s->x;
    for (unsigned i = 0; i < s->count; ++i) {
        const unsigned f = s->order[i];
        if (!x->event[f].fence || !has(x->sb, a, f)) {
            continue;
        }
        if (earlier(s, f, b)) {
            return true;
        }
        for (unsigned k = i + 1; k < s->count; ++k) {
            if (x->event[s->order[k]].fence && has(x->sb, s->order[k], b)) {
                return true;
            }
        }
    }
    return false;
}

static bool not_before(const struct execution *x, unsigned a, unsigned w)
{
    return a == w || has(x->co, a, w);
}

static bool load_fits(const struct search *s, unsigned w, unsigned r)
{
    const struct execution *x = s->x;
    const unsigned location = x->event[r].location;
    if (s->place[r] != 0) {
        const unsigned a = last_store(s, location, r);
        const bool seq_cst = is_seq_cst(&x->event[w]);
        if (a == EXECUTION_MOST ? seq_cst : w != a && (seq_cst || has(x->hb17, w, a))) {
            return false;
        }
    }
    for (unsigned i = 0; i < s->count; ++i) {
        const unsigned f = s->order[i], a = last_store(s, location, f);
        if (x->event[f].fence && has(x->sb, f, r) && a != EXECUTION_MOST && !not_before(x, a, w)) {
            return false;
        }
    }
    for (unsigned a = 0; a < x->count; ++a) {
        if (x->event[a].thread >= 0 && x->event[a].writes && x->event[a].location == location &&
            a != r && fenced(s, a, r) && !not_before(x, a, w)) {
            return false;
        }
    }
    return true;
}

static bool stores_fit(const struct search *s, unsigned a, unsigned b)
{
    const struct execution *x = s->x;
    if (fenced(s, a, b)) {
        return false;
    }
    for (unsigned i = 0; i < s->count; ++i) {
        const unsigned f = s->order[i];
        if (x->event[f].fence && has(x->sb, f, b) && earlier(s, a, f)) {
            return false;
        }
    }
    return true;
}

static bool order_fits(const struct search *s)
{
    const struct execution *x = s->x;
    for (unsigned a = 0; a < x->count; ++a) {
        for (unsigned b = 0; b < x->count; ++b) {
            const struct execution_event *e = &x->event[a], *f = &x->event[b];
            if (has(x->rf, a, b) && !load_fits(s, a, b)) {
                return false;
            }
            if (e->thread >= 0 && f->thread >= 0 && a != b && e->writes && f->writes &&
                same_location(x, a, b) && !has(x->co, a, b) && !stores_fit(s, a, b)) {
                return false;
            }
        }
    }
    return true;
}

static bool search_order(struct search *s)
{
    const struct execution *x = s->x;
    uint32_t left = 0;
    for (unsigned i = 0; i < x->count; ++i) {
        left |= is_seq_cst(&x->event[i]) && s->place[i] == 0 ? bit(i) : 0;
    }
    if (left == 0) {
        return order_fits(s);
    }
    for (unsigned i = 0; i < x->count; ++i) {
        bool next = (left & bit(i)) != 0;
        for (unsigned k = 0; next && k < x->count; ++k) {
            next = (left & bit(k)) == 0 || k == i || (!has(x->hb17, k, i) && !has(x->co, k, i));
        }
        if (next) {
            s->order[s->count++] = i;
            s->place[i] = s->count;
            const bool found = search_order(s);
            s->place[i] = 0;
            --s->count;
            if (found) {
                return true;
            }
        }
    }
    return false;
}

bool execution_c17(const struct execution *x)
{
    struct search s = {.x = x};
    return x->coherent17 && search_order(&s);
}

/* What x86 keeps: all program order but from a store to a later load, unless something locked or a full
 * fence stands between, or is one of the two.
 */
static bool is_locked(const struct execution_event *e)
{
    return is_rmw(e) || (e->order == LITMUS_SEQ_CST && (e->writes || e->fence));
}

bool execution_tso(const struct execution *x)
{
    relation order;
    for (unsigned a = 0; a < EXECUTION_MOST; ++a) {
        order[a] = x->co[a] | x->fr[a];
        for (unsigned b = 0; a < x->count && b < x->count; ++b) {
            const struct execution_event *e = &x->event[a], *f = &x->event[b];
            const bool plain_fence = (e->fence && !is_locked(e)) || (f->fence && !is_locked(f));
            const bool buffered = e->writes && f->reads && !is_locked(e) && !is_locked(f);
            if (has(x->sb, a, b) && e->thread >= 0 && !plain_fence && !buffered) {
                order[a] |= bit(b);
            }
            if (has(x->rf, a, b) && e->thread != f->thread) {
                order[a] |= bit(b);
            }
        }
    }
    return x->possible && acyclic(order);
}

bool execution_sc(const struct execution *x)
{
    relation order;
    memcpy(order, x->sb, sizeof order);
    unite(order, x->rf);
    unite(order, x->co);
    unite(order, x->fr);
    return is_atomic(x) && acyclic(order);
}
