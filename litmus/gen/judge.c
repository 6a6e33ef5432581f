/* judge.c - all candidate executions of a test in which its outcome is there. */
#include "judge.h"

#include "trace.h"

#include <stdlib.h>
#include <string.h>

#define MOST_CANDIDATES 2000000ul /* a test that has more is given up */

struct thread_traces {
    struct trace *trace;
    unsigned count;
};

struct judging {
    const struct litmus_test *test;
    struct judge_verdicts *verdicts;
    struct trace_values values;
    struct thread_traces threads[LITMUS_MOST_THREADS];
    const struct trace *chosen[LITMUS_MOST_THREADS];
    unsigned thread; /* whose traces are being gathered */
    struct execution execution;
    bool told; /* are the verdicts' details those of a possible execution? */
    unsigned long candidates;
};

/* The values that each location may come to hold: what is stored there if loads see such values. */

static bool note_values(void *context, const struct trace *trace)
{
    struct trace_values *values = context;
    for (unsigned i = 0; i < trace->count; ++i) {
        const struct execution_event *e = &trace->event[i];
        if (e->writes && !trace_values_add(values, e->location, e->written)) {
            return false;
        }
    }
    return true;
}

static unsigned total(const struct trace_values *values)
{
    unsigned sum = 0;
    for (unsigned l = 0; l < LITMUS_MOST_LOCATIONS; ++l) {
        sum += values->count[l];
    }
    return sum;
}

static unsigned rmws_in(const struct litmus_expression *e)
{
    return e == NULL ? 0 : (e->kind == LITMUS_RMW) + rmws_in(e->left) + rmws_in(e->right);
}

static unsigned stores_in(const struct litmus_statement *s)
{
    unsigned count = 0;
    for (; s != NULL; s = s->next) {
        count += (s->kind == LITMUS_STORE) + rmws_in(s->expression) + stores_in(s->body) +
                 stores_in(s->otherwise);
    }
    return count;
}

/* Also what is stored only in a branch that nothing but itself would open: C11 as written allows a value
 * out of thin air. Additions make a new value of each that they see. But a value comes about through each store at most
 * once, which bounds the rounds.
 */
static bool find_values(struct judging *j)
{
    unsigned before, rounds = 0;
    memset(&j->values, 0, sizeof j->values);
    for (unsigned l = 0; l < j->test->location_count; ++l) {
        (void)trace_values_add(&j->values, l, j->test->location[l].initial);
    }
    for (unsigned t = 0; t < j->test->thread_count; ++t) {
        rounds += stores_in(j->test->thread[t].body);
    }
    do {
        struct trace_values more = j->values;
        before = total(&j->values);
        for (unsigned t = 0; t < j->test->thread_count; ++t) {
            if (!trace_each(j->test, t, &j->values, true, note_values, &more)) {
                return false;
            }
        }
        j->values = more;
    } while (total(&j->values) != before && --rounds != 0);
    return true;
}

/* The condition. */

static int64_t observed(const struct judging *j, const int64_t *memory, unsigned column)
{
    const struct litmus_observed *o = &j->test->observed[column];
    return o->thread == LITMUS_NOWHERE ? memory[o->index] : j->chosen[o->thread]->reg[o->index];
}

static bool holds(const struct judging *j, const int64_t *memory,
                  const struct litmus_proposition *p)
{
    switch (p->kind) {
    case LITMUS_TRUE:
        return true;
    case LITMUS_FALSE:
        return false;
    case LITMUS_IS:
        return observed(j, memory, p->column) == p->value;
    case LITMUS_NEITHER:
        return !holds(j, memory, p->left);
    case LITMUS_BOTH:
        return holds(j, memory, p->left) && holds(j, memory, p->right);
    case LITMUS_EITHER:
        return holds(j, memory, p->left) || holds(j, memory, p->right);
    }
    return false;
}

/* Do the thread's registers alone rule out the outcome? */
static bool rules_out(const struct judging *j, const struct litmus_proposition *p,
                      const struct trace *trace)
{
    if (p->kind == LITMUS_BOTH) {
        return rules_out(j, p->left, trace) || rules_out(j, p->right, trace);
    }
    return p->kind == LITMUS_IS && j->test->observed[p->column].thread == j->thread &&
           trace->reg[j->test->observed[p->column].index] != p->value;
}

static bool gather(void *context, const struct trace *trace)
{
    struct judging *j = context;
    struct thread_traces *traces = &j->threads[j->thread];
    if (j->test->quantifier != LITMUS_FORALL && rules_out(j, j->test->condition, trace)) {
        return true;
    }
    if (traces->count == TRACE_MOST) {
        return false;
    }
    traces->trace[traces->count++] = *trace;
    return true;
}

/* One candidate. */

static bool has(const uint32_t *r, unsigned a, unsigned b)
{
    return (r[a] >> b & 1) != 0;
}

/* Event a synchronises with event b: through which load of b's thread, hence which location? */
static void tell_link(struct judging *j, unsigned a, unsigned b)
{
    const struct execution *x = &j->execution;
    struct judge_verdicts *v = j->verdicts;
    for (unsigned r = 0; r < x->count; ++r) {
        for (unsigned w = 0; w < x->count; ++w) {
            const bool through = has(x->rf, w, r) && (r == b || has(x->sb, r, b)) &&
                                 x->event[r].thread == x->event[b].thread &&
                                 (w == a || has(x->sb, a, w) || x->event[w].reads);
            const struct judge_link link = {(unsigned)x->event[a].thread,
                                            (unsigned)x->event[b].thread,
                                            j->test->location[x->event[r].location].name};
            bool known = !through || v->link_count == JUDGE_MOST_LINKS;
            for (unsigned i = 0; i < v->link_count; ++i) {
                known = known || (v->link[i].from == link.from && v->link[i].to == link.to);
            }
            if (!known) {
                v->link[v->link_count++] = link;
            }
        }
    }
}

static void tell_details(struct judging *j)
{
    const struct execution *x = &j->execution;
    struct judge_verdicts *v = j->verdicts;
    v->coherent = x->coherent;
    v->coherent17 = x->coherent17;
    v->link_count = v->seq_cst_accesses = v->seq_cst_fences = 0;
    for (unsigned a = 0; a < x->count; ++a) {
        const struct execution_event *e = &x->event[a];
        if (e->thread >= 0 && e->order == LITMUS_SEQ_CST) {
            ++*(e->fence ? &v->seq_cst_fences : &v->seq_cst_accesses);
        }
        for (unsigned b = 0; b < x->count; ++b) {
            if (has(x->sw, a, b)) {
                tell_link(j, a, b);
            }
        }
    }
}

static void judge_candidate(struct judging *j, const int64_t *memory)
{
    struct judge_verdicts *v = j->verdicts;
    if (holds(j, memory, j->test->condition) == (j->test->quantifier == LITMUS_FORALL)) {
        return;
    }
    execution_derive(&j->execution);
    if (!j->told || j->execution.possible) {
        tell_details(j);
        j->told = j->execution.possible;
    }
    v->c11 = v->c11 || execution_c11(&j->execution);
    v->rc11 = v->rc11 || execution_rc11(&j->execution);
    v->c17 = v->c17 || execution_c17(&j->execution);
    v->tso = v->tso || execution_tso(&j->execution);
    v->sc = v->sc || execution_sc(&j->execution);
}

/* The stores of a location in every order, the initial one first; then those of the next location. */
static bool order_stores(struct judging *j, unsigned location, int64_t *memory)
{
    struct execution *x = &j->execution;
    if (location == j->test->location_count) {
        judge_candidate(j, memory);
        return ++j->candidates < MOST_CANDIDATES;
    }
    uint32_t stores = 0, placed = 0;
    unsigned line[EXECUTION_MOST], count = 0;
    for (unsigned i = 0; i < x->count; ++i) {
        if (x->event[i].writes && x->event[i].location == location && x->event[i].thread >= 0) {
            stores |= (uint32_t)1 << i;
        }
    }
    /* line[count] is tried from where it stands; initially from the first event */
    for (unsigned next = 0;;) {
        while (next < x->count && (stores >> next & 1 & ~(placed >> next)) == 0) {
            ++next;
        }
        if (placed == stores) {
            uint32_t after = stores;
            x->co[location] = stores; /* event `location` is its initial value */
            memory[location] = j->test->location[location].initial;
            for (unsigned k = 0; k < count; ++k) {
                after &= ~((uint32_t)1 << line[k]);
                x->co[line[k]] = after;
                memory[location] = x->event[line[k]].written;
            }
            if (!order_stores(j, location + 1, memory)) {
                return false;
            }
            next = x->count;
        }
        if (next < x->count) {
            line[count++] = next;
            placed |= (uint32_t)1 << next;
            next = 0;
        } else if (count == 0) {
            return true;
        } else {
            next = line[--count];
            placed &= ~((uint32_t)1 << next);
            ++next;
        }
    }
}

/* Each load reads from each store of its value, in turn. */
static bool give_sources(struct judging *j, unsigned from)
{
    struct execution *x = &j->execution;
    int64_t memory[LITMUS_MOST_LOCATIONS];
    for (unsigned r = from; r < x->count; ++r) {
        if (!x->event[r].reads) {
            continue;
        }
        for (unsigned w = 0; w < x->count; ++w) {
            const struct execution_event *e = &x->event[w];
            if (w != r && e->writes && e->location == x->event[r].location &&
                e->written == x->event[r].read) {
                ++j->candidates;
                x->rf[w] |= (uint32_t)1 << r;
                const bool more = give_sources(j, r + 1);
                x->rf[w] &= ~((uint32_t)1 << r);
                if (!more) {
                    return false;
                }
            }
        }
        return true;
    }
    return j->candidates < MOST_CANDIDATES && order_stores(j, 0, memory);
}

static bool build(struct judging *j)
{
    const struct litmus_test *test = j->test;
    struct execution *x = &j->execution;
    memset(x, 0, sizeof *x);
    for (unsigned l = 0; l < test->location_count; ++l) {
        x->event[x->count++] = (struct execution_event){.thread = -1,
                                                        .writes = true,
                                                        .order = LITMUS_RELAXED,
                                                        .location = l,
                                                        .written = test->location[l].initial};
    }
    for (unsigned t = 0; t < test->thread_count; ++t) {
        for (unsigned i = 0; i < j->chosen[t]->count; ++i) {
            if (x->count == EXECUTION_MOST) {
                return false;
            }
            const unsigned b = x->count++;
            x->event[b] = j->chosen[t]->event[i];
            for (unsigned a = 0; a < b; ++a) {
                if (x->event[a].thread < 0 || x->event[a].thread == (int)t) {
                    x->sb[a] |= (uint32_t)1 << b;
                }
            }
        }
    }
    return give_sources(j, 0);
}

static bool choose_traces(struct judging *j, unsigned thread)
{
    if (thread == j->test->thread_count) {
        return build(j);
    }
    for (unsigned i = 0; i < j->threads[thread].count; ++i) {
        j->chosen[thread] = &j->threads[thread].trace[i];
        if (!choose_traces(j, thread + 1)) {
            return false;
        }
    }
    return true;
}

bool judge(const struct litmus_test *test, struct judge_verdicts *verdicts)
{
    struct judging *j = calloc(1, sizeof *j);
    bool done = j != NULL && test->location_count < EXECUTION_MOST && litmus_feature(test) == NULL;
    memset(verdicts, 0, sizeof *verdicts);
    if (done) {
        j->test = test;
        j->verdicts = verdicts;
        done = find_values(j);
    }
    for (unsigned t = 0; done && t < test->thread_count; ++t) {
        j->thread = t;
        j->threads[t].trace = calloc(TRACE_MOST, sizeof *j->threads[t].trace);
        done = j->threads[t].trace != NULL && trace_each(test, t, &j->values, false, gather, j);
    }
    done = done && choose_traces(j, 0);
    for (unsigned t = 0; j != NULL && t < test->thread_count; ++t) {
        free(j->threads[t].trace);
    }
    free(j);
    return done;
}

static const char *word(bool allowed)
{
    return allowed ? "allowed" : "forbidden";
}

void judge_print(FILE *stream, const struct judge_verdicts *v)
{
    fprintf(stream, "C11=%s\n", word(v->c11));
    if (v->rc11 != v->c11) {
        fprintf(stream, "RC11=%s\n", word(v->rc11));
    }
    if (v->c17 != v->c11) {
        fprintf(stream, "C17=%s\n", word(v->c17));
    }
    fprintf(stream, "TSO=%s\n", word(v->tso));
}
