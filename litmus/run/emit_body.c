/* emit_body.c - a thread's code: what is done in one instance, as it stands in the test.
 *
 * Names of the test get a prefix, x_ for locations and r_ for registers, so that they cannot meet a
 * keyword or a macro.
 */
#include "emit.h"

#include "asm/asm.h"

#include <inttypes.h>

static void emit_expression(FILE *f, const struct litmus_test *test,
                            const struct litmus_thread *thread, const struct litmus_expression *e);

static const char *location_name(const struct litmus_test *test, unsigned location)
{
    const struct litmus_location *l = &test->location[location];
    return l->array != NULL ? l->array : l->name;
}

static void emit_location(FILE *f, const struct litmus_test *test, unsigned location)
{
    const unsigned index = test->location[location].index;
    if (index != 0) {
        fprintf(f, "(x_%s + %u)", location_name(test, location), index);
    } else {
        fprintf(f, "x_%s", location_name(test, location));
    }
}

static void emit_register(FILE *f, const struct litmus_thread *thread, unsigned reg)
{
    fprintf(f, "r_%s", thread->reg[reg].name);
}

/* Where an access goes: a location, or an address that is computed. */
static void emit_place(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                       unsigned location, const struct litmus_expression *address)
{
    if (address == NULL) {
        emit_location(f, test, location);
    } else {
        emit_expression(f, test, thread, address);
    }
}

/* A value that is to be of that type. C converts integers, but pointers only if it is told to. */
static void emit_converted(FILE *f, const struct litmus_test *test,
                           const struct litmus_thread *thread, const struct litmus_expression *e,
                           const struct litmus_type *type)
{
    if (type != NULL && type->target != NULL) {
        struct litmus_type plain = *type;
        plain.is_atomic = plain.is_volatile = false;
        fputc('(', f);
        litmus_print_type(f, &plain);
        fputc(')', f);
    }
    emit_expression(f, test, thread, e);
}

static void emit_rmw(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                     const struct litmus_expression *e)
{
    static const char *const names[] = {[LITMUS_ADD] = "fetch_add", [LITMUS_SUBTRACT] = "fetch_sub",
                                        [LITMUS_OR] = "fetch_or",   [LITMUS_AND] = "fetch_and",
                                        [LITMUS_XOR] = "fetch_xor", [LITMUS_EXCHANGE] = "exchange"};
    const bool is_flag = e->object->is_flag;
    fprintf(f, "atomic_%s_explicit(", is_flag ? "flag_test_and_set" : names[e->operator]);
    emit_place(f, test, thread, e->location, e->address);
    if (!is_flag) {
        fputs(", ", f);
        emit_converted(f, test, thread, e->left, e->type);
    }
    fprintf(f, ", %s)", litmus_order_name(e->order));
}

static void emit_cas(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                     const struct litmus_expression *e)
{
    struct litmus_type type = *e->object;
    type.is_atomic = type.is_volatile = false;
    fprintf(f, "atomic_compare_exchange_%s_explicit(", e->weak ? "weak" : "strong");
    emit_place(f, test, thread, e->location, e->address);
    fputs(", (", f);
    litmus_print_type(f, &type);
    fputs(" *)", f); /* a volatile one may be meant, or one that is unsigned */
    if (e->expected_location == LITMUS_NOWHERE) {
        fputc('&', f);
        emit_register(f, thread, e->reg);
    } else {
        emit_location(f, test, e->expected_location);
    }
    fputs(", ", f);
    emit_converted(f, test, thread, e->left, &type);
    fprintf(f, ", %s, %s)", litmus_order_name(e->order), litmus_order_name(e->failure_order));
}

static void emit_constant(FILE *f, const struct litmus_expression *e)
{
    if (litmus_is_int(e->type)) {
        fprintf(f, "%" PRId64, e->value);
    } else if (e->type->is_signed) {
        fprintf(f, "INT64_C(%" PRId64 ")", e->value);
    } else {
        fprintf(f, "%s(%" PRIu64 ")", e->type->size == 8 ? "UINT64_C" : "UINT32_C",
                (uint64_t)e->value);
    }
}

static void emit_expression(FILE *f, const struct litmus_test *test,
                            const struct litmus_thread *thread, const struct litmus_expression *e)
{
    switch (e->kind) {
    case LITMUS_CONSTANT:
        emit_constant(f, e);
        break;
    case LITMUS_REGISTER:
        emit_register(f, thread, e->reg);
        break;
    case LITMUS_POINTER:
        emit_location(f, test, e->location);
        break;
    case LITMUS_UNARY:
        fprintf(f, "(%s", litmus_operator_name(e->operator));
        emit_expression(f, test, thread, e->left);
        fputc(')', f);
        break;
    case LITMUS_CAST:
        fputs("((", f);
        litmus_print_type(f, e->type);
        fputc(')', f);
        emit_expression(f, test, thread, e->left);
        fputc(')', f);
        break;
    case LITMUS_BINARY:
        fputc('(', f);
        emit_expression(f, test, thread, e->left);
        fprintf(f, " %s ", litmus_operator_name(e->operator));
        emit_expression(f, test, thread, e->right);
        fputc(')', f);
        break;
    case LITMUS_CHOICE:
        fputc('(', f);
        emit_expression(f, test, thread, e->condition);
        fputs(" ? ", f);
        emit_converted(f, test, thread, e->left, e->type);
        fputs(" : ", f);
        emit_converted(f, test, thread, e->right, e->type);
        fputc(')', f);
        break;
    case LITMUS_LOAD:
        if (e->order == LITMUS_PLAIN) {
            fputc('*', f);
            emit_place(f, test, thread, e->location, e->address);
        } else {
            fputs("atomic_load_explicit(", f);
            emit_place(f, test, thread, e->location, e->address);
            fprintf(f, ", %s)", litmus_order_name(e->order));
        }
        break;
    case LITMUS_RMW:
        emit_rmw(f, test, thread, e);
        break;
    case LITMUS_CAS:
        emit_cas(f, test, thread, e);
        break;
    }
}

static void indent(FILE *f, unsigned depth)
{
    for (unsigned i = 0; i < depth; ++i) {
        fputs("    ", f);
    }
}

static void emit_store(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                       const struct litmus_statement *s)
{
    const bool is_atomic = s->type != NULL && s->type->is_atomic;
    const bool is_flag = s->type != NULL && s->type->is_flag;
    if (s->order == LITMUS_PLAIN && !is_atomic) {
        fputc('*', f);
        emit_place(f, test, thread, s->location, s->address);
        fputs(" = ", f);
        emit_converted(f, test, thread, s->expression, s->type);
        return;
    }
    fputs(is_flag                    ? "atomic_flag_clear_explicit("
          : s->order == LITMUS_PLAIN ? "atomic_init("
                                     : "atomic_store_explicit(",
          f);
    emit_place(f, test, thread, s->location, s->address);
    if (!is_flag) {
        fputs(", ", f);
        emit_converted(f, test, thread, s->expression, s->type);
    }
    if (s->order != LITMUS_PLAIN) {
        fprintf(f, ", %s", litmus_order_name(s->order));
    }
    fputc(')', f);
}

/* One without a block, and without what ends it. */
static void emit_simple(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                        const struct litmus_statement *s)
{
    switch (s->kind) {
    case LITMUS_ASSIGN:
        emit_register(f, thread, s->reg);
        fputs(" = ", f);
        emit_converted(f, test, thread, s->expression, thread->reg[s->reg].type);
        break;
    case LITMUS_STORE:
        emit_store(f, test, thread, s);
        break;
    case LITMUS_FENCE:
    case LITMUS_SIGNAL_FENCE:
        fprintf(f, "atomic_%s_fence(%s)", s->kind == LITMUS_FENCE ? "thread" : "signal",
                litmus_order_name(s->order));
        break;
    case LITMUS_EVALUATE:
        fputs("(void)", f);
        emit_expression(f, test, thread, s->expression);
        break;
    case LITMUS_BREAK:
    case LITMUS_CONTINUE:
        fputs(s->kind == LITMUS_BREAK ? "break" : "continue", f);
        break;
    default:
        break;
    }
}

static void emit_statements(FILE *f, const struct litmus_test *test,
                            const struct litmus_thread *thread, const struct litmus_statement *s,
                            unsigned depth);

/* Each loop counts its rounds, and gives up the instance rather than never end. */
static void emit_loop(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                      const struct litmus_statement *s, unsigned depth)
{
    fprintf(f, "for (unsigned rounds%u = 0; ", depth);
    if (s->kind == LITMUS_DO) {
        fprintf(f, "rounds%u == 0 || ", depth);
    }
    emit_expression(f, test, thread, s->expression);
    fputs("; ", f);
    if (s->otherwise != NULL) {
        emit_simple(f, test, thread, s->otherwise);
    }
    fputs(") {\n", f);
    indent(f, depth + 1);
    fprintf(f, "if (rounds%u++ == %u) {\n", depth, LITMUS_MOST_ROUNDS);
    indent(f, depth + 2);
    fputs("*endless = 1;\n", f);
    indent(f, depth + 2);
    fputs("return;\n", f);
    indent(f, depth + 1);
    fputs("}\n", f);
    emit_statements(f, test, thread, s->body, depth + 1);
    indent(f, depth);
    fputs("}\n", f);
}

static void emit_if(FILE *f, const struct litmus_test *test, const struct litmus_thread *thread,
                    const struct litmus_statement *s, unsigned depth)
{
    fputs("if (", f);
    emit_expression(f, test, thread, s->expression);
    fputs(") {\n", f);
    emit_statements(f, test, thread, s->body, depth + 1);
    indent(f, depth);
    if (s->otherwise != NULL) {
        fputs("} else {\n", f);
        emit_statements(f, test, thread, s->otherwise, depth + 1);
        indent(f, depth);
    }
    fputs("}\n", f);
}

static void emit_statements(FILE *f, const struct litmus_test *test,
                            const struct litmus_thread *thread, const struct litmus_statement *s,
                            unsigned depth)
{
    for (; s != NULL; s = s->next) {
        indent(f, depth);
        if (s->kind == LITMUS_IF) {
            emit_if(f, test, thread, s, depth);
        } else if (s->kind == LITMUS_WHILE || s->kind == LITMUS_DO) {
            emit_loop(f, test, thread, s, depth);
        } else {
            emit_simple(f, test, thread, s);
            fputs(";\n", f);
        }
    }
}

static bool is_observed(const struct litmus_test *test, unsigned thread, unsigned reg)
{
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (test->observed[i].thread == thread && test->observed[i].index == reg) {
            return true;
        }
    }
    return false;
}

static const struct litmus_parameter *parameter_of(const struct litmus_test *test, unsigned thread,
                                                   unsigned location)
{
    for (unsigned i = 0; i < test->thread[thread].parameter_count; ++i) {
        if (test->thread[thread].parameter[i].location == location) {
            return &test->thread[thread].parameter[i];
        }
    }
    return NULL;
}

/* Besides the parameters, what its registers point to at first. */
unsigned emit_parameters(const struct litmus_test *test, unsigned thread, unsigned *location)
{
    const struct litmus_thread *t = &test->thread[thread];
    unsigned count = 0;
    for (unsigned i = 0; i < t->parameter_count; ++i) {
        location[count++] = t->parameter[i].location;
    }
    for (unsigned i = 0; i < t->register_count; ++i) {
        const struct litmus_register *reg = &t->reg[i];
        if (test->dialect != LITMUS_C || reg->type == NULL || reg->type->target == NULL ||
            !LITMUS_IS_ADDRESS(reg->initial)) {
            continue;
        }
        const unsigned at = LITMUS_ADDRESS_OF(reg->initial), first = at - test->location[at].index;
        unsigned k = 0;
        while (k < count && location[k] != first) {
            ++k;
        }
        location[k] = first;
        count = k == count ? count + 1 : count;
    }
    return count;
}

void emit_parameter_type(FILE *f, const struct litmus_test *test, unsigned thread,
                         unsigned location)
{
    const struct litmus_parameter *parameter = parameter_of(test, thread, location);
    litmus_print_type(f, parameter != NULL && parameter->type != NULL
                             ? parameter->type
                             : test->location[location].type);
}

static void emit_initial(FILE *f, const struct litmus_test *test, const struct litmus_register *reg)
{
    const bool is_pointer = reg->type != NULL && reg->type->target != NULL;
    fputs("    ", f);
    litmus_print_type(f, reg->type);
    fprintf(f, " r_%s = ", reg->name);
    if (is_pointer && LITMUS_IS_ADDRESS(reg->initial)) {
        fputc('(', f);
        litmus_print_type(f, reg->type);
        fputc(')', f);
        emit_location(f, test, LITMUS_ADDRESS_OF(reg->initial));
    } else if (!is_pointer && reg->type != NULL && reg->type->size == 8 && !reg->type->is_signed) {
        fprintf(f, "UINT64_C(%" PRIu64 ")", (uint64_t)reg->initial);
    } else {
        fprintf(f, "%" PRId64, reg->initial);
    }
    fputs(";\n", f);
}

void emit_body(FILE *f, const struct litmus_test *test, unsigned index, bool wide)
{
    const struct litmus_thread *thread = &test->thread[index];
    const char *separator = "";
    fprintf(f, "static inline void P%u(", index);
    unsigned location[LITMUS_MOST_LOCATIONS];
    const unsigned count = emit_parameters(test, index, location);
    for (unsigned i = 0; i < count; ++i) {
        fputs(separator, f);
        emit_parameter_type(f, test, index, location[i]);
        fputs(" *", f);
        emit_location(f, test, location[i]);
        separator = ", ";
    }
    for (unsigned i = 0; i < thread->register_count; ++i) {
        if (is_observed(test, index, i)) {
            fprintf(f, "%sint%u_t *out_%s", separator, wide ? 64u : 32u, thread->reg[i].name);
            separator = ", ";
        }
    }
    if (litmus_loops(thread)) {
        fprintf(f, "%sint64_t *endless", separator);
        separator = ", ";
    }
    fprintf(f, "%s)\n{\n", *separator == '\0' ? "void" : "");
    if (test->dialect != LITMUS_C) {
        asm_emit_body(f, test, index);
        fputs("}\n\n", f);
        return;
    }
    for (unsigned i = 0; i < thread->register_count; ++i) {
        emit_initial(f, test, &thread->reg[i]);
    }
    emit_statements(f, test, thread, thread->body, 1);
    fputs("    COMPILER_FENCE();\n", f);
    for (unsigned i = 0; i < thread->register_count; ++i) {
        if (is_observed(test, index, i)) {
            const struct litmus_type *type = thread->reg[i].type;
            const bool is_pointer = type != NULL && type->target != NULL;
            fprintf(f, "    *out_%s = %sr_%s;\n", thread->reg[i].name,
                    is_pointer ? "(intptr_t)" : "", thread->reg[i].name);
        }
    }
    fputs(litmus_loops(thread) ? "    *endless = 0;\n" : "", f);
    fputs("    COMPILER_FENCE();\n}\n\n", f);
}

const char *emit_results(FILE *f, const struct litmus_test *test, unsigned index,
                         const char *separator)
{
    /* The results' planes are numbered like the columns, not like the registers. */
    for (unsigned reg = 0; reg < test->thread[index].register_count; ++reg) {
        for (unsigned column = 0; column < test->observed_count; ++column) {
            if (test->observed[column].thread == index && test->observed[column].index == reg) {
                fprintf(f, "%sresult + %u * count + i", separator, column);
                separator = ", ";
            }
        }
    }
    return separator;
}

void emit_proposition(FILE *f, const struct litmus_proposition *p, const char *before,
                      const char *after)
{
    switch (p->kind) {
    case LITMUS_TRUE:
    case LITMUS_FALSE:
        fputs(p->kind == LITMUS_TRUE ? "1" : "0", f);
        break;
    case LITMUS_IS: /* without a sign, for the least one is no constant of C with it */
        fprintf(f, "(uint64_t)%s%u%s == UINT64_C(%" PRIu64 ")", before, p->column, after,
                (uint64_t)p->value);
        break;
    case LITMUS_NEITHER:
        fputs("!(", f);
        emit_proposition(f, p->left, before, after);
        fputc(')', f);
        break;
    case LITMUS_BOTH:
    case LITMUS_EITHER:
        fputc('(', f);
        emit_proposition(f, p->left, before, after);
        fputs(p->kind == LITMUS_BOTH ? ") && (" : ") || (", f);
        emit_proposition(f, p->right, before, after);
        fputc(')', f);
        break;
    }
}
