/* condition.c - what is observed, and the question asked of it. */
#include "parser.h"

#include "asm/asm.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Columns are numbered as they are met; sort_observed renumbers them at the end. */
static unsigned observe(struct parser *parser, unsigned thread, unsigned index, const char *spelled)
{
    struct litmus_test *test = parser->test;
    char name[LITMUS_MOST_NAME + 16];
    for (unsigned i = 0; i < test->observed_count; ++i) {
        if (test->observed[i].thread == thread && test->observed[i].index == index) {
            return i;
        }
    }
    if (test->observed_count == LITMUS_MOST_OBSERVED) {
        parser_fail(parser, parser->token.place, "more than %u registers and locations observed",
                    LITMUS_MOST_OBSERVED);
    }
    const struct litmus_type *type;
    if (thread == LITMUS_NOWHERE) {
        const struct litmus_location *location = &test->location[index];
        snprintf(name, sizeof name, location->array != NULL ? "%s" : "[%s]", spelled);
        type = location->type;
    } else {
        snprintf(name, sizeof name, "%u:%s", thread, spelled);
        type = test->thread[thread].reg[index].type;
    }
    test->observed =
        parser_grow(parser, test->observed, test->observed_count, sizeof *test->observed);
    struct litmus_observed *observed = &test->observed[test->observed_count];
    observed->thread = thread;
    observed->index = index;
    observed->type = type;
    observed->name = parser_copy(parser, name, strlen(name));
    return test->observed_count++;
}

static unsigned observe_location(struct parser *parser, unsigned location)
{
    return observe(parser, LITMUS_NOWHERE, location, parser->test->location[location].name);
}

static unsigned read_register(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    const struct litmus_place place = parser->token.place;
    const unsigned thread = (unsigned)parser_integer(parser, false);
    parser_expect(parser, MARK(':', 0), "':' and the name of a register", "as in 0:r0=1");
    const struct litmus_place of_name = parser->token.place;
    (void)(test->dialect != LITMUS_C && parser_accept(parser, MARK('%', 0)));
    const char *name = parser_name(parser, "the name of a register");
    if (thread >= test->thread_count) {
        parser_fail(parser, place, "there is no thread P%u", thread);
    }
    if (test->dialect != LITMUS_C) {
        return observe(parser, thread, asm_observed_register(parser, thread, of_name, name), name);
    }
    const unsigned reg = parser_find_register(&test->thread[thread], name);
    if (reg == LITMUS_NOWHERE) {
        parser_fail(parser, of_name, "P%u has no register '%s'%s", thread, name,
                    parser_find_location(test, name) != LITMUS_NOWHERE
                        ? " (a location is named without a thread)"
                        : "");
    }
    return observe(parser, thread, reg, name);
}

/* A location, or of an array the first element: *whole says that all of it is meant. */
static unsigned read_location(struct parser *parser, bool *whole)
{
    const bool brackets = parser_accept(parser, MARK('[', 0));
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "a register such as 0:r0, or a location");
    unsigned location = parser_find_location(parser->test, name);
    if (location == LITMUS_NOWHERE) {
        parser_fail(parser, place,
                    "unknown location '%s' (a register is named with its thread: 0:%s)", name,
                    name);
    }
    *whole = parser->test->location[location].array != NULL;
    if (parser_is(parser, MARK('[', 0))) {
        location += parser_element(parser, location, place);
        *whole = false;
    }
    if (brackets) {
        parser_expect(parser, MARK(']', 0), "']'", NULL);
    }
    return location;
}

/* litmus7 has types there: "locations [0:r0 int*;]". */
static void skip_type(struct parser *parser)
{
    if (parser_at_type(parser)) {
        (void)parser_type(parser);
    }
    while (parser_accept(parser, MARK('*', 0))) {
    }
}

static void read_locations(struct parser *parser)
{
    parser_expect(parser, MARK('[', 0), "'[' and what to observe", "as in locations [x; 0:r0;]");
    while (!parser_accept(parser, MARK(']', 0))) {
        if (parser->token.kind == TOKEN_NUMBER) {
            (void)read_register(parser);
        } else {
            bool whole;
            const unsigned first = read_location(parser, &whole);
            const unsigned count = whole ? parser->test->location[first].length : 1;
            for (unsigned i = 0; i < count; ++i) {
                (void)observe_location(parser, first + i);
            }
        }
        skip_type(parser);
        if (!parser_is(parser, MARK(']', 0))) {
            parser_expect(parser, MARK(';', 0), "';' or ']'", NULL);
        }
    }
}

static struct litmus_proposition *new_proposition(struct parser *parser,
                                                  enum litmus_proposition_kind kind,
                                                  struct litmus_proposition *left,
                                                  struct litmus_proposition *right)
{
    struct litmus_proposition *p = parser_node(parser, sizeof *p);
    p->kind = kind;
    p->left = left;
    p->right = right;
    return p;
}

static struct litmus_proposition *read_either(struct parser *parser);

/* The value that something is compared with, of the type of that. */
static int64_t read_value(struct parser *parser, unsigned column)
{
    const struct litmus_observed *observed = &parser->test->observed[column];
    const struct litmus_type *type = observed->type;
    const struct litmus_place place = parser->token.place;
    const bool in_c = parser->test->dialect == LITMUS_C;
    const bool ampersand = parser_accept(parser, MARK('&', 0));
    bool whole;
    if (ampersand || parser->token.kind == TOKEN_NAME) {
        if (in_c && parser_is_word(parser, "NULL") && type != NULL && type->target != NULL) {
            parser_advance(parser);
            return 0;
        }
        if (in_c && (type == NULL || type->target == NULL)) {
            char hint[LITMUS_MOST_NAME + 80];
            snprintf(hint, sizeof hint, "two places cannot be compared, and %s holds no address",
                     observed->name);
            parser_expected(parser, "an integer", hint);
        }
        const unsigned location = read_location(parser, &whole);
        parser->test->features |= LITMUS_HAS_POINTERS;
        return LITMUS_ADDRESS(location);
    }
    if (parser_is(parser, MARK('[', 0))) {
        parser_expected(parser, "an integer", "two places cannot be compared");
    }
    const bool minus = parser_accept(parser, MARK('-', 0));
    const int64_t value = parser_number(parser, NULL);
    if (parser_is(parser, MARK(':', 0))) {
        parser_fail(parser, parser->token.place, "two registers cannot be compared");
    }
    if (type != NULL && type->target != NULL && value != 0) {
        parser_fail(parser, place, "%s is a pointer: expected the name of a location, or 0",
                    observed->name);
    }
    if (in_c || type != NULL) {
        return parser_fit(parser, place, minus, value, type);
    }
    const int64_t wide = minus ? (int64_t)(0 - (uint64_t)value) : value;
    parser->test->features |= wide < INT32_MIN || wide > INT32_MAX ? LITMUS_HAS_TYPES : 0;
    return wide;
}

/* "a={1,2}": each element in turn. */
static struct litmus_proposition *read_array(struct parser *parser, unsigned first)
{
    struct litmus_proposition *all = NULL;
    const unsigned length = parser->test->location[first].length;
    if (!parser_accept(parser, MARK('{', 0))) {
        parser_expected(parser, "'{' and the values of its elements, for this is an array",
                        "or name an element, as in a[0]=1");
    }
    for (unsigned i = 0; i < length; ++i) {
        struct litmus_proposition *p = new_proposition(parser, LITMUS_IS, NULL, NULL);
        if (i != 0) {
            parser_expect(parser, MARK(',', 0), "',' and the value of the next element", NULL);
        }
        p->column = observe_location(parser, first + i);
        p->value = read_value(parser, p->column);
        all = i == 0 ? p : new_proposition(parser, LITMUS_BOTH, all, p);
    }
    parser_expect(parser, MARK('}', 0), "'}': the array has no more elements", NULL);
    return all;
}

static struct litmus_proposition *read_comparison(struct parser *parser)
{
    struct litmus_proposition *p = new_proposition(parser, LITMUS_IS, NULL, NULL);
    unsigned location = LITMUS_NOWHERE;
    bool whole = false;
    if (parser->token.kind == TOKEN_NUMBER) {
        p->column = read_register(parser);
    } else {
        location = read_location(parser, &whole);
        if (!whole) {
            p->column = observe_location(parser, location);
        }
    }
    const bool differs = parser_accept(parser, MARK('!', '='));
    if (!differs && !parser_accept(parser, MARK('=', '='))) {
        parser_expect(parser, MARK('=', 0), "'=' or '!=' and a value", NULL);
    }
    if (whole) {
        p = read_array(parser, location);
    } else {
        p->value = read_value(parser, p->column);
    }
    return differs ? new_proposition(parser, LITMUS_NEITHER, p, NULL) : p;
}

static struct litmus_proposition *read_atom(struct parser *parser)
{
    if (parser_accept_word(parser, "true")) {
        return new_proposition(parser, LITMUS_TRUE, NULL, NULL);
    }
    if (parser_accept_word(parser, "false")) {
        return new_proposition(parser, LITMUS_FALSE, NULL, NULL);
    }
    if (parser_accept(parser, MARK('(', 0))) {
        struct litmus_proposition *p = read_either(parser);
        parser_expect(parser, MARK(')', 0), "')', /\\ or \\/", NULL);
        return p;
    }
    if (parser->token.kind != TOKEN_NUMBER && parser->token.kind != TOKEN_NAME &&
        !parser_is(parser, MARK('[', 0))) {
        parser_expected(parser, "a condition such as 0:r0=1 or x=1", NULL);
    }
    return read_comparison(parser);
}

static struct litmus_proposition *read_negation(struct parser *parser)
{
    struct litmus_proposition *p;
    parser_enter(parser);
    if (parser_accept(parser, MARK('~', 0)) || parser_accept_word(parser, "not")) {
        p = new_proposition(parser, LITMUS_NEITHER, read_negation(parser), NULL);
    } else {
        p = read_atom(parser);
    }
    parser_leave(parser);
    return p;
}

/* As in herd, => binds more tightly than /\ and \/, and from right to left. */
static struct litmus_proposition *read_implication(struct parser *parser)
{
    struct litmus_proposition *p = read_negation(parser);
    if (parser_accept(parser, MARK('=', '>'))) {
        parser_enter(parser);
        p = new_proposition(parser, LITMUS_NEITHER, p, NULL);
        p = new_proposition(parser, LITMUS_EITHER, p, read_implication(parser));
        parser_leave(parser);
    }
    return p;
}

static struct litmus_proposition *read_both(struct parser *parser)
{
    struct litmus_proposition *p = read_implication(parser);
    const unsigned depth = parser->depth;
    while (parser_accept(parser, MARK('/', '\\')) || parser_accept(parser, MARK('&', '&'))) {
        parser_enter(parser);
        p = new_proposition(parser, LITMUS_BOTH, p, read_implication(parser));
    }
    parser->depth = depth;
    return p;
}

static struct litmus_proposition *read_either(struct parser *parser)
{
    struct litmus_proposition *p = read_both(parser);
    const unsigned depth = parser->depth;
    while (parser_accept(parser, MARK('\\', '/')) || parser_accept(parser, MARK('|', '|'))) {
        parser_enter(parser);
        p = new_proposition(parser, LITMUS_EITHER, p, read_both(parser));
    }
    parser->depth = depth;
    return p;
}

static int compare_observed(const void *a, const void *b)
{
    const struct litmus_observed *left = a, *right = b;
    if (left->thread != right->thread) {
        return left->thread < right->thread ? -1 : 1; /* LITMUS_NOWHERE, a location, is last */
    }
    return strcmp(left->name, right->name);
}

static void renumber(struct litmus_proposition *p, const unsigned *now)
{
    if (p != NULL) {
        if (p->kind == LITMUS_IS) {
            p->column = now[p->column];
        }
        renumber(p->left, now);
        renumber(p->right, now);
    }
}

static void sort_observed(struct litmus_test *test)
{
    struct litmus_observed before[LITMUS_MOST_OBSERVED];
    unsigned now[LITMUS_MOST_OBSERVED];
    if (test->observed_count == 0) {
        return;
    }
    memcpy(before, test->observed, test->observed_count * sizeof *before);
    qsort(test->observed, test->observed_count, sizeof *test->observed, compare_observed);
    for (unsigned i = 0; i < test->observed_count; ++i) {
        for (now[i] = 0; test->observed[now[i]].thread != before[i].thread ||
                         test->observed[now[i]].index != before[i].index;) {
            ++now[i];
        }
    }
    renumber(test->condition, now);
    renumber(test->filter, now);
}

static void read_quantifier(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    if (parser_accept_word(parser, "exists") || parser_accept_word(parser, "final")) {
        test->quantifier = LITMUS_EXISTS;
    } else if (parser_accept_word(parser, "forall")) {
        test->quantifier = LITMUS_FORALL;
    } else if (parser_accept(parser, MARK('~', 0)) || parser_accept_word(parser, "not")) {
        test->quantifier = LITMUS_NOT_EXISTS;
        if (!parser_accept_word(parser, "exists")) {
            parser_expected(parser, "exists after ~", NULL);
        }
    } else if (!parser_is(parser, MARK('(', 0))) { /* which alone means exists */
        parser_expected(parser, "exists, ~exists or forall and a condition",
                        "or another thread, or locations [...] before it");
    }
}

void parser_condition(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    static const char *const unknown[] = {"observed", "with", "regions"};
    bool located = false;
    for (;;) {
        if (!located && parser_accept_word(parser, "locations")) {
            read_locations(parser);
            located = true;
        } else if (test->filter == NULL && parser_accept_word(parser, "filter")) {
            test->filter = read_either(parser);
        } else {
            break;
        }
    }
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; ++i) {
        if (parser_is_word(parser, unknown[i])) {
            parser_fail(parser, parser->token.place, "'%s' is not supported", unknown[i]);
        }
    }
    if (located && parser->token.kind == TOKEN_END) { /* nothing is asked but what there is */
        test->quantifier = LITMUS_FORALL;
        test->condition = new_proposition(parser, LITMUS_TRUE, NULL, NULL);
    } else {
        read_quantifier(parser);
        test->condition = read_either(parser);
        (void)parser_accept(parser, MARK(';', 0));
    }
    if (parser->token.kind != TOKEN_END) {
        parser_expected(parser, "/\\, \\/ or the end of the file after the condition", NULL);
    }
    sort_observed(test);
}

const char *litmus_value_text(const struct litmus_test *test, unsigned column, int64_t value,
                              char *text, size_t size)
{
    const struct litmus_type *type = test->observed[column].type;
    const bool may_be_address =
        type == NULL || type->target != NULL || (test->dialect != LITMUS_C && type->size == 8);
    if (may_be_address && LITMUS_IS_ADDRESS(value) &&
        LITMUS_ADDRESS_OF(value) < test->location_count) {
        snprintf(text, size, "%s", test->location[LITMUS_ADDRESS_OF(value)].name);
    } else if (type != NULL && type->target != NULL && value == LITMUS_ASTRAY) {
        snprintf(text, size, "?");
    } else if (type != NULL && type->size == 8 && type->target == NULL && !type->is_signed) {
        snprintf(text, size, "%" PRIu64, (uint64_t)value);
    } else {
        snprintf(text, size, "%" PRId64, value);
    }
    return text;
}

/* Brackets only where the precedence (~ over /\ over \/) needs them. */
static void print_proposition(FILE *stream, const struct litmus_test *test,
                              const struct litmus_proposition *p, int context)
{
    const int level = p->kind == LITMUS_EITHER ? 0 : p->kind == LITMUS_BOTH ? 1 : 2;
    char text[LITMUS_VALUE_ROOM];
    if (level < context) {
        fputc('(', stream);
    }
    switch (p->kind) {
    case LITMUS_TRUE:
        fputs("true", stream);
        break;
    case LITMUS_FALSE:
        fputs("false", stream);
        break;
    case LITMUS_IS:
        fprintf(stream, "%s=%s", test->observed[p->column].name,
                litmus_value_text(test, p->column, p->value, text, sizeof text));
        break;
    case LITMUS_NEITHER:
        fputs("not (", stream);
        print_proposition(stream, test, p->left, 0);
        fputc(')', stream);
        break;
    case LITMUS_BOTH:
    case LITMUS_EITHER:
        print_proposition(stream, test, p->left, level);
        fputs(p->kind == LITMUS_BOTH ? " /\\ " : " \\/ ", stream);
        print_proposition(stream, test, p->right, level);
        break;
    }
    if (level < context) {
        fputc(')', stream);
    }
}

void litmus_print_condition(FILE *stream, const struct litmus_test *test)
{
    static const char *const names[] = {"exists", "~exists", "forall"};
    fprintf(stream, "%s (", names[test->quantifier]);
    print_proposition(stream, test, test->condition, 0);
    fputc(')', stream);
}
