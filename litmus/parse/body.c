/* body.c - a thread's body: its registers and statements. */
#include "parser.h"

#include <string.h>

static struct litmus_statement *read_statement(struct parser *parser);

struct litmus_statement *parser_new_statement(struct parser *parser,
                                              enum litmus_statement_kind kind,
                                              struct litmus_place place)
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
    memset(&thread->reg[thread->register_count], 0, sizeof *thread->reg);
    thread->reg[thread->register_count].name = name;
    thread->reg[thread->register_count].place = place;
    return thread->register_count++;
}

static void end_statement(struct parser *parser, const char *what)
{
    parser_expect(parser, MARK(';', 0), what, NULL);
}

/* Registers. */

static unsigned declare(struct parser *parser, const char *name, struct litmus_place place,
                        const struct litmus_type *type)
{
    unsigned reg = parser_find_register(parser->thread, name);
    if (parser_find_parameter(parser, name) != NULL) {
        parser_fail(parser, place, "'%s' is a parameter of P%u: give the register another name",
                    name, (unsigned)(parser->thread - parser->test->thread));
    }
    if (reg != LITMUS_NOWHERE && parser->visible[reg]) {
        parser_fail(parser, place, "register '%s' is declared twice (first at line %u)", name,
                    parser->thread->reg[reg].place.line);
    }
    if (type->is_atomic && type->target == NULL) {
        parser_fail(parser, place, "register '%s' is local to its thread: it cannot be atomic",
                    name);
    }
    type = parser_plain(parser, type);
    if (reg == LITMUS_NOWHERE) {
        reg = parser_add_register(parser, parser->thread, name, place);
        parser->thread->reg[reg].type = type;
    }
    const struct litmus_type *before = parser->thread->reg[reg].type;
    if (strcmp(parser_type_text(parser, before), parser_type_text(parser, type)) != 0) {
        parser_fail(parser, place, "register '%s' is %s here, but %s at line %u", name,
                    parser_type_text(parser, type), parser_type_text(parser, before),
                    parser->thread->reg[reg].place.line);
    }
    parser_note_type(parser, type);
    return reg;
}

/* Registers, each perhaps with a value. Returns the assignments. */
static struct litmus_statement *read_declaration(struct parser *parser)
{
    struct litmus_statement *first = NULL, **last = &first;
    const struct litmus_type *base = parser_type(parser);
    do {
        const struct litmus_type *type = parser_stars(parser, base);
        const struct litmus_place place = parser->token.place;
        const char *name = parser_name(parser, "the name of a register");
        if (parser_is(parser, MARK('[', 0))) {
            parser_fail(parser, parser->token.place,
                        "arrays are locations: declare it in the initial state");
        }
        const unsigned reg = declare(parser, name, place, type);
        type = parser->thread->reg[reg].type;
        if (parser_accept(parser, MARK('=', 0))) {
            *last = parser_new_statement(parser, LITMUS_ASSIGN, place);
            (*last)->reg = reg;
            (*last)->expression = parser_expression(parser);
            parser_convertible(parser, (*last)->expression, type);
            last = &(*last)->next;
        }
        parser->visible[reg] = true;
    } while (parser_accept(parser, MARK(',', 0)));
    end_statement(parser, "';' after the declaration");
    return first;
}

/* Assignments. */

static int assignment_at(const struct parser *parser)
{
    static const struct {
        unsigned mark;
        enum litmus_operator operator;
    } marks[] = {{MARK('=', 0), LITMUS_EXCHANGE},
                 {MARK('+', '='), LITMUS_ADD},
                 {MARK('-', '='), LITMUS_SUBTRACT},
                 {MARK('*', '='), LITMUS_MULTIPLY},
                 {MARK('/', '='), LITMUS_DIVIDE},
                 {MARK('%', '='), LITMUS_REMAINDER},
                 {MARK('&', '='), LITMUS_AND},
                 {MARK('|', '='), LITMUS_OR},
                 {MARK('^', '='), LITMUS_XOR},
                 {MARK3('<', '<', '='), LITMUS_SHIFT_LEFT},
                 {MARK3('>', '>', '='), LITMUS_SHIFT_RIGHT}};
    for (size_t i = 0; i < sizeof marks / sizeof *marks; ++i) {
        if (parser_is(parser, marks[i].mark)) {
            return (int)marks[i].operator;
        }
    }
    return -1;
}

/* x op= value, on an atomic location: one read-modify-write, as C has it. */
static struct litmus_statement *modify(struct parser *parser, struct litmus_expression *place,
                                       enum litmus_operator operator,
                                       struct litmus_expression * value)
{
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_EVALUATE, place->place);
    if (operator!= LITMUS_ADD && operator!= LITMUS_SUBTRACT && operator!= LITMUS_AND && operator!=
        LITMUS_OR &&
        operator!= LITMUS_XOR) {
        parser_fail(parser, place->place, "'%s=' on an atomic location is not supported",
                    litmus_operator_name(operator));
    }
    if (place->type->target != NULL || value->type->target != NULL) {
        parser_fail(parser, place->place, "'%s=' on an atomic pointer is not supported",
                    litmus_operator_name(operator));
    }
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_RMW, place->place);
    e->location = place->location;
    e->address = place->address;
    e->type = place->type;
    e->object = place->object;
    e->operator= operator;
    e->order = e->failure_order = LITMUS_SEQ_CST;
    e->left = value;
    s->expression = e;
    return s;
}

static bool has_effect(const struct litmus_expression *e)
{
    return e != NULL && (e->kind == LITMUS_LOAD || e->kind == LITMUS_RMW || e->kind == LITMUS_CAS ||
                         has_effect(e->left) || has_effect(e->right) || has_effect(e->condition));
}

/* place op= value, where op may be nothing. */
static struct litmus_statement *assign(struct parser *parser, struct litmus_expression *place,
                                       struct litmus_place at, enum litmus_operator operator,
                                       struct litmus_expression * value)
{
    if (place->kind == LITMUS_LOAD && place->order != LITMUS_PLAIN && operator!= LITMUS_EXCHANGE) {
        return modify(parser, place, operator, value);
    }
    if (operator!= LITMUS_EXCHANGE) {
        if (has_effect(place->address)) {
            parser_fail(parser, at,
                        "'%s=' would compute this address twice: load it into a register first",
                        litmus_operator_name(operator));
        }
        value = parser_binary(parser, at, operator, place, value);
    }
    parser_convertible(parser, value, place->type);
    struct litmus_statement *s = parser_new_statement(
        parser, place->kind == LITMUS_REGISTER ? LITMUS_ASSIGN : LITMUS_STORE, place->place);
    s->expression = value;
    if (place->kind == LITMUS_REGISTER) {
        s->reg = place->reg;
    } else {
        s->location = place->location;
        s->address = place->address;
        s->type = place->object;
        s->order = place->order;
    }
    return s;
}

static struct litmus_expression *one(struct parser *parser, struct litmus_place place)
{
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_CONSTANT, place);
    e->value = 1;
    return e;
}

static struct litmus_expression *read_place(struct parser *parser)
{
    const struct litmus_place at = parser->token.place;
    struct litmus_expression *place = parser_unary(parser);
    if (place->kind == LITMUS_POINTER && place->location != LITMUS_NOWHERE) {
        const char *name = parser->test->location[place->location].name;
        parser_fail(parser, at, "expected a register, found the pointer '%s' (its value is *%s)",
                    name, name);
    }
    if (place->kind != LITMUS_REGISTER && place != parser->place) {
        parser_fail(parser, at, "expected a register or a location to assign to");
    }
    return place;
}

/* An assignment in any of its forms, without a semicolon. */
static struct litmus_statement *read_assignment(struct parser *parser)
{
    const struct litmus_place at = parser->token.place;
    const bool increment = parser_accept(parser, MARK('+', '+'));
    const bool decrement = !increment && parser_accept(parser, MARK('-', '-'));
    struct litmus_expression *place = read_place(parser);
    if (increment || decrement) {
        return assign(parser, place, at, increment ? LITMUS_ADD : LITMUS_SUBTRACT, one(parser, at));
    }
    if (parser_accept(parser, MARK('+', '+'))) {
        return assign(parser, place, at, LITMUS_ADD, one(parser, at));
    }
    if (parser_accept(parser, MARK('-', '-'))) {
        return assign(parser, place, at, LITMUS_SUBTRACT, one(parser, at));
    }
    const int operator= assignment_at(parser);
    if (operator<0) {
        parser_expected(parser,
                        place->kind == LITMUS_REGISTER ? "'=' and the register's new value"
                                                       : "'=' and the value to store",
                        NULL);
    }
    parser_advance(parser);
    return assign(parser, place, at, (enum litmus_operator) operator, parser_expression(parser));
}

/* Control. */

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

static struct litmus_expression *read_condition(struct parser *parser, const char *after)
{
    parser_expect(parser, MARK('(', 0), after, NULL);
    struct litmus_expression *e = parser_expression(parser);
    parser_expect(parser, MARK(')', 0), "')' after the condition", parser_assignment_hint(parser));
    return e;
}

static struct litmus_statement *read_if(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_IF, place);
    s->expression = read_condition(parser, "'(' after if");
    s->body = read_scope(parser);
    if (parser_accept_word(parser, "else")) {
        s->otherwise = read_scope(parser);
    }
    return s;
}

static struct litmus_statement *read_round(struct parser *parser)
{
    ++parser->loops;
    parser->test->features |= LITMUS_HAS_LOOPS;
    struct litmus_statement *s = read_scope(parser);
    --parser->loops;
    return s;
}

static struct litmus_statement *read_while(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_WHILE, place);
    s->expression = read_condition(parser, "'(' after while");
    s->body = read_round(parser);
    return s;
}

static struct litmus_statement *read_do(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_DO, place);
    s->body = read_round(parser);
    if (!parser_accept_word(parser, "while")) {
        parser_expected(parser, "while after the body of do", NULL);
    }
    s->expression = read_condition(parser, "'(' after while");
    end_statement(parser, "';' after the loop");
    return s;
}

/* The initialisation comes first, as statements of their own: what it declares ends with the loop. */
static struct litmus_statement *read_for(struct parser *parser, struct litmus_place place)
{
    bool outside[LITMUS_MOST_REGISTERS];
    memcpy(outside, parser->visible, sizeof outside);
    struct litmus_statement *first = NULL, **last = &first;
    parser_expect(parser, MARK('(', 0), "'(' after for", NULL);
    if (parser_at_type(parser)) {
        first = read_declaration(parser);
    } else if (!parser_accept(parser, MARK(';', 0))) {
        first = read_assignment(parser);
        end_statement(parser, "';' and the loop's condition");
    }
    while (*last != NULL) {
        last = &(*last)->next;
    }
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_WHILE, place);
    *last = s;
    if (parser_is(parser, MARK(';', 0))) {
        s->expression = one(parser, place);
    } else {
        s->expression = parser_expression(parser);
    }
    end_statement(parser, "';' and what is done after each round");
    if (!parser_is(parser, MARK(')', 0))) {
        s->otherwise = read_assignment(parser);
    }
    parser_expect(parser, MARK(')', 0), "')' after the loop's head", NULL);
    s->body = read_round(parser);
    memcpy(parser->visible, outside, sizeof outside);
    return first;
}

static struct litmus_statement *read_jump(struct parser *parser, struct litmus_place place)
{
    const bool breaks = parser_is_word(parser, "break");
    if (parser->loops == 0) {
        parser_fail(parser, place, "'%s' stands in no loop", breaks ? "break" : "continue");
    }
    parser_advance(parser);
    end_statement(parser, "';'");
    return parser_new_statement(parser, breaks ? LITMUS_BREAK : LITMUS_CONTINUE, place);
}

static struct litmus_statement *read_call(struct parser *parser, struct litmus_place place)
{
    struct litmus_statement *s = NULL;
    const char *name = parser_name(parser, "a statement");
    struct litmus_expression *e = parser_call(parser, name, place, &s);
    if (s == NULL) {
        s = parser_new_statement(parser, LITMUS_EVALUATE, place);
        s->expression = e;
    }
    end_statement(parser, "';' after the call");
    return s;
}

static void refuse_unsupported(struct parser *parser)
{
    static const char *const jumps[] = {"goto", "switch", "return", "case", "default"};
    static const char *const types[] = {"void",     "struct", "union", "enum",   "static",
                                        "register", "extern", "auto",  "typedef"};
    if (parser_is_word(parser, "exists") || parser_is_word(parser, "forall") ||
        parser_is_word(parser, "locations") || parser_is_word(parser, "filter")) {
        parser_expected(parser, "a statement or '}'", "the thread's body has not ended");
    }
    for (size_t i = 0; i < sizeof jumps / sizeof *jumps; ++i) {
        if (parser_is_word(parser, jumps[i])) {
            parser_fail(parser, parser->token.place,
                        "'%s' is not supported (if, else, while, do, for, break and continue are)",
                        jumps[i]);
        }
    }
    for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
        if (parser_is_word(parser, types[i])) {
            parser_fail(parser, parser->token.place,
                        "registers are integers or pointers to them; '%s' is not supported",
                        types[i]);
        }
    }
}

static bool at_call(const struct parser *parser)
{
    return parser->token.kind == TOKEN_NAME && parser_follows(parser, '(');
}

static struct litmus_statement *read_statement(struct parser *parser)
{
    const struct litmus_place place = parser->token.place;
    struct litmus_statement *s = NULL;
    parser_enter(parser);
    refuse_unsupported(parser);
    if (parser->token.kind == TOKEN_NAME && parser_follows(parser, ':')) {
        parser_fail(parser, place, "labels are not supported, for there is no goto");
    }
    if (parser_accept_word(parser, "if")) {
        s = read_if(parser, place);
    } else if (parser_accept_word(parser, "while")) {
        s = read_while(parser, place);
    } else if (parser_accept_word(parser, "do")) {
        s = read_do(parser, place);
    } else if (parser_accept_word(parser, "for")) {
        s = read_for(parser, place);
    } else if (parser_is_word(parser, "break") || parser_is_word(parser, "continue")) {
        s = read_jump(parser, place);
    } else if (parser_is(parser, MARK('{', 0))) {
        s = read_scope(parser);
    } else if (parser_at_type(parser)) {
        s = read_declaration(parser);
    } else if (at_call(parser)) {
        s = read_call(parser, place);
    } else if (parser->token.kind == TOKEN_NAME || parser_is(parser, MARK('*', 0)) ||
               parser_is(parser, MARK('(', 0)) || parser_is(parser, MARK('+', '+')) ||
               parser_is(parser, MARK('-', '-'))) {
        s = read_assignment(parser);
        end_statement(parser, s->kind == LITMUS_ASSIGN ? "';' after the assignment"
                                                       : "';' after the store");
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
