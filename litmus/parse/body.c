/* body.c - a thread's body: statements and expressions. */
#include "parser.h"

#include <string.h>

static struct litmus_expression *read_expression(struct parser *parser);
static struct litmus_statement *read_statement(struct parser *parser);

static struct litmus_expression *
new_expression(struct parser *parser, enum litmus_expression_kind kind, struct litmus_place place)
{
    struct litmus_expression *e = parser_node(parser, sizeof *e);
    e->kind = kind;
    e->place = place;
    e->order = e->failure_order = LITMUS_PLAIN;
    e->expected_location = LITMUS_NOWHERE;
    return e;
}

static struct litmus_statement *
new_statement(struct parser *parser, enum litmus_statement_kind kind, struct litmus_place place)
{
    if (++parser->statements > LITMUS_MOST_STATEMENTS) {
        parser_fail(parser, place, "more than %u statements", LITMUS_MOST_STATEMENTS);
    }
    struct litmus_statement *s = parser_node(parser, sizeof *s);
    s->kind = kind;
    s->place = place;
    s->order = LITMUS_PLAIN;
    return s;
}

/* Names. */

unsigned parser_find_register(const struct litmus_thread *thread, const char *name)
{
    for (unsigned i = 0; i < thread->register_count; ++i) {
        if (strcmp(thread->reg[i].name, name) == 0) {
            return i;
        }
    }
    return LITMUS_NOWHERE;
}

unsigned parser_add_register(struct parser *parser, struct litmus_thread *thread, const char *name,
                             struct litmus_place place)
{
    if (thread->register_count == LITMUS_MOST_REGISTERS) {
        parser_fail(parser, place, "more than %u registers in one thread", LITMUS_MOST_REGISTERS);
    }
    thread->reg = parser_grow(parser, thread->reg, thread->register_count, sizeof *thread->reg);
    thread->reg[thread->register_count].name = name;
    thread->reg[thread->register_count].place = place;
    return thread->register_count++;
}

static unsigned this_thread(const struct parser *parser)
{
    return (unsigned)(parser->thread - parser->test->thread);
}

static const struct litmus_parameter *find_parameter(const struct parser *parser, const char *name)
{
    for (unsigned i = 0; i < parser->thread->parameter_count; ++i) {
        const struct litmus_parameter *parameter = &parser->thread->parameter[i];
        if (strcmp(parser->test->location[parameter->location].name, name) == 0) {
            return parameter;
        }
    }
    return NULL;
}

static const struct litmus_parameter *need_parameter(struct parser *parser, const char *name,
                                                     struct litmus_place place)
{
    const struct litmus_parameter *parameter = find_parameter(parser, name);
    if (parameter == NULL && parser_find_register(parser->thread, name) != LITMUS_NOWHERE) {
        parser_fail(parser, place,
                    "expected a pointer to a location, found '%s' (a register of P%u)", name,
                    this_thread(parser));
    }
    if (parameter == NULL && parser_find_location(parser->test, name) != LITMUS_NOWHERE) {
        parser_fail(parser, place, "'%s' is no parameter of P%u (add it: atomic_int* %s)", name,
                    this_thread(parser), name);
    }
    if (parameter == NULL) {
        parser_fail(parser, place, "unknown location '%s': no parameter of P%u has this name", name,
                    this_thread(parser));
    }
    return parameter;
}

static unsigned need_register(struct parser *parser, const char *name, struct litmus_place place)
{
    const unsigned reg = parser_find_register(parser->thread, name);
    if (find_parameter(parser, name) != NULL) {
        parser_fail(parser, place, "expected a register, found the pointer '%s' (its value is *%s)",
                    name, name);
    }
    if (reg == LITMUS_NOWHERE || !parser->visible[reg]) {
        parser_fail(parser, place, "unknown register '%s' (declare it first: int %s = ...;)%s",
                    name, name, reg == LITMUS_NOWHERE ? "" : ": it was declared in an inner block");
    }
    return reg;
}

/* Calls. */

static unsigned read_atomic_location(struct parser *parser, const char *function)
{
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "a pointer to an atomic location");
    const struct litmus_parameter *parameter = need_parameter(parser, name, place);
    if (!parameter->is_atomic) {
        parser_fail(parser, place,
                    "%s needs an atomic location: '%s' is int* in P%u (make it atomic_int*)",
                    function, name, this_thread(parser));
    }
    return parameter->location;
}

/* The expected value's home: &register, or a plain location. */
static void read_expected(struct parser *parser, struct litmus_expression *e)
{
    const struct litmus_place place = parser->token.place;
    if (parser_accept(parser, MARK('&', 0))) {
        const struct litmus_place of_name = parser->token.place;
        e->reg = need_register(parser, parser_name(parser, "a register"), of_name);
        return;
    }
    const char *name = parser_name(parser, "&register or a plain location, for the expected value");
    const struct litmus_parameter *parameter = need_parameter(parser, name, place);
    if (parameter->is_atomic) {
        parser_fail(parser, place,
                    "the expected value must be &register or a plain int*, and '%s' is atomic",
                    name);
    }
    e->expected_location = parameter->location;
}

static void read_comma(struct parser *parser)
{
    parser_expect(parser, MARK(',', 0), "',' and another argument", NULL);
}

/* A call, after its name. A store or a fence becomes a statement: *statement is set, and NULL
 * returned; where no statement may stand, `statement` is NULL.
 */
static struct litmus_expression *read_call(struct parser *parser, const char *name,
                                           struct litmus_place place,
                                           struct litmus_statement **statement)
{
    bool is_explicit;
    const struct parser_function *function = parser_function(parser, name, place, &is_explicit);
    struct litmus_expression *e = new_expression(parser, LITMUS_LOAD, place);
    if (statement == NULL && (function->call == CALL_STORE || function->call == CALL_FENCE)) {
        parser_fail(parser, place, "%s has no value: it cannot stand in an expression", name);
    }
    parser_expect(parser, MARK('(', 0), "'(' and the arguments", NULL);
    e->operator= function->operator;
    e->weak = function->weak;
    e->order = e->failure_order = LITMUS_SEQ_CST;
    if (function->call != CALL_FENCE) {
        e->location = read_atomic_location(parser, name);
    }
    switch (function->call) {
    case CALL_LOAD:
        e->order = is_explicit ? (read_comma(parser), parser_order(parser, PARSER_LOADS, "a load"))
                               : e->order;
        break;
    case CALL_FENCE:
        *statement = new_statement(parser, LITMUS_FENCE, place);
        (*statement)->order = parser_order(parser, PARSER_FENCES, "a fence");
        e = NULL;
        break;
    case CALL_STORE:
        *statement = new_statement(parser, LITMUS_STORE, place);
        (*statement)->location = e->location;
        read_comma(parser);
        (*statement)->expression = read_expression(parser);
        (*statement)->order =
            is_explicit ? (read_comma(parser), parser_order(parser, PARSER_STORES, "a store"))
                        : e->order;
        e = NULL;
        break;
    case CALL_RMW:
        e->kind = LITMUS_RMW;
        read_comma(parser);
        e->left = read_expression(parser);
        e->order = is_explicit ? (read_comma(parser),
                                  parser_order(parser, PARSER_LOADS | PARSER_STORES, ""))
                               : e->order;
        break;
    case CALL_CAS:
        e->kind = LITMUS_CAS;
        read_comma(parser);
        read_expected(parser, e);
        read_comma(parser);
        e->left = read_expression(parser);
        if (is_explicit) {
            read_comma(parser);
            e->order = parser_order(parser, PARSER_LOADS | PARSER_STORES, "");
            read_comma(parser);
            e->failure_order = parser_order(parser, PARSER_LOADS,
                                            "a failed compare-exchange only loads, and its order");
        }
        break;
    }
    parser_expect(parser, MARK(')', 0), "')'", NULL);
    return e;
}

/* Expressions. */

static const struct {
    unsigned mark;
    int precedence;
} binary[] = {
    [LITMUS_OR_ELSE] = {MARK('|', '|'), 1},
    [LITMUS_AND_THEN] = {MARK('&', '&'), 2},
    [LITMUS_OR] = {MARK('|', 0), 3},
    [LITMUS_XOR] = {MARK('^', 0), 4},
    [LITMUS_AND] = {MARK('&', 0), 5},
    [LITMUS_EQUAL] = {MARK('=', '='), 6},
    [LITMUS_UNEQUAL] = {MARK('!', '='), 6},
    [LITMUS_LESS] = {MARK('<', 0), 7},
    [LITMUS_LESS_EQUAL] = {MARK('<', '='), 7},
    [LITMUS_GREATER] = {MARK('>', 0), 7},
    [LITMUS_GREATER_EQUAL] = {MARK('>', '='), 7},
    [LITMUS_SHIFT_LEFT] = {MARK('<', '<'), 8},
    [LITMUS_SHIFT_RIGHT] = {MARK('>', '>'), 8},
    [LITMUS_ADD] = {MARK('+', 0), 9},
    [LITMUS_SUBTRACT] = {MARK('-', 0), 9},
    [LITMUS_MULTIPLY] = {MARK('*', 0), 10},
};

const char *litmus_operator_name(enum litmus_operator operator)
{
    static const char *const names[] = {"||", "&&", "|",  "^", "&", "==", "!=", "<", "<=", ">",
                                        ">=", "<<", ">>", "+", "-", "*",  "-",  "!", "~",  "="};
    return names[operator];
}

/* *x, after the star. On an atomic location C makes of it a seq_cst access, and so do we. */
static unsigned read_dereference(struct parser *parser, enum litmus_order *order)
{
    const struct litmus_place place = parser->token.place;
    if (parser_is(parser, MARK('*', 0))) {
        parser_fail(parser, place, "pointers to pointers are not supported");
    }
    if (parser_is(parser, MARK('(', 0))) {
        parser_expected(parser, "the name of a location",
                        "casts and computed addresses are not supported");
    }
    const char *name = parser_name(parser, "the name of a location");
    const struct litmus_parameter *parameter = need_parameter(parser, name, place);
    *order = parameter->is_atomic ? LITMUS_SEQ_CST : LITMUS_PLAIN;
    return parameter->location;
}

static struct litmus_expression *read_primary(struct parser *parser)
{
    const struct litmus_place place = parser->token.place;
    struct litmus_expression *e;
    if (parser->token.kind == TOKEN_NUMBER) {
        e = new_expression(parser, LITMUS_CONSTANT, place);
        e->value = parser_integer(parser, false);
        return e;
    }
    if (parser_accept(parser, MARK('*', 0))) {
        e = new_expression(parser, LITMUS_LOAD, place);
        e->location = read_dereference(parser, &e->order);
        return e;
    }
    if (parser_accept(parser, MARK('(', 0))) {
        if (parser_is_word(parser, "int") || parser_is_word(parser, "void")) {
            parser_expected(parser, "an expression", "casts are not supported");
        }
        e = read_expression(parser);
        parser_expect(parser, MARK(')', 0), "')'", NULL);
        return e;
    }
    if (parser->token.kind != TOKEN_NAME) {
        parser_expected(parser, "an expression",
                        parser_is(parser, MARK('&', 0)) ? "addresses are not values here" : NULL);
    }
    const char *name = parser_name(parser, "an expression");
    if (parser_is(parser, MARK('(', 0))) {
        return read_call(parser, name, place, NULL);
    }
    e = new_expression(parser, LITMUS_REGISTER, place);
    e->reg = need_register(parser, name, place);
    return e;
}

static struct litmus_expression *read_unary(struct parser *parser)
{
    static const struct {
        unsigned mark;
        enum litmus_operator operator;
    } unary[] = {{MARK('-', 0), LITMUS_NEGATE},
                 {MARK('!', 0), LITMUS_NOT},
                 {MARK('~', 0), LITMUS_COMPLEMENT}};
    const struct litmus_place place = parser->token.place;
    struct litmus_expression *e = NULL;
    parser_enter(parser);
    for (size_t i = 0; e == NULL && i < sizeof unary / sizeof *unary; ++i) {
        if (parser_accept(parser, unary[i].mark)) {
            e = new_expression(parser, LITMUS_UNARY, place);
            e->operator= unary[i].operator;
            e->left = read_unary(parser);
        }
    }
    if (e == NULL) {
        (void)parser_accept(parser, MARK('+', 0));
        e = read_primary(parser);
    }
    parser_leave(parser);
    return e;
}

static int binary_at(const struct parser *parser)
{
    for (int i = LITMUS_OR_ELSE; i <= LITMUS_MULTIPLY; ++i) {
        if (parser_is(parser, binary[i].mark)) {
            return i;
        }
    }
    return -1;
}

/* Operators that bind at least as tightly as `least`, from left to right. Each one deepens the
 * tree, hence counts as a level.
 */
static struct litmus_expression *read_binary(struct parser *parser, int least)
{
    struct litmus_expression *left = read_unary(parser);
    const unsigned depth = parser->depth;
    for (int found; (found = binary_at(parser)) >= 0 && binary[found].precedence >= least;) {
        struct litmus_expression *e = new_expression(parser, LITMUS_BINARY, parser->token.place);
        parser_enter(parser);
        parser_advance(parser);
        e->operator=(enum litmus_operator) found;
        e->left = left;
        e->right = read_binary(parser, binary[found].precedence + 1);
        left = e;
    }
    parser->depth = depth;
    return left;
}

static struct litmus_expression *read_expression(struct parser *parser)
{
    struct litmus_expression *e = read_binary(parser, 1);
    if (parser_is(parser, MARK('/', 0)) || parser_is(parser, MARK('%', 0))) {
        parser_fail(parser, parser->token.place,
                    "division is not supported: it could trap in the middle of a run");
    }
    if (parser_is(parser, MARK('?', 0))) {
        parser_fail(parser, parser->token.place, "?: is not supported (use if and else)");
    }
    return e;
}

/* Statements. */

static void end_statement(struct parser *parser, const char *what)
{
    parser_expect(parser, MARK(';', 0), what, NULL);
}

/* After `int`: registers, each perhaps with a value. Returns the assignments. */
static struct litmus_statement *read_declaration(struct parser *parser)
{
    struct litmus_statement *first = NULL, **last = &first;
    do {
        const struct litmus_place place = parser->token.place;
        if (parser_is(parser, MARK('*', 0))) {
            parser_fail(parser, place, "pointers in registers are not supported");
        }
        const char *name = parser_name(parser, "the name of a register");
        unsigned reg = parser_find_register(parser->thread, name);
        if (find_parameter(parser, name) != NULL) {
            parser_fail(parser, place, "'%s' is a parameter of P%u: give the register another name",
                        name, this_thread(parser));
        }
        if (reg != LITMUS_NOWHERE && parser->visible[reg]) {
            parser_fail(parser, place, "register '%s' is declared twice (first at line %u)", name,
                        parser->thread->reg[reg].place.line);
        }
        if (reg == LITMUS_NOWHERE) {
            reg = parser_add_register(parser, parser->thread, name, place);
        }
        if (parser_accept(parser, MARK('=', 0))) {
            *last = new_statement(parser, LITMUS_ASSIGN, place);
            (*last)->reg = reg;
            (*last)->expression = read_expression(parser);
            last = &(*last)->next;
        }
        parser->visible[reg] = true;
    } while (parser_accept(parser, MARK(',', 0)));
    end_statement(parser, "';' after the declaration");
    return first;
}

/* One statement as a block of its own: what it declares ends with it. */
static struct litmus_statement *read_scope(struct parser *parser)
{
    bool outside[LITMUS_MOST_REGISTERS];
    memcpy(outside, parser->visible, sizeof outside);
    struct litmus_statement *s =
        parser_accept(parser, MARK('{', 0)) ? parser_body(parser) : read_statement(parser);
    memcpy(parser->visible, outside, sizeof outside);
    return s;
}

static struct litmus_statement *read_if(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = new_statement(parser, LITMUS_IF, place);
    parser_expect(parser, MARK('(', 0), "'(' after if", NULL);
    s->expression = read_expression(parser);
    parser_expect(parser, MARK(')', 0), "')' after the condition", NULL);
    s->body = read_scope(parser);
    if (parser_accept_word(parser, "else")) {
        s->otherwise = read_scope(parser);
    }
    return s;
}

static struct litmus_statement *read_plain_store(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = new_statement(parser, LITMUS_STORE, place);
    s->location = read_dereference(parser, &s->order);
    parser_expect(parser, MARK('=', 0), "'=' and the value to store", NULL);
    s->expression = read_expression(parser);
    end_statement(parser, "';' after the store");
    return s;
}

/* A statement that begins with a name: a call or an assignment. */
static struct litmus_statement *read_named(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = NULL;
    const char *name = parser_name(parser, "a statement");
    if (parser_is(parser, MARK('(', 0))) {
        struct litmus_expression *e = read_call(parser, name, place, &s);
        if (s == NULL) {
            s = new_statement(parser, LITMUS_EVALUATE, place);
            s->expression = e;
        }
        end_statement(parser, "';' after the call");
        return s;
    }
    s = new_statement(parser, LITMUS_ASSIGN, place);
    s->reg = need_register(parser, name, place);
    parser_expect(parser, MARK('=', 0), "'=' and the register's new value", NULL);
    s->expression = read_expression(parser);
    end_statement(parser, "';' after the assignment");
    return s;
}

static void refuse_unsupported(struct parser *parser)
{
    static const char *const loops[] = {"while", "for", "do", "goto", "switch"};
    static const char *const types[] = {"long",  "unsigned",   "char",   "short", "void",
                                        "_Bool", "atomic_int", "signed", "struct"};
    if (parser_is_word(parser, "exists") || parser_is_word(parser, "forall") ||
        parser_is_word(parser, "locations")) {
        parser_expected(parser, "a statement or '}'", "the thread's body has not ended");
    }
    for (size_t i = 0; i < sizeof loops / sizeof *loops; ++i) {
        if (parser_is_word(parser, loops[i])) {
            parser_fail(parser, parser->token.place,
                        "'%s': loops and jumps are not supported (if and else are)", loops[i]);
        }
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
        if (parser_is_word(parser, types[i])) {
            parser_fail(parser, parser->token.place, "registers are int; '%s' is not supported",
                        types[i]);
        }
    }
}

static struct litmus_statement *read_statement(struct parser *parser)
{
    const struct litmus_place place = parser->token.place;
    struct litmus_statement *s = NULL;
    parser_enter(parser);
    refuse_unsupported(parser);
    if (parser_accept_word(parser, "int")) {
        s = read_declaration(parser);
    } else if (parser_accept_word(parser, "if")) {
        s = read_if(parser, place);
    } else if (parser_is(parser, MARK('{', 0))) {
        s = read_scope(parser);
    } else if (parser_accept(parser, MARK('*', 0))) {
        s = read_plain_store(parser, place);
    } else if (parser->token.kind == TOKEN_NAME) {
        s = read_named(parser, place);
    } else if (!parser_accept(parser, MARK(';', 0))) {
        parser_expected(parser, "a statement or '}'", NULL);
    }
    parser_leave(parser);
    return s;
}

struct litmus_statement *parser_body(struct parser *parser)
{
    struct litmus_statement *first = NULL, **last = &first;
    while (!parser_is(parser, MARK('}', 0))) {
        *last = read_statement(parser);
        while (*last != NULL) {
            last = &(*last)->next;
        }
    }
    parser->in_body = parser->depth != 0; /* only statements nest */
    parser_advance(parser);
    return first;
}
