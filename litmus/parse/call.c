/* call.c - calls of the functions of stdatomic.h. */
#include "parser.h"

static void read_atomic_location(struct parser *parser, const char *function, bool wants_flag,
                                 struct litmus_expression *e)
{
    const struct litmus_place place = parser->token.place;
    const char *what = "a pointer to an atomic location";
    struct litmus_expression *address = parser_address(parser, what);
    const struct litmus_type *type = address->type->target;
    if (!type->is_atomic) {
        const char *text = parser_type_text(parser, type);
        if (address->kind == LITMUS_POINTER) {
            const struct litmus_location *l = &parser->test->location[address->location];
            parser_fail(parser, place,
                        "%s needs an atomic location: '%s' is %s* in P%u (make it %s%s*)", function,
                        l->array != NULL ? l->array : l->name, text, parser_this_thread(parser),
                        litmus_is_int(type) ? "atomic_" : "_Atomic ", text);
        }
        parser_fail(parser, place, "%s needs an atomic location, found %s* (make it %s%s*)",
                    function, text, litmus_is_int(type) ? "atomic_" : "_Atomic ", text);
    }
    if (type->is_flag != wants_flag) {
        parser_fail(parser, place, "%s is %s atomic_flag", function,
                    wants_flag ? "for an" : "not for an");
    }
    parser_set_address(parser, e, address);
}

/* The expected value's home: &register, or a location, which is accessed plainly, also if it is atomic: C would
 * not have that, but herd has, and so have its users.
 */
static void read_expected(struct parser *parser, struct litmus_expression *e,
                          const struct litmus_type *type)
{
    const struct litmus_place place = parser->token.place;
    const struct litmus_type *found;
    if (parser_is(parser, MARK('&', 0)) && !parser_follows(parser, '*')) {
        parser_advance(parser);
        const struct litmus_place of_name = parser->token.place;
        e->reg = parser_need_register(parser, parser_name(parser, "a register"), of_name);
        found = parser->thread->reg[e->reg].type;
    } else {
        const char *what = "&register or a location, for the expected value";
        struct litmus_expression *address = parser_address(parser, what);
        if (address->kind != LITMUS_POINTER) {
            parser_fail(parser, place, "expected %s, found a computed address", what);
        }
        if (address->location == e->location) {
            parser_fail(parser, place, "the expected value cannot be kept in '%s' itself",
                        parser->test->location[e->location].name);
        }
        e->expected_location = address->location;
        found = address->type->target;
    }
    if ((type->target == NULL) != (found == NULL || found->target == NULL) ||
        type->size != (found == NULL ? 4 : found->size)) {
        parser_fail(parser, place, "the expected value is %s, and what it is compared with is %s",
                    parser_type_text(parser, found),
                    parser_type_text(parser, parser_plain(parser, type)));
    }
}

static void read_comma(struct parser *parser)
{
    parser_expect(parser, MARK(',', 0), "',' and another argument", NULL);
}

static enum litmus_order read_order(struct parser *parser, bool is_explicit, int access,
                                    const char *what)
{
    if (!is_explicit) {
        return LITMUS_SEQ_CST;
    }
    read_comma(parser);
    return parser_order(parser, access, what);
}

/* The value that a call is to store, or compute with. */
static struct litmus_expression *read_operand(struct parser *parser, const char *function,
                                              enum litmus_operator operator,
                                              const struct litmus_type * type)
{
    const struct litmus_place place = parser->token.place;
    read_comma(parser);
    struct litmus_expression *e = parser_expression(parser);
    if (operator== LITMUS_EXCHANGE) {
        parser_convertible(parser, e, type);
    } else if (type->target != NULL || e->type->target != NULL || type->is_bool) {
        parser_fail(parser, place, "%s is for integers, and this is %s", function,
                    parser_type_text(parser, type));
    }
    return e;
}

static struct litmus_statement *new_store(struct parser *parser, struct litmus_place place,
                                          const struct litmus_expression *at,
                                          struct litmus_expression *value)
{
    struct litmus_statement *s = parser_new_statement(parser, LITMUS_STORE, place);
    s->location = at->location;
    s->address = at->address;
    s->type = at->type;
    s->expression = value;
    return s;
}

static struct litmus_statement *new_fence(struct parser *parser, enum litmus_statement_kind kind,
                                          struct litmus_place place)
{
    struct litmus_statement *s = parser_new_statement(parser, kind, place);
    s->order = parser_order(parser, PARSER_FENCES, "a fence");
    return s;
}

struct litmus_expression *parser_call(struct parser *parser, const char *name,
                                      struct litmus_place place,
                                      struct litmus_statement **statement)
{
    bool is_explicit;
    const struct parser_function *function = parser_function(parser, name, place, &is_explicit);
    const enum call call = function->call;
    const bool fences = call == CALL_FENCE || call == CALL_SIGNAL_FENCE;
    const bool stores = call == CALL_STORE || call == CALL_INIT || call == CALL_CLEAR;
    struct litmus_expression *e = parser_new_expression(parser, LITMUS_LOAD, place);
    if (statement == NULL && (fences || stores)) {
        parser_fail(parser, place, "%s has no value: it cannot stand in an expression", name);
    }
    parser_expect(parser, MARK('(', 0), "'(' and the arguments", NULL);
    e->operator= function->operator;
    e->weak = function->weak;
    e->failure_order = LITMUS_SEQ_CST;
    if (!fences) {
        read_atomic_location(parser, name, call == CALL_TEST_AND_SET || call == CALL_CLEAR, e);
    }
    const struct litmus_type *type = e->type;
    switch (call) {
    case CALL_LOAD:
        e->order = read_order(parser, is_explicit, PARSER_LOADS, "a load");
        break;
    case CALL_FENCE:
    case CALL_SIGNAL_FENCE:
        *statement =
            new_fence(parser, call == CALL_FENCE ? LITMUS_FENCE : LITMUS_SIGNAL_FENCE, place);
        break;
    case CALL_STORE:
    case CALL_INIT:
        *statement = new_store(parser, place, e, read_operand(parser, name, LITMUS_EXCHANGE, type));
        (*statement)->order = call == CALL_INIT
                                  ? LITMUS_PLAIN
                                  : read_order(parser, is_explicit, PARSER_STORES, "a store");
        break;
    case CALL_CLEAR:
        *statement =
            new_store(parser, place, e, parser_new_expression(parser, LITMUS_CONSTANT, place));
        (*statement)->order = read_order(parser, is_explicit, PARSER_STORES, "a store");
        break;
    case CALL_TEST_AND_SET:
        e->kind = LITMUS_RMW;
        e->left = parser_new_expression(parser, LITMUS_CONSTANT, place);
        e->left->value = 1;
        e->order = read_order(parser, is_explicit, PARSER_LOADS | PARSER_STORES, "");
        break;
    case CALL_RMW:
        e->kind = LITMUS_RMW;
        e->left = read_operand(parser, name, e->operator, type);
        e->order = read_order(parser, is_explicit, PARSER_LOADS | PARSER_STORES, "");
        break;
    case CALL_CAS:
        e->kind = LITMUS_CAS;
        read_comma(parser);
        read_expected(parser, e, type);
        e->left = read_operand(parser, name, LITMUS_EXCHANGE, type);
        e->order = read_order(parser, is_explicit, PARSER_LOADS | PARSER_STORES, "");
        if (is_explicit) {
            read_comma(parser);
            e->failure_order = parser_order(parser, PARSER_LOADS,
                                            "a failed compare-exchange only loads, and its order");
        }
        break;
    }
    parser_expect(parser, MARK(')', 0), "')'", NULL);
    if (call == CALL_TEST_AND_SET || call == CALL_CAS) {
        e->type = parser_base(call == CALL_CAS ? BASE_INT : BASE_BOOL);
    } else if (!fences) {
        e->type = parser_plain(parser, type);
    }
    return fences || stores ? NULL : e;
}
