/* parser.h - what the parts of the parser share: tokens, the arena, and how to give up.
 *
 * There is one way out on a mistake: parser_fail writes the message and jumps back to litmus_parse,
 * which frees the arena. So no function here returns a failure, and none leaks.
 */
#ifndef CORDON_LITMUS_PARSER_H
#define CORDON_LITMUS_PARSER_H

#include "test.h"

#include <setjmp.h>

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_NUMBER, TOKEN_MARK };

/* A mark of one or two characters as one number: MARK('=', '='), MARK(';', 0). */
#define MARK(a, b) ((unsigned)(unsigned char)(a) | (unsigned)(unsigned char)(b) << 8)

struct token {
    enum token_kind kind;
    unsigned mark;
    struct litmus_place place;
    const char *start;
    size_t length;
};

struct parser {
    const char *next, *end;
    struct litmus_place at; /* of *next */
    struct token token;     /* the one looked at */
    struct litmus_test *test;
    bool in_body;                            /* where "(*x" is a dereference */
    struct litmus_thread *thread;            /* whose body is being read */
    bool visible[LITMUS_MOST_REGISTERS];     /* its registers, at this point of the body */
    bool initialised[LITMUS_MOST_LOCATIONS]; /* of assembly tests: by name, not only named */
    bool wide;                               /* likewise: 64 bits of memory are accessed */
    unsigned depth, nodes, statements;
    struct litmus_error *error;
    jmp_buf escape;
};

/* lex.c */

/* parser_fail - the message, positioned; does not return. */
__attribute__((format(printf, 3, 4), noreturn)) void
parser_fail(struct parser *parser, struct litmus_place place, const char *format, ...);

/* parser_expected - "expected WHAT, found the present token", with a hint in parentheses unless it
 * is NULL.
 */
__attribute__((noreturn)) void parser_expected(struct parser *parser, const char *what,
                                               const char *hint);

/* parser_advance - look at the next token; skips blanks and comments. */
void parser_advance(struct parser *parser);

/* parser_skip_blank - the same, without reading a token: for the header's lines. */
void parser_skip_blank(struct parser *parser);

/* parser_step - take one character, keeping the position. */
void parser_step(struct parser *parser);

bool parser_is(const struct parser *parser, unsigned mark);
bool parser_is_word(const struct parser *parser, const char *word);
bool parser_accept(struct parser *parser, unsigned mark);
bool parser_accept_word(struct parser *parser, const char *word);
/* parser_expect - take the mark, or fail naming it: "';' after the store". */
void parser_expect(struct parser *parser, unsigned mark, const char *what, const char *hint);

/* parser_name - take an identifier that C would accept as one. */
const char *parser_name(struct parser *parser, const char *what);
/* parser_integer - take an int constant, with its sign if `negative` allows one. */
int32_t parser_integer(struct parser *parser, bool negative);

/* parser_enter, parser_leave - around every recursion. */
void parser_enter(struct parser *parser);
void parser_leave(struct parser *parser);

/* parser_allocate - zeroed, until litmus_free. */
void *parser_allocate(struct parser *parser, size_t size);
/* parser_node - the same, counted against LITMUS_MOST_NODES. */
void *parser_node(struct parser *parser, size_t size);
const char *parser_copy(struct parser *parser, const char *start, size_t length);
/* parser_grow - room for one more in an array of `count`. */
void *parser_grow(struct parser *parser, void *array, unsigned count, size_t size);

/* parse.c */

unsigned parser_add_location(struct parser *parser, const char *name, struct litmus_place place);

/* function.c */

enum { PARSER_LOADS = 1, PARSER_STORES = 2, PARSER_FENCES = 4 };

/* parser_order - take an order, of those that C permits there: a load cannot release, a store cannot
 * acquire.
 */
enum litmus_order parser_order(struct parser *parser, int access, const char *what);

enum call { CALL_LOAD, CALL_STORE, CALL_RMW, CALL_CAS, CALL_FENCE };

struct parser_function {
    const char *name; /* without _explicit */
    enum call call;
    enum litmus_operator operator; /* of an RMW */
    bool weak;
};

/* parser_function - the function of that name. */
const struct parser_function *parser_function(struct parser *parser, const char *name,
                                              struct litmus_place place, bool *is_explicit);

/* body.c */

/* parser_body - the statements up to and with the closing brace. */
struct litmus_statement *parser_body(struct parser *parser);
/* parser_find_register - by name, whether visible or not; LITMUS_NOWHERE if none. */
unsigned parser_find_register(const struct litmus_thread *thread, const char *name);
unsigned parser_add_register(struct parser *parser, struct litmus_thread *thread, const char *name,
                             struct litmus_place place);
unsigned parser_find_location(const struct litmus_test *test, const char *name);

/* condition.c */

/* parser_condition - locations and the quantified condition; fills in observed. */
void parser_condition(struct parser *parser);

#endif
