/* perpetual.c - tests turned into ones that never stop for each other.
 *
 * Problem. Where two threads must meet before each instance, or each few hundred, most of the time is
 * spent in meeting, and the meeting itself decides how the threads overlap.
 *
 * Idea (PerpLE). Let each thread run its part over and over, on the same locations, and let the values
 * tell the iterations apart: a store of the j-th value that the test stores to x becomes, in iteration n, a
 * store of k*n + j, where k is how many values it stores there. Loads go to a log. A *frame* is one
 * iteration of each thread, of whichever numbers, and the question is asked of frames: in a frame with
 * iteration m of the thread that stores to x, a load of v has read
 *
 *     the j-th value, or something newer      if v >= k*m + j
 *     something older                         if v <  k*m + j
 *
 * So the load's outcome is the greatest j that holds, or the initial value. Threads that run apart still
 * give frames that overlap: those whose numbers lie as far apart as the threads do.
 *
 * Counting. Of N iterations of T threads there are N^T frames.
 *   - Linear: for each iteration of one thread, the pivot, one frame: what it has read names an iteration of
 *     the thread that stored it, at whose edge the condition may hold; and so on from that thread. A
 *     thread that is not read from is sought by what it has read; a location's log only grows, so one walk
 *     through it serves for all.
 *   - All: of two threads. For one iteration n of the first, its loads split the second's iterations into
 *     two at one place each, and so do, as logs only grow, the second's loads of what n stored. Between
 *     such places the outcome is the same: so N frames are counted in a few steps.
 *
 * Which tests. Each location is stored to by one thread, constants that differ from each other and from
 * the initial value; a register is loaded once; nothing is computed, decided or read-modified-written, and
 * the condition is about registers: what memory holds at the end there is none to ask. So neither R, S nor 2+2W.
 *
 * Source: T. Srivas et al., "PerpLE: Improving the Speed and Effectiveness of Memory Consistency
 * Testing", MICRO 2020.
 */
#include "perpetual.h"

#include "emit.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

/* What is stored to a location, in the order of the program. */
struct stores {
    unsigned writer; /* the thread, or LITMUS_NOWHERE */
    unsigned count;
    int64_t value[LITMUS_MOST_STATEMENTS];
};

/* How a thread of a frame is found. */
struct step {
    unsigned thread;
    unsigned column; /* the load that tells */
    bool seek;       /* the thread's own load, of what a thread found before has stored */
    int32_t wanted;  /* which of the stores the condition wants it to read; 0: the initial value */
};

struct plan {
    const struct litmus_test *test;
    struct stores store[LITMUS_MOST_LOCATIONS];
    unsigned
        loads[LITMUS_MOST_OBSERVED]; /* the location that an observed register is loaded from */
    struct step step[LITMUS_MOST_THREADS]; /* the first is the pivot */
    char *problem;
    size_t size;
};

static bool __attribute__((format(printf, 2, 3))) refuse(struct plan *plan, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(plan->problem, plan->size, format, arguments);
    va_end(arguments);
    return false;
}

static unsigned column_of(const struct litmus_test *test, unsigned thread, unsigned reg)
{
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (test->observed[i].thread == thread && test->observed[i].index == reg) {
            return i;
        }
    }
    return LITMUS_NOWHERE;
}

static bool read_store(struct plan *plan, unsigned thread, const struct litmus_statement *s)
{
    struct stores *stores = &plan->store[s->location];
    const struct litmus_location *location = &plan->test->location[s->location];
    if (s->expression->kind != LITMUS_CONSTANT) {
        return refuse(plan, "line %u stores what is no constant", s->place.line);
    }
    if (stores->writer != LITMUS_NOWHERE && stores->writer != thread) {
        return refuse(plan, "%s is stored to by more than one thread", location->name);
    }
    const int64_t value = s->expression->value;
    bool known = value == location->initial;
    for (unsigned i = 0; i < stores->count; ++i) {
        known |= stores->value[i] == value;
    }
    if (known) {
        return refuse(plan, "line %u stores a value that %s holds already", s->place.line,
                      location->name);
    }
    stores->writer = thread;
    stores->value[stores->count++] = value;
    return true;
}

static bool read_statement(struct plan *plan, unsigned thread, const struct litmus_statement *s,
                           bool *loaded)
{
    const struct litmus_expression *e = s->expression;
    switch (s->kind) {
    case LITMUS_FENCE:
    case LITMUS_SIGNAL_FENCE:
        return true;
    case LITMUS_STORE:
        if (s->order == LITMUS_PLAIN) {
            return refuse(plan, "line %u is no atomic access", s->place.line);
        }
        return read_store(plan, thread, s);
    case LITMUS_ASSIGN:
        if (e->kind != LITMUS_LOAD) {
            return refuse(plan, "line %u computes", s->place.line);
        }
        if (e->order == LITMUS_PLAIN) {
            return refuse(plan, "line %u is no atomic access", s->place.line);
        }
        if (loaded[s->reg]) {
            return refuse(plan, "line %u loads into a register again", s->place.line);
        }
        loaded[s->reg] = true;
        const unsigned column = column_of(plan->test, thread, s->reg);
        if (column != LITMUS_NOWHERE) {
            plan->loads[column] = e->location;
        }
        return true;
    default:
        return refuse(plan, "line %u decides or computes", s->place.line);
    }
}

static bool read_threads(struct plan *plan)
{
    const struct litmus_test *test = plan->test;
    if (litmus_feature(test) != NULL) {
        return refuse(plan, "it has %s", litmus_feature(test));
    }
    for (unsigned i = 0; i < test->location_count; ++i) {
        plan->store[i].writer = LITMUS_NOWHERE;
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        plan->loads[i] = LITMUS_NOWHERE;
        if (test->observed[i].thread == LITMUS_NOWHERE) {
            return refuse(plan, "its condition asks for memory at the end");
        }
    }
    for (unsigned t = 0; t < test->thread_count; ++t) {
        bool loaded[LITMUS_MOST_REGISTERS] = {false};
        for (const struct litmus_statement *s = test->thread[t].body; s != NULL; s = s->next) {
            if (!read_statement(plan, t, s, loaded)) {
                return false;
            }
        }
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (plan->loads[i] == LITMUS_NOWHERE) {
            return refuse(plan, "%s is never loaded", test->observed[i].name);
        }
    }
    return true;
}

enum { UNNAMED = -1 };

/* Which store the column's load has read in a weak outcome, as far as the condition names it: 0 is the initial
 * value. Where the value is to be another one (`holds` is false), any other will do.
 */
static int32_t named(const struct plan *plan, const struct litmus_proposition *p, unsigned column,
                     bool holds)
{
    if (p == NULL) {
        return UNNAMED;
    }
    if (p->kind == LITMUS_IS && p->column == column) {
        const struct stores *stores = &plan->store[plan->loads[column]];
        int32_t found = 0;
        for (unsigned i = 0; i < stores->count; ++i) {
            found = stores->value[i] == p->value ? (int32_t)i + 1 : found;
        }
        return holds ? found : found == 0 && stores->count > 0;
    }
    holds = p->kind == LITMUS_NEITHER ? !holds : holds;
    const int32_t found = named(plan, p->left, column, holds);
    return found != UNNAMED ? found : named(plan, p->right, column, holds);
}

static int32_t wanted_of(const struct plan *plan, unsigned column)
{
    const struct litmus_test *test = plan->test;
    const int32_t found = named(plan, test->condition, column, test->quantifier != LITMUS_FORALL);
    return found != UNNAMED ? found : 0;
}

/* The next thread that can be found from those that were; false: none. Loads that name their writer come
 * first: no log need be searched for them.
 */
static bool find_step(const struct plan *plan, uint64_t found, bool seek, struct step *step)
{
    const struct litmus_test *test = plan->test;
    for (unsigned column = 0; column < test->observed_count; ++column) {
        const unsigned reader = test->observed[column].thread;
        const unsigned writer = plan->store[plan->loads[column]].writer;
        const unsigned from = seek ? writer : reader, to = seek ? reader : writer;
        if (writer != LITMUS_NOWHERE && (found >> from & 1) != 0 && (found >> to & 1) == 0) {
            *step = (struct step){to, column, seek, wanted_of(plan, column)};
            return true;
        }
    }
    return false;
}

/* Starting from this pivot; how many had to be sought, or one more than there are threads: not all. */
static unsigned find_frame(const struct plan *plan, unsigned pivot, struct step *step)
{
    const unsigned threads = plan->test->thread_count;
    uint64_t found = UINT64_C(1) << pivot;
    unsigned sought = 0;
    step[0] = (struct step){pivot, LITMUS_NOWHERE, false, 0};
    for (unsigned i = 1; i < threads; ++i) {
        if (!find_step(plan, found, false, &step[i])) {
            ++sought;
            if (!find_step(plan, found, true, &step[i])) {
                return threads + 1;
            }
        }
        found |= UINT64_C(1) << step[i].thread;
    }
    return sought;
}

static bool choose_pivot(struct plan *plan)
{
    const unsigned threads = plan->test->thread_count;
    unsigned fewest = threads + 1;
    for (unsigned pivot = 0; pivot < threads; ++pivot) {
        struct step step[LITMUS_MOST_THREADS];
        const unsigned sought = find_frame(plan, pivot, step);
        if (sought < fewest) {
            fewest = sought;
            memcpy(plan->step, step, sizeof step);
        }
    }
    return fewest <= threads ||
           refuse(plan, "a thread neither reads what the others store, nor they what it does");
}

static bool check_all(struct plan *plan)
{
    const struct litmus_test *test = plan->test;
    if (test->thread_count != 2) {
        return refuse(plan, "all frames are counted of two threads only, and it has %u",
                      test->thread_count);
    }
    if (litmus_bits(test) == 0) { /* they are counted by the table's counters, a million at once */
        return refuse(plan,
                      "its values are too large, or negative, or too many, to count all frames");
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (plan->store[plan->loads[i]].writer == test->observed[i].thread) {
            return refuse(plan, "%s is loaded from what its own thread stores",
                          test->observed[i].name);
        }
    }
    return true;
}

static bool make_plan(struct plan *plan, const struct litmus_test *test, enum litmus_mode mode,
                      char *problem, size_t size)
{
    memset(plan, 0, sizeof *plan);
    plan->test = test;
    plan->problem = problem;
    plan->size = size;
    return read_threads(plan) && choose_pivot(plan) &&
           (mode != LITMUS_PERPETUAL_ALL || check_all(plan));
}

bool litmus_perpetual(const struct litmus_test *test, enum litmus_mode mode, char *problem,
                      size_t size)
{
    struct plan plan;
    if (test->dialect != LITMUS_C) {
        snprintf(problem, size,
                 "its instructions stay as they are, and store the same values each time");
        return false;
    }
    return make_plan(&plan, test, mode, problem, size);
}

/* The code. */

static void emit_thread(FILE *f, const struct plan *plan, unsigned index)
{
    const struct litmus_test *test = plan->test;
    const struct litmus_thread *thread = &test->thread[index];
    unsigned stored[LITMUS_MOST_LOCATIONS] = {0};
    fprintf(f, "static void run_P%u(const struct litmus_batch *b)\n{\n", index);
    for (unsigned i = 0; i < thread->parameter_count; ++i) {
        const struct litmus_parameter *parameter = &thread->parameter[i];
        fprintf(f, "    %satomic_int *const x_%s = (atomic_int *)(b->memory + %u * b->plane);\n",
                parameter->is_volatile ? "volatile " : "", test->location[parameter->location].name,
                parameter->location);
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (test->observed[i].thread == index) {
            fprintf(f, "    int32_t *const log%u = b->result + %u * b->count;\n", i, i);
        }
    }
    fputs("    const int32_t to = (int32_t)b->to;\n"
          "    for (int32_t n = (int32_t)b->from; n < to; ++n) {\n"
          "        COMPILER_FENCE();\n",
          f);
    for (const struct litmus_statement *s = thread->body; s != NULL; s = s->next) {
        if (s->kind == LITMUS_FENCE || s->kind == LITMUS_SIGNAL_FENCE) {
            fprintf(f, "        atomic_%s_fence(%s);\n",
                    s->kind == LITMUS_FENCE ? "thread" : "signal", litmus_order_name(s->order));
        } else if (s->kind == LITMUS_STORE) {
            fprintf(f, "        atomic_store_explicit(x_%s, %u * n + %u, %s);\n",
                    test->location[s->location].name, plan->store[s->location].count,
                    ++stored[s->location], litmus_order_name(s->order));
        } else {
            fprintf(f, "        const int32_t r%u = atomic_load_explicit(x_%s, %s);\n", s->reg,
                    test->location[s->expression->location].name,
                    litmus_order_name(s->expression->order));
        }
    }
    fputs("        COMPILER_FENCE();\n", f);
    for (unsigned reg = 0; reg < thread->register_count; ++reg) {
        const unsigned column = column_of(test, index, reg);
        if (column != LITMUS_NOWHERE) {
            fprintf(f, "        log%u[n] = r%u;\n", column, reg);
        }
    }
    for (const struct litmus_statement *s = thread->body; s != NULL; s = s->next) {
        if (s->kind == LITMUS_ASSIGN && column_of(test, index, s->reg) == LITMUS_NOWHERE) {
            fprintf(f, "        (void)r%u;\n", s->reg);
        }
    }
    fputs("    }\n}\n\n", f);
}

/* The number of a column's first edge, less one; of the column after the last, how many there are. */
static unsigned edges_before(const struct plan *plan, unsigned column)
{
    unsigned edges = 0;
    for (unsigned i = 0; i < column; ++i) {
        edges += plan->store[plan->loads[i]].count;
    }
    return edges;
}

/* Has the column's load read the j-th store or something newer? */
static void emit_holds(FILE *f, const struct plan *plan, unsigned column, unsigned j, bool all)
{
    const struct litmus_observed *observed = &plan->test->observed[column];
    const struct stores *stores = &plan->store[plan->loads[column]];
    if (all) {
        fprintf(f, "m %s edge[%u]",
                observed->thread == 0 ? "<" : ">=", edges_before(plan, column) + j);
    } else {
        fprintf(f, "log%u[n%u] >= %u * n%u + %u", column, observed->thread, stores->count,
                stores->writer, j);
    }
}

/* s0, s1 ...: the columns' outcomes. */
static void emit_state(FILE *f, const struct plan *plan, const char *indent, bool all)
{
    for (unsigned c = 0; c < plan->test->observed_count; ++c) {
        const unsigned location = plan->loads[c];
        const struct stores *stores = &plan->store[location];
        fprintf(f, "%sconst int32_t s%u = ", indent, c);
        for (unsigned j = stores->count; j > 0; --j) {
            emit_holds(f, plan, c, j, all);
            fprintf(f, " ? %" PRId64 " : ", stores->value[j - 1]);
        }
        fprintf(f, "%" PRId64 ";\n", plan->test->location[location].initial);
    }
}

/* Count the state s0, s1 ..., `by` times. */
static void emit_tally(FILE *f, const struct litmus_test *test, const char *indent,
                       const char *table, const char *by)
{
    const unsigned bits = litmus_bits(test);
    if (bits == 0) {
        fprintf(f, "%sconst int64_t state[] = {0", indent);
        for (unsigned i = 0; i < test->observed_count; ++i) {
            fprintf(f, ", s%u", i);
        }
        fprintf(
            f, "};\n%sfor (uint64_t k = %s; k > 0; --k) {\n%s    other(context, state + 1);\n%s}\n",
            indent, by, indent, indent);
        return;
    }
    fprintf(f, "%s%s[0", indent, table);
    for (unsigned i = 0; i < test->observed_count; ++i) {
        fprintf(f, " | (uint32_t)s%u << %u", i, i * bits);
    }
    fprintf(f, "] += %s;\n", by);
}

/* The iteration of a step's thread, from those before it. */
static void emit_step(FILE *f, const struct plan *plan, const struct step *step)
{
    const struct litmus_observed *observed = &plan->test->observed[step->column];
    const struct stores *stores = &plan->store[plan->loads[step->column]];
    const unsigned k = stores->count;
    if (step->seek) {
        fprintf(f,
                "        while (at%u < count && log%u[at%u] < %u * n%u + %d) {\n"
                "            ++at%u;\n"
                "        }\n"
                "        const int32_t n%u = (int32_t)at%u%s;\n",
                step->thread, step->column, step->thread, k, stores->writer,
                step->wanted > 0 ? step->wanted : 1, step->thread, step->thread, step->thread,
                step->wanted > 0 ? "" : " - 1");
    } else {
        fprintf(f, "        const int32_t v%u = log%u[n%u];\n", step->column, step->column,
                observed->thread);
        if (step->wanted > 0) {
            fprintf(f, "        const int32_t n%u = v%u < %d ? 0 : (v%u - %d) / %u;\n",
                    step->thread, step->column, step->wanted, step->column, step->wanted, k);
        } else {
            fprintf(f, "        const int32_t n%u = (v%u + %u) / %u;\n", step->thread, step->column,
                    k - 1, k);
        }
    }
    fprintf(f, "        if ((uint32_t)n%u >= count) {\n            continue;\n        }\n",
            step->thread);
}

static void emit_count_head(FILE *f, const struct litmus_test *test)
{
    fputs(
        "void litmus_count(const struct litmus_batch *b, size_t from, size_t to, uint64_t *table,\n"
        "                  void (*other)(void *, const int64_t *), void *context)\n{\n"
        "    const size_t count = b->count;\n"
        "    (void)other, (void)context;\n",
        f);
    for (unsigned i = 0; i < test->observed_count; ++i) {
        fprintf(f, "    const int32_t *const log%u = b->result + %u * count;\n", i, i);
    }
}

static void emit_frame(FILE *f, const struct plan *plan)
{
    fprintf(f, "        const int32_t n%u = (int32_t)i;\n", plan->step[0].thread);
    for (unsigned i = 1; i < plan->test->thread_count; ++i) {
        emit_step(f, plan, &plan->step[i]);
    }
}

static void emit_last(FILE *f, const struct plan *plan, const char *indent)
{
    for (unsigned i = 1; i < plan->test->thread_count; ++i) {
        fprintf(f, "%slast%u = n%u;\n", indent, plan->step[i].thread, plan->step[i].thread);
    }
}

/* Of the weak frames those are distinct in which no iteration of any thread stands in an earlier one. A
 * slice takes what the frame before it used as used: rather too few than too many.
 */
static void emit_linear(FILE *f, const struct plan *plan)
{
    const struct litmus_test *test = plan->test;
    const bool forall = test->quantifier == LITMUS_FORALL;
    emit_count_head(f, test);
    fputs("    uint64_t distinct = 0;\n", f);
    const bool narrow = litmus_emit_parts(f, test);
    for (unsigned i = 1; i < test->thread_count; ++i) {
        const unsigned t = plan->step[i].thread;
        fprintf(f, "    int32_t last%u = -1;\n", t);
        if (plan->step[i].seek) {
            fprintf(f, "    size_t at%u = 0;\n", t);
        }
    }
    fputs("    for (size_t i = from > 0 ? from - 1 : 0; i < from; ++i) {\n", f);
    emit_frame(f, plan);
    emit_last(f, plan, "        ");
    fputs("    }\n    for (size_t i = from; i < to; ++i) {\n", f);
    emit_frame(f, plan);
    emit_state(f, plan, "        ", false);
    fputs("        if (1", f);
    for (unsigned i = 1; i < test->thread_count; ++i) {
        fprintf(f, " && n%u > last%u", plan->step[i].thread, plan->step[i].thread);
    }
    fputs(forall ? " && !(" : " && (", f);
    emit_proposition(f, test->condition, "s", "");
    fputs(")) {\n", f);
    emit_last(f, plan, "            ");
    fputs("            ++distinct;\n        }\n", f);
    emit_tally(f, test, "        ", narrow ? "part[i % 4]" : "table", "1");
    fputs("    }\n", f);
    if (narrow) {
        litmus_emit_sum(f, test);
    }
    fprintf(f, "    table[%zu] += distinct;\n}\n\n",
            (size_t)1 << litmus_bits(test) * test->observed_count);
}

/* Of thread 0's iteration n: edge[] are the places where thread 1's iterations change the outcome. A
 * load of thread 0 has read the j-th store or a newer one in frames with iterations below its edge; a
 * load of thread 1, from its edge on.
 */
static void emit_all(FILE *f, const struct plan *plan)
{
    const struct litmus_test *test = plan->test;
    const unsigned edges = edges_before(plan, test->observed_count);
    emit_count_head(f, test);
    fprintf(f, "    size_t edge[%u] = {0}, sorted[%u];\n", edges + 2, edges + 2);
    fputs("    for (size_t n = from; n < to; ++n) {\n", f);
    for (unsigned c = 0; c < test->observed_count; ++c) {
        const unsigned k = plan->store[plan->loads[c]].count;
        for (unsigned j = 1; j <= k; ++j) {
            const unsigned e = edges_before(plan, c) + j;
            if (test->observed[c].thread == 0) {
                fprintf(f,
                        "        edge[%u] = log%u[n] < %u ? 0 : (size_t)(log%u[n] - %u) / %u + 1;\n"
                        "        edge[%u] = edge[%u] < count ? edge[%u] : count;\n",
                        e, c, j, c, j, k, e, e, e);
            } else {
                fprintf(
                    f,
                    "        while (edge[%u] < count && (size_t)log%u[edge[%u]] < %u * n + %u) {\n"
                    "            ++edge[%u];\n        }\n",
                    e, c, e, k, j, e);
            }
        }
    }
    fprintf(f,
            "        for (size_t k = 1; k <= %u; ++k) { /* into ascending order */\n"
            "            size_t at = k;\n"
            "            for (; at > 1 && sorted[at - 1] > edge[k]; --at) {\n"
            "                sorted[at] = sorted[at - 1];\n"
            "            }\n"
            "            sorted[at] = edge[k];\n"
            "        }\n"
            "        sorted[%u] = count;\n"
            "        size_t m = 0;\n"
            "        for (size_t k = 1; k <= %u; m = sorted[k++]) {\n"
            "            if (sorted[k] == m) {\n"
            "                continue;\n"
            "            }\n",
            edges, edges + 1, edges + 1);
    emit_state(f, plan, "            ", true);
    emit_tally(f, test, "            ", "table", "sorted[k] - m");
    fputs("        }\n    }\n}\n\n", f);
}

void litmus_emit_perpetual(FILE *f, const struct litmus_test *test, enum litmus_mode mode)
{
    struct plan plan;
    char problem[200];
    (void)make_plan(&plan, test, mode, problem, sizeof problem);
    litmus_emit_head(f, test);
    for (unsigned i = 0; i < test->thread_count; ++i) {
        emit_thread(f, &plan, i);
    }
    fputs("void litmus_reset(const struct litmus_batch *b, unsigned location, size_t from, size_t "
          "to)\n{\n"
          "    if (from == 0 && to > 0) {\n"
          "        *(int *)(b->memory + location * b->plane) = 0;\n"
          "    }\n}\n\n",
          f);
    if (mode == LITMUS_PERPETUAL_ALL) {
        emit_all(f, &plan);
    } else {
        emit_linear(f, &plan);
    }
    litmus_emit_tail(f, test);
}
