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
    if (thread == LITMUS_NOWHERE) {
        snprintf(name, sizeof name, "[%s]", spelled);
    } else {
        snprintf(name, sizeof name, "%u:%s", thread, spelled);
    }
    test->observed =
        parser_grow(parser, test->observed, test->observed_count, sizeof *test->observed);
    struct litmus_observed *observed = &test->observed[test->observed_count];
    observed->thread = thread;
    observed->index = index;
    observed->name = parser_copy(parser, name, strlen(name));
    return test->observed_count++;
}

static unsigned read_register(struct parser *parser)
{
    const struct litmus_test *test = parser->test;
    const struct litmus_place place = parser->token.place;
    const unsigned thread = (unsigned)parser_integer(parser, false);
    parser_expect(parser, MARK(':', 0), "':' and the name of a register", "as in 0:r0=1");
    const struct litmus_place of_name = parser->token.place;
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

static unsigned read_location(struct parser *parser)
{
    const bool brackets = parser_accept(parser, MARK('[', 0));
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "a register such as 0:r0, or a location");
    if (brackets) {
        parser_expect(parser, MARK(']', 0), "']'", NULL);
    }
    const unsigned location = parser_find_location(parser->test, name);
    if (location == LITMUS_NOWHERE) {
        parser_fail(parser, place,
                    "unknown location '%s' (a register is named with its thread: 0:%s)", name,
                    name);
    }
    return observe(parser, LITMUS_NOWHERE, location, name);
}

static unsigned read_observed(struct parser *parser)
{
    return parser->token.kind == TOKEN_NUMBER ? read_register(parser) : read_location(parser);
}

static void read_locations(struct parser *parser)
{
    parser_expect(parser, MARK('[', 0), "'[' and what to observe", "as in locations [x; 0:r0;]");
    while (!parser_accept(parser, MARK(']', 0))) {
        (void)read_observed(parser);
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

static struct litmus_proposition *read_atom(struct parser *parser)
{
    struct litmus_proposition *p;
    if (parser_accept_word(parser, "true")) {
        return new_proposition(parser, LITMUS_TRUE, NULL, NULL);
    }
    if (parser_accept_word(parser, "false")) {
        return new_proposition(parser, LITMUS_FALSE, NULL, NULL);
    }
    if (parser_accept(parser, MARK('(', 0))) {
        p = read_either(parser);
        parser_expect(parser, MARK(')', 0), "')', /\\ or \\/", NULL);
        return p;
    }
    if (parser->token.kind != TOKEN_NUMBER && parser->token.kind != TOKEN_NAME &&
        !parser_is(parser, MARK('[', 0))) {
        parser_expected(parser, "a condition such as 0:r0=1 or x=1", NULL);
    }
    p = new_proposition(parser, LITMUS_IS, NULL, NULL);
    p->column = read_observed(parser);
    parser_expect(parser, MARK('=', 0), "'=' and a value", "inequalities are written ~(0:r0=1)");
    if (parser->token.kind == TOKEN_NAME || parser_is(parser, MARK('[', 0))) {
        parser_expected(parser, "an integer", "two places cannot be compared");
    }
    p->value = parser_integer(parser, true);
    if (parser_is(parser, MARK(':', 0))) {
        parser_fail(parser, parser->token.place, "two registers cannot be compared");
    }
    return p;
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

static struct litmus_proposition *read_both(struct parser *parser)
{
    struct litmus_proposition *p = read_negation(parser);
    const unsigned depth = parser->depth;
    while (parser_accept(parser, MARK('/', '\\')) || parser_accept(parser, MARK('&', '&'))) {
        parser_enter(parser);
        p = new_proposition(parser, LITMUS_BOTH, p, read_negation(parser));
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
}

void parser_condition(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    static const char *const later[] = {"filter", "observed", "with", "final"};
    if (parser_accept_word(parser, "locations")) {
        read_locations(parser);
    }
    for (size_t i = 0; i < sizeof later / sizeof *later; ++i) {
        if (parser_is_word(parser, later[i])) {
            parser_fail(parser, parser->token.place, "'%s' is not supported", later[i]);
        }
    }
    if (parser_accept_word(parser, "exists")) {
        test->quantifier = LITMUS_EXISTS;
    } else if (parser_accept_word(parser, "forall")) {
        test->quantifier = LITMUS_FORALL;
    } else if (parser_accept(parser, MARK('~', 0)) || parser_accept_word(parser, "not")) {
        test->quantifier = LITMUS_NOT_EXISTS;
        if (!parser_accept_word(parser, "exists")) {
            parser_expected(parser, "exists after ~", NULL);
        }
    } else {
        parser_expected(parser, "exists, ~exists or forall and a condition",
                        "or another thread, or locations [...] before it");
    }
    test->condition = read_either(parser);
    if (parser->token.kind != TOKEN_END) {
        parser_expected(parser, "/\\, \\/ or the end of the file after the condition", NULL);
    }
    sort_observed(test);
}

/* Brackets only where the precedence (~ over /\ over \/) needs them. */
static void print_proposition(FILE *stream, const struct litmus_test *test,
                              const struct litmus_proposition *p, int context)
{
    const int level = p->kind == LITMUS_EITHER ? 0 : p->kind == LITMUS_BOTH ? 1 : 2;
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
        fprintf(stream, "%s=%" PRId64, test->observed[p->column].name, p->value);
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
