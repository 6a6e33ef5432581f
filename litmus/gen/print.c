/* print.c - a parsed test as text again; and in a form that does not depend on names. */
#define _GNU_SOURCE
#include "print.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* How names are written: the test's own, or numbers in the order in which they are met. */
struct printer {
    FILE *f;
    const struct litmus_test *test;
    const struct litmus_thread *thread;
    bool numbered;
    unsigned met, number[LITMUS_MOST_LOCATIONS]; /* number: from 1 */
    unsigned index;                              /* of the thread at hand */
    unsigned place[LITMUS_MOST_THREADS];         /* where each thread is written */
    unsigned met_of[LITMUS_MOST_THREADS];
    unsigned number_of[LITMUS_MOST_THREADS][LITMUS_MOST_REGISTERS];
};

static unsigned number_register(struct printer *p, unsigned thread, unsigned reg)
{
    if (p->number_of[thread][reg] == 0) {
        p->number_of[thread][reg] = ++p->met_of[thread];
    }
    return p->number_of[thread][reg];
}

static void print_location(struct printer *p, unsigned location)
{
    if (!p->numbered) {
        fputs(p->test->location[location].name, p->f);
        return;
    }
    if (p->number[location] == 0) {
        p->number[location] = ++p->met;
    }
    fprintf(p->f, "l%u", p->number[location]);
}

static void print_register(struct printer *p, unsigned reg)
{
    if (p->numbered) {
        fprintf(p->f, "r%u", number_register(p, p->index, reg));
    } else {
        fputs(p->thread->reg[reg].name, p->f);
    }
}

static void print_expression(struct printer *p, const struct litmus_expression *e, bool inside);

static void print_call(struct printer *p, const char *function, unsigned location)
{
    fprintf(p->f, "atomic_%s_explicit(", function);
    print_location(p, location);
}

static void print_rmw(struct printer *p, const struct litmus_expression *e)
{
    static const char *const names[] = {[LITMUS_ADD] = "fetch_add", [LITMUS_SUBTRACT] = "fetch_sub",
                                        [LITMUS_OR] = "fetch_or",   [LITMUS_AND] = "fetch_and",
                                        [LITMUS_XOR] = "fetch_xor", [LITMUS_EXCHANGE] = "exchange"};
    print_call(p, names[e->operator], e->location);
    fputs(", ", p->f);
    print_expression(p, e->left, false);
    fprintf(p->f, ", %s)", litmus_order_name(e->order));
}

static void print_cas(struct printer *p, const struct litmus_expression *e)
{
    print_call(p, e->weak ? "compare_exchange_weak" : "compare_exchange_strong", e->location);
    if (e->expected_location == LITMUS_NOWHERE) {
        fputs(", &", p->f);
        print_register(p, e->reg);
    } else {
        fputs(", ", p->f);
        print_location(p, e->expected_location);
    }
    fputs(", ", p->f);
    print_expression(p, e->left, false);
    fprintf(p->f, ", %s, %s)", litmus_order_name(e->order), litmus_order_name(e->failure_order));
}

/* inside: of another operator, hence in parentheses. */
static void print_expression(struct printer *p, const struct litmus_expression *e, bool inside)
{
    switch (e->kind) {
    case LITMUS_CONSTANT:
        fprintf(p->f, "%" PRId64, e->value);
        break;
    case LITMUS_REGISTER:
        print_register(p, e->reg);
        break;
    case LITMUS_UNARY:
        fputs(litmus_operator_name(e->operator), p->f);
        print_expression(p, e->left, true);
        break;
    case LITMUS_BINARY:
        fputs(inside ? "(" : "", p->f);
        print_expression(p, e->left, true);
        fprintf(p->f, " %s ", litmus_operator_name(e->operator));
        print_expression(p, e->right, true);
        fputs(inside ? ")" : "", p->f);
        break;
    case LITMUS_LOAD:
        if (e->order == LITMUS_PLAIN) {
            fputc('*', p->f);
            print_location(p, e->location);
        } else {
            print_call(p, "load", e->location);
            fprintf(p->f, ", %s)", litmus_order_name(e->order));
        }
        break;
    case LITMUS_RMW:
        print_rmw(p, e);
        break;
    case LITMUS_CAS:
        print_cas(p, e);
        break;
    case LITMUS_CHOICE:
        fputs(inside ? "(" : "", p->f);
        print_expression(p, e->condition, true);
        fputs(" ? ", p->f);
        print_expression(p, e->left, true);
        fputs(" : ", p->f);
        print_expression(p, e->right, true);
        fputs(inside ? ")" : "", p->f);
        break;
    case LITMUS_CAST: /* to int, from int */
        print_expression(p, e->left, inside);
        break;
    case LITMUS_POINTER:
        print_location(p, e->location);
        break;
    }
}

static void print_store(struct printer *p, const struct litmus_statement *s)
{
    if (s->order == LITMUS_PLAIN) {
        fputc('*', p->f);
        print_location(p, s->location);
        fputs(" = ", p->f);
        print_expression(p, s->expression, false);
        fputs(";\n", p->f);
    } else {
        print_call(p, "store", s->location);
        fputs(", ", p->f);
        print_expression(p, s->expression, false);
        fprintf(p->f, ", %s);\n", litmus_order_name(s->order));
    }
}

/* "int r0 = 0;" says no more than that there is an r0. */
static bool is_declaration(const struct printer *p, const struct litmus_statement *s)
{
    return s->kind == LITMUS_ASSIGN && s->expression->kind == LITMUS_CONSTANT &&
           s->expression->value == 0 && p->thread->reg[s->reg].initial == 0 &&
           p->number_of[p->index][s->reg] == 0;
}

/* A register is declared where it is first set, or at the top if that is inside a block. */
static void print_statements(struct printer *p, const struct litmus_statement *s, unsigned depth,
                             bool *declared)
{
    for (; s != NULL; s = s->next) {
        if (p->numbered && depth == 1 && is_declaration(p, s)) {
            continue;
        }
        fprintf(p->f, "%*s", (int)(2 * depth), "");
        switch (s->kind) {
        case LITMUS_ASSIGN:
            fputs(declared[s->reg] || p->numbered ? "" : "int ", p->f);
            declared[s->reg] = true;
            print_register(p, s->reg);
            fputs(" = ", p->f);
            print_expression(p, s->expression, false);
            fputs(";\n", p->f);
            break;
        case LITMUS_STORE:
            print_store(p, s);
            break;
        case LITMUS_FENCE:
            fprintf(p->f, "atomic_thread_fence(%s);\n", litmus_order_name(s->order));
            break;
        case LITMUS_SIGNAL_FENCE:
            fprintf(p->f, "atomic_signal_fence(%s);\n", litmus_order_name(s->order));
            break;
        case LITMUS_WHILE: /* no test with loops is printed */
        case LITMUS_DO:
        case LITMUS_BREAK:
        case LITMUS_CONTINUE:
            break;
        case LITMUS_EVALUATE:
            print_expression(p, s->expression, false);
            fputs(";\n", p->f);
            break;
        case LITMUS_IF:
            fputs("if (", p->f);
            print_expression(p, s->expression, false);
            fputs(") {\n", p->f);
            print_statements(p, s->body, depth + 1, declared);
            fprintf(p->f, "%*s}", (int)(2 * depth), "");
            if (s->otherwise != NULL) {
                fputs(" else {\n", p->f);
                print_statements(p, s->otherwise, depth + 1, declared);
                fprintf(p->f, "%*s}", (int)(2 * depth), "");
            }
            fputc('\n', p->f);
            break;
        }
    }
}

static bool sets(const struct litmus_statement *s, unsigned reg)
{
    return s->kind == LITMUS_ASSIGN && s->reg == reg;
}

static void print_body(struct printer *p, unsigned index)
{
    bool declared[LITMUS_MOST_REGISTERS] = {false};
    p->thread = &p->test->thread[index];
    p->index = index;
    for (unsigned reg = 0; reg < p->thread->register_count; ++reg) {
        const struct litmus_statement *s = p->thread->body;
        while (s != NULL && !sets(s, reg)) {
            s = s->next;
        }
        if (s == NULL && p->thread->reg[reg].initial == 0 && !p->numbered) {
            fputs("  int ", p->f);
            print_register(p, reg);
            fputs(" = 0;\n", p->f);
        }
        declared[reg] = s == NULL || p->thread->reg[reg].initial != 0;
    }
    print_statements(p, p->thread->body, 1, declared);
}

static void print_parameters(struct printer *p)
{
    for (unsigned i = 0; i < p->thread->parameter_count; ++i) {
        const struct litmus_parameter *parameter = &p->thread->parameter[i];
        fprintf(p->f, "%s%s%s* ", i == 0 ? "" : ", ", parameter->is_volatile ? "volatile " : "",
                parameter->is_atomic ? "atomic_int" : "int");
        print_location(p, parameter->location);
    }
}

static void print_initial_values(struct printer *p)
{
    const char *separator = "{ ";
    for (unsigned l = 0; l < p->test->location_count; ++l) {
        if (p->test->location[l].initial != 0) {
            fprintf(p->f, "%s%s=%" PRId64 ";", separator, p->test->location[l].name,
                    p->test->location[l].initial);
            separator = " ";
        }
    }
    for (unsigned t = 0; t < p->test->thread_count; ++t) {
        for (unsigned r = 0; r < p->test->thread[t].register_count; ++r) {
            const struct litmus_register *reg = &p->test->thread[t].reg[r];
            if (reg->initial != 0) {
                fprintf(p->f, "%s%u:%s=%" PRId64 ";", separator, t, reg->name, reg->initial);
                separator = " ";
            }
        }
    }
    fputs(*separator == '{' ? "{}\n" : " }\n", p->f);
}

/* The parser's own printer has [x]=1, as outcomes are printed; files of the catalogue have x=1. */
static void print_proposition(struct printer *p, const struct litmus_proposition *c, int context)
{
    const int level = c->kind == LITMUS_EITHER ? 0 : c->kind == LITMUS_BOTH ? 1 : 2;
    fputs(level < context ? "(" : "", p->f);
    switch (c->kind) {
    case LITMUS_TRUE:
    case LITMUS_FALSE:
        fputs(c->kind == LITMUS_TRUE ? "true" : "false", p->f);
        break;
    case LITMUS_IS: {
        const struct litmus_observed *o = &p->test->observed[c->column];
        if (o->thread == LITMUS_NOWHERE) {
            print_location(p, o->index);
        } else if (p->numbered) {
            fprintf(p->f, "%u:r%u", p->place[o->thread], number_register(p, o->thread, o->index));
        } else {
            fputs(o->name, p->f);
        }
        fprintf(p->f, "=%" PRId64, c->value);
        break;
    }
    case LITMUS_NEITHER:
        fputs("not (", p->f);
        print_proposition(p, c->left, 0);
        fputc(')', p->f);
        break;
    case LITMUS_BOTH:
    case LITMUS_EITHER:
        print_proposition(p, c->left, level);
        fputs(c->kind == LITMUS_BOTH ? " /\\ " : " \\/ ", p->f);
        print_proposition(p, c->right, level);
        break;
    }
    fputs(level < context ? ")" : "", p->f);
}

void print_program(FILE *stream, const struct litmus_test *test)
{
    static const char *const quantifiers[] = {"exists", "~exists", "forall"};
    struct printer p = {.f = stream, .test = test};
    print_initial_values(&p);
    for (unsigned t = 0; t < test->thread_count; ++t) {
        p.thread = &test->thread[t];
        fprintf(stream, "\nP%u (", t);
        print_parameters(&p);
        fputs(") {\n", stream);
        print_body(&p, t);
        fputs("}\n", stream);
    }
    fprintf(stream, "\n%s (", quantifiers[test->quantifier]);
    print_proposition(&p, test->condition, 0);
    fputs(")\n", stream);
}

/* The canonical form: of all orders of the threads the one whose text is the least. A condition that
 * only joins values with "and" is written value by value, thread by thread.
 */

static bool only_joins(const struct litmus_proposition *c)
{
    return c->kind == LITMUS_IS ||
           (c->kind == LITMUS_BOTH && only_joins(c->left) && only_joins(c->right));
}

static void print_joined(struct printer *p, const struct litmus_proposition *c, unsigned thread,
                         unsigned index)
{
    if (c->kind == LITMUS_BOTH) {
        print_joined(p, c->left, thread, index);
        print_joined(p, c->right, thread, index);
    } else {
        const struct litmus_observed *o = &p->test->observed[c->column];
        if (o->thread == thread && o->index == index) {
            fprintf(p->f, "%" PRId64 " ", c->value);
        }
    }
}

/* What each register of the thread is at first, and is asked to be. */
static void print_registers(struct printer *p, unsigned thread)
{
    const struct litmus_thread *t = &p->test->thread[thread];
    for (unsigned n = 1; n <= p->met_of[thread]; ++n) {
        for (unsigned reg = 0; reg < t->register_count; ++reg) {
            if (p->number_of[thread][reg] == n) {
                fprintf(p->f, "| from %" PRId64 " ", t->reg[reg].initial);
                if (only_joins(p->test->condition)) {
                    print_joined(p, p->test->condition, thread, reg);
                }
            }
        }
    }
}

static char *print_ordered(const struct litmus_test *test, const unsigned *order)
{
    char *text = NULL;
    size_t length = 0;
    struct printer p = {.test = test, .numbered = true};
    p.f = open_memstream(&text, &length);
    if (p.f == NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        fputs("thread\n", p.f);
        p.place[order[i]] = i;
        print_body(&p, order[i]);
    }
    for (unsigned n = 1; n <= p.met; ++n) {
        for (unsigned l = 0; l < test->location_count; ++l) {
            if (p.number[l] == n) {
                fprintf(p.f, "from %" PRId64 " ", test->location[l].initial);
                if (only_joins(test->condition)) {
                    print_joined(&p, test->condition, LITMUS_NOWHERE, l);
                }
            }
        }
    }
    fprintf(p.f, "\n%d ", (int)test->quantifier);
    if (!only_joins(test->condition)) {
        print_proposition(&p, test->condition, 0);
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        print_registers(&p, order[i]);
    }
    fclose(p.f);
    return text;
}

static void permute(const struct litmus_test *test, unsigned *order, unsigned from, char **best)
{
    if (from == test->thread_count) {
        char *text = print_ordered(test, order);
        if (text != NULL && (*best == NULL || strcmp(text, *best) < 0)) {
            char *worse = *best;
            *best = text;
            text = worse;
        }
        free(text);
        return;
    }
    for (unsigned i = from; i < test->thread_count; ++i) {
        const unsigned here = order[from];
        order[from] = order[i];
        order[i] = here;
        permute(test, order, from + 1, best);
        order[i] = order[from];
        order[from] = here;
    }
}

char *print_canonical(const struct litmus_test *test)
{
    unsigned order[LITMUS_MOST_THREADS];
    char *best = NULL;
    if (litmus_feature(test) != NULL) {
        return NULL;
    }
    for (unsigned i = 0; i < test->thread_count; ++i) {
        order[i] = i;
    }
    permute(test, order, test->thread_count > 6 ? test->thread_count : 0, &best);
    return best;
}
