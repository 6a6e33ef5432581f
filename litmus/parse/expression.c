/* expression.c - expressions and their types.
 *
 * A parameter's name is the address of its location, as in C. Where that is known when the test is read
 * (*x, a[1], a + 1), the access names the location; otherwise it keeps the expression.
 */
#include "parser.h"

#include <string.h>

struct litmus_expression *parser_new_expression(struct parser *parser,
                                                enum litmus_expression_kind kind,
                                                struct litmus_place place)
{
    struct litmus_expression *e = parser_node(parser, sizeof *e);
    e->kind = kind;
    e->place = place;
    e->order = e->failure_order = LITMUS_PLAIN;
    e->expected_location = LITMUS_NOWHERE;
    e->type = parser_base(BASE_INT);
    return e;
}

static bool is_pointer(const struct litmus_expression *e)
{
    return e->type->target != NULL;
}

static bool is_zero(const struct litmus_expression *e)
{
    return e->kind == LITMUS_CONSTANT && e->value == 0;
}

/* Names. */

unsigned parser_this_thread(const struct parser *parser)
{
    return (unsigned)(parser->thread - parser->test->thread);
}

const struct litmus_parameter *parser_find_parameter(const struct parser *parser, const char *name)
{
    for (unsigned i = 0; i < parser->thread->parameter_count; ++i) {
        const struct litmus_parameter *parameter = &parser->thread->parameter[i];
        const struct litmus_location *location = &parser->test->location[parameter->location];
        if (strcmp(location->array != NULL ? location->array : location->name, name) == 0) {
            return parameter;
        }
    }
    return NULL;
}

/* Where an address is expected, an unknown name is taken for that of a location. */
static void need_location(struct parser *parser, const char *name, struct litmus_place place)
{
    const unsigned reg = parser_find_register(parser->thread, name);
    if (parser_find_parameter(parser, name) != NULL) {
        return;
    }
    if (reg != LITMUS_NOWHERE) {
        const struct litmus_type *type = parser->thread->reg[reg].type;
        if (type == NULL || type->target == NULL) {
            parser_fail(parser, place,
                        "expected a pointer to a location, found '%s' (a register of P%u)", name,
                        parser_this_thread(parser));
        }
        return;
    }
    if (parser_find_location(parser->test, name) != LITMUS_NOWHERE) {
        parser_fail(parser, place, "'%s' is no parameter of P%u (add it: atomic_int* %s)", name,
                    parser_this_thread(parser), name);
    }
    parser_fail(parser, place, "unknown location '%s': no parameter of P%u has this name", name,
                parser_this_thread(parser));
}

unsigned parser_need_register(struct parser *parser, const char *name, struct litmus_place place)
{
    const unsigned reg = parser_find_register(parser->thread, name);
    if (parser_find_parameter(parser, name) != NULL) {
        parser_fail(parser, place, "expected a register, found the pointer '%s' (its value is *%s)",
                    name, name);
    }
    if (reg == LITMUS_NOWHERE || !parser->visible[reg]) {
        parser_fail(parser, place, "unknown register '%s' (declare it first: int %s = ...;)%s",
                    name, name, reg == LITMUS_NOWHERE ? "" : ": it was declared in an inner block");
    }
    return reg;
}

/* Addresses. */

static void check_element(struct parser *parser, const struct litmus_location *location,
                          int64_t index, struct litmus_place place)
{
    if (index >= 0 && index < location->length) {
        return;
    }
    if (location->array == NULL) {
        parser_fail(parser, place,
                    "'%s' is one location, without neighbours (an array is declared in the "
                    "initial state)",
                    location->name);
    }
    parser_fail(parser, place, "%s has no element %lld: it has %u", location->array,
                (long long)index, location->length);
}

/* pointer + index, folded where both are known. */
static struct litmus_expression *offset(struct parser *parser, struct litmus_place place,
                                        struct litmus_expression *pointer,
                                        enum litmus_operator operator,
                                        struct litmus_expression * index)
{
    if (pointer->kind == LITMUS_POINTER && index->kind == LITMUS_CONSTANT) {
        const struct litmus_location *location = &parser->test->location[pointer->location];
        const int64_t by = operator== LITMUS_ADD ? index->value : 0 - index->value;
        if (index->value < -1000 || index->value > 1000) {
            check_element(parser, location, LITMUS_MOST_LOCATIONS, index->place);
        }
        check_element(parser, location, location->index + by, index->place);
        struct litmus_expression *e = parser_new_expression(parser, LITMUS_POINTER, place);
        e->location = (unsigned)(pointer->location + by);
        e->type = pointer->type;
        return e;
    }
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_BINARY, place);
    e->operator= operator;
    e->left = pointer;
    e->right = index;
    e->type = pointer->type;
    parser->test->features |= LITMUS_HAS_POINTERS;
    return e;
}

void parser_set_address(struct parser *parser, struct litmus_expression *access,
                        struct litmus_expression *address)
{
    access->location = LITMUS_NOWHERE;
    if (address->kind == LITMUS_POINTER) {
        access->location = address->location;
    } else {
        access->address = address;
        parser->test->features |= LITMUS_HAS_POINTERS;
    }
    access->type = access->object = address->type->target;
}

/* What stands at an address. On an atomic location C makes of it a seq_cst access, and so do we. */
static struct litmus_expression *dereference(struct parser *parser, struct litmus_place place,
                                             struct litmus_expression *address)
{
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_LOAD, place);
    if (!is_pointer(address)) {
        parser_fail(parser, address->place, "expected an address, found %s",
                    parser_type_text(parser, address->type));
    }
    parser_set_address(parser, e, address);
    if (e->type->is_flag) {
        parser_fail(parser, place, "an atomic_flag has no value to load: it is tested and set");
    }
    e->order = e->type->is_atomic ? LITMUS_SEQ_CST : LITMUS_PLAIN;
    e->type = parser_plain(parser, e->type);
    parser->place = e;
    return e;
}

/* An argument that is an address. */
struct litmus_expression *parser_address(struct parser *parser, const char *what)
{
    const struct litmus_place place = parser->token.place;
    if (parser->token.kind == TOKEN_NAME && !parser_follows(parser, '(') &&
        !parser_is_word(parser, "NULL")) {
        char name[LITMUS_MOST_NAME + 1];
        snprintf(name, sizeof name, "%.*s",
                 parser->token.length > LITMUS_MOST_NAME ? 0 : (int)parser->token.length,
                 parser->token.start);
        if (*name != '\0' && !parser_follows(parser, '[')) {
            need_location(parser, name, place);
        }
    } else if (parser->token.kind != TOKEN_NAME && !parser_is(parser, MARK('(', 0)) &&
               !parser_is(parser, MARK('&', 0)) && !parser_is(parser, MARK('*', 0))) {
        parser_expected(parser, what, NULL);
    }
    struct litmus_expression *e = parser_expression(parser);
    if (!is_pointer(e)) {
        parser_fail(parser, place, "expected %s, found %s", what,
                    parser_type_text(parser, e->type));
    }
    return e;
}

void parser_convertible(struct parser *parser, const struct litmus_expression *e,
                        const struct litmus_type *type)
{
    if (type->target == NULL && is_pointer(e) && !type->is_bool) {
        if (e->kind == LITMUS_POINTER) {
            const char *name = parser->test->location[e->location].name;
            parser_fail(parser, e->place,
                        "expected %s, found the address of '%s' (its value is *%s)",
                        parser_type_text(parser, parser_plain(parser, type)), name, name);
        }
        const char *text = parser_type_text(parser, e->type);
        parser_fail(parser, e->place, "expected %s, found an address (what holds it is to be %s)",
                    parser_type_text(parser, parser_plain(parser, type)), text);
    }
    if (type->target != NULL && !is_pointer(e) && !is_zero(e)) {
        parser_fail(parser, e->place, "expected an address (%s), found %s",
                    parser_type_text(parser, parser_plain(parser, type)),
                    parser_type_text(parser, e->type));
    }
}

/* Operators. */

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
    [LITMUS_DIVIDE] = {MARK('/', 0), 10},
    [LITMUS_REMAINDER] = {MARK('%', 0), 10},
};

const char *litmus_operator_name(enum litmus_operator operator)
{
    static const char *const names[] = {"||", "&&", "|", "^", "&", "==", "!=", "<", "<=", ">", ">=",
                                        "<<", ">>", "+", "-", "*", "/",  "%",  "-", "!",  "~", "="};
    return names[operator];
}

static const struct litmus_type *binary_type(struct parser *parser, struct litmus_place place,
                                             enum litmus_operator operator,
                                             const struct litmus_expression * left,
                                             const struct litmus_expression *right)
{
    const bool compares = operator>= LITMUS_EQUAL && operator<= LITMUS_GREATER_EQUAL;
    if (operator<= LITMUS_AND_THEN) {
        return parser_base(BASE_INT);
    }
    if (is_pointer(left) || is_pointer(right)) {
        if (!compares ||
            !((is_pointer(left) || is_zero(left)) && (is_pointer(right) || is_zero(right)))) {
            parser_fail(parser, place,
                        "'%s' of an address: there are +, - with an integer, == and != (cast it "
                        "to uintptr_t)",
                        litmus_operator_name(operator));
        }
        return parser_base(BASE_INT);
    }
    if (operator== LITMUS_SHIFT_LEFT || operator== LITMUS_SHIFT_RIGHT) {
        return parser_common(left->type, left->type);
    }
    return compares ? parser_base(BASE_INT) : parser_common(left->type, right->type);
}

struct litmus_expression *parser_binary(struct parser *parser, struct litmus_place place,
                                        enum litmus_operator operator,
                                        struct litmus_expression * left,
                                        struct litmus_expression *right)
{
    const bool adds = operator== LITMUS_ADD || operator== LITMUS_SUBTRACT;
    if (adds && is_pointer(left) && !is_pointer(right)) {
        return offset(parser, place, left, operator, right);
    }
    if (operator== LITMUS_ADD && is_pointer(right) && !is_pointer(left)) {
        return offset(parser, place, right, operator, left);
    }
    if ((operator== LITMUS_DIVIDE || operator== LITMUS_REMAINDER) &&
        (right->kind != LITMUS_CONSTANT || right->value <= 0)) {
        parser_fail(parser, place,
                    "division could trap in the middle of a run: it is supported "
                    "only by a positive constant");
    }
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_BINARY, place);
    e->type = binary_type(parser, place, operator, left, right);
    e->operator= operator;
    e->left = left;
    e->right = right;
    return e;
}

static struct litmus_expression *read_cast(struct parser *parser, struct litmus_place place)
{
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_CAST, place);
    const struct litmus_type *type = parser_stars(parser, parser_type(parser));
    parser_expect(parser, MARK(')', 0), "')'", NULL);
    e->left = parser_unary(parser);
    e->type = parser_plain(parser, type);
    parser_note_type(parser, type);
    if (type->is_flag) {
        parser_fail(parser, place, "nothing converts to atomic_flag");
    }
    const struct litmus_type *from = e->left->type;
    if (from->target != NULL && type->target == NULL && type->size < 8 && !type->is_bool) {
        parser_fail(parser, place, "an address does not fit %s (uintptr_t would hold it)",
                    parser_type_text(parser, type));
    }
    if (from->target == NULL && type->target != NULL && from->size < 8 && !is_zero(e->left)) {
        parser_fail(parser, place, "%s holds no address", parser_type_text(parser, from));
    }
    return e;
}

static struct litmus_expression *read_name(struct parser *parser, struct litmus_place place)
{
    if (parser_is_word(parser, "true") || parser_is_word(parser, "false")) {
        struct litmus_expression *constant = parser_new_expression(parser, LITMUS_CONSTANT, place);
        constant->value = *parser->token.start == 't';
        parser_advance(parser);
        return constant;
    }
    const char *name = parser_name(parser, "an expression");
    const struct litmus_parameter *parameter = parser_find_parameter(parser, name);
    struct litmus_expression *e;
    if (parser_is(parser, MARK('(', 0))) {
        return parser_call(parser, name, place, NULL);
    }
    const unsigned reg = parser_find_register(parser->thread, name);
    if (strcmp(name, "NULL") == 0 && (reg == LITMUS_NOWHERE || !parser->visible[reg])) {
        return parser_new_expression(parser, LITMUS_CONSTANT, place);
    }
    if (parser_is(parser, MARK('[', 0))) {
        need_location(parser, name, place);
    }
    if (parameter != NULL) {
        e = parser_new_expression(parser, LITMUS_POINTER, place);
        e->location = parameter->location;
        e->type = parser_pointer_to(parser, parameter->type);
        return e;
    }
    e = parser_new_expression(parser, LITMUS_REGISTER, place);
    e->reg = parser_need_register(parser, name, place);
    if (parser->thread->reg[e->reg].type != NULL) {
        e->type = parser->thread->reg[e->reg].type;
    }
    return e;
}

const char *parser_assignment_hint(const struct parser *parser)
{
    return parser_is(parser, MARK('=', 0)) || parser_is(parser, MARK('+', '+')) ||
                   parser_is(parser, MARK('-', '-'))
               ? "an assignment is a statement of its own"
               : NULL;
}

static struct litmus_expression *read_primary(struct parser *parser)
{
    const struct litmus_place place = parser->token.place;
    struct litmus_expression *e;
    if (parser->token.kind == TOKEN_NUMBER) {
        e = parser_new_expression(parser, LITMUS_CONSTANT, place);
        e->value = parser_number(parser, &e->type);
        parser_note_type(parser, e->type);
    } else if (parser_accept(parser, MARK('(', 0))) {
        if (parser_is_word(parser, "void")) {
            parser_expected(parser, "an expression", "nothing converts to void here");
        }
        if (parser_at_type(parser)) {
            return read_cast(parser, place);
        }
        e = parser_expression(parser);
        parser_expect(parser, MARK(')', 0), "')'", parser_assignment_hint(parser));
    } else if (parser->token.kind == TOKEN_NAME) {
        e = read_name(parser, place);
    } else {
        parser_expected(parser, "an expression", NULL);
    }
    const unsigned depth = parser->depth;
    while (parser_is(parser, MARK('[', 0))) {
        parser_enter(parser);
        parser_advance(parser);
        struct litmus_expression *index = parser_expression(parser);
        if (!is_pointer(e) || is_pointer(index)) {
            parser_fail(parser, e->place, "expected an array or a pointer before '[', found %s",
                        parser_type_text(parser, e->type));
        }
        e = dereference(parser, place, offset(parser, place, e, LITMUS_ADD, index));
        parser_expect(parser, MARK(']', 0), "']'", NULL);
    }
    parser->depth = depth;
    return e;
}

/* &a[1], &*p: the address of what the operand would load. */
static struct litmus_expression *read_address_of(struct parser *parser, struct litmus_place place)
{
    const bool name = parser->token.kind == TOKEN_NAME && !parser_follows(parser, '[');
    struct litmus_expression *operand = parser_unary(parser);
    if (name && operand->kind == LITMUS_POINTER) {
        const char *text = parser->test->location[operand->location].name;
        parser_fail(parser, place, "'%s' is its location's address already: write %s", text, text);
    }
    if (operand != parser->place) {
        parser_fail(parser, place, "expected a location after '&': registers have no address");
    }
    if (operand->address != NULL) {
        return operand->address;
    }
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_POINTER, place);
    const struct litmus_location *location = &parser->test->location[operand->location];
    e->location = operand->location;
    e->type = parser_pointer_to(
        parser,
        parser_find_parameter(parser, location->array != NULL ? location->array : location->name)
            ->type);
    return e;
}

struct litmus_expression *parser_unary(struct parser *parser)
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
            e = parser_new_expression(parser, LITMUS_UNARY, place);
            e->operator= unary[i].operator;
            e->left = parser_unary(parser);
            if (e->operator!= LITMUS_NOT) {
                if (is_pointer(e->left)) {
                    parser_fail(parser, place, "'%s' of an address",
                                litmus_operator_name(e->operator));
                }
                e->type = parser_common(e->left->type, e->left->type);
            }
        }
    }
    if (e == NULL && parser_is(parser, MARK('*', 0))) {
        parser_advance(parser);
        if (parser->token.kind == TOKEN_NAME && !parser_follows(parser, '(')) {
            const struct token token = parser->token;
            need_location(parser,
                          parser_copy(parser, token.start,
                                      token.length > LITMUS_MOST_NAME ? 0 : token.length),
                          token.place);
        }
        e = dereference(parser, place, parser_unary(parser));
    } else if (e == NULL && parser_accept(parser, MARK('&', 0))) {
        e = read_address_of(parser, place);
    } else if (e == NULL) {
        (void)parser_accept(parser, MARK('+', 0));
        e = read_primary(parser);
    }
    parser_leave(parser);
    return e;
}

static int binary_at(const struct parser *parser)
{
    for (int i = LITMUS_OR_ELSE; i <= LITMUS_REMAINDER; ++i) {
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
    struct litmus_expression *left = parser_unary(parser);
    const unsigned depth = parser->depth;
    for (int found; (found = binary_at(parser)) >= 0 && binary[found].precedence >= least;) {
        const struct litmus_place place = parser->token.place;
        parser_enter(parser);
        parser_advance(parser);
        struct litmus_expression *right = read_binary(parser, binary[found].precedence + 1);
        left = parser_binary(parser, place, (enum litmus_operator)found, left, right);
    }
    parser->depth = depth;
    return left;
}

struct litmus_expression *parser_expression(struct parser *parser)
{
    struct litmus_expression *condition = read_binary(parser, 1);
    const struct litmus_place place = parser->token.place;
    if (!parser_accept(parser, MARK('?', 0))) {
        return condition;
    }
    parser_enter(parser);
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_CHOICE, place);
    e->condition = condition;
    e->left = parser_expression(parser);
    parser_expect(parser, MARK(':', 0), "':' and the other value", NULL);
    e->right = parser_expression(parser);
    if (is_pointer(e->left) || is_pointer(e->right)) {
        e->type = is_pointer(e->left) ? e->left->type : e->right->type;
        parser_convertible(parser, e->left, e->type);
        parser_convertible(parser, e->right, e->type);
    } else {
        e->type = parser_common(e->left->type, e->right->type);
    }
    parser_leave(parser);
    return e;
}
