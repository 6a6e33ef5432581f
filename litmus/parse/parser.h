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

/* A mark of up to three characters as one number: MARK('=', '='), MARK(';', 0), MARK3('<', '<', '='). */
#define MARK(a, b)     ((unsigned)(unsigned char)(a) | (unsigned)(unsigned char)(b) << 8)
#define MARK3(a, b, c) (MARK(a, b) | (unsigned)(unsigned char)(c) << 16)

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
    bool in_body;                        /* where "(*x" is a dereference */
    struct litmus_thread *thread;        /* whose body is being read */
    bool visible[LITMUS_MOST_REGISTERS]; /* its registers, at this point of the body */
    unsigned depth, nodes, statements, loops;
    const struct litmus_expression *place;   /* the last that may stand left of an assignment */
    struct parser_initial *initial;          /* of locations, until their types are known */
    bool initialised[LITMUS_MOST_LOCATIONS]; /* of assembly tests: by name, not only named */
    bool wide;                               /* likewise: 64 bits of memory are accessed */
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

/* parser_follows - does this character come after the present token? */
bool parser_follows(const struct parser *parser, char c);

/* parser_name - take an identifier that C would accept as one. */
const char *parser_name(struct parser *parser, const char *what);
/* parser_integer - take an int constant, with its sign if `negative` allows one. */
int32_t parser_integer(struct parser *parser, bool negative);
/* parser_number - take a constant of up to 64 bits; *type gets its type by C's rules, if not NULL. */
int64_t parser_number(struct parser *parser, const struct litmus_type **type);
/* parser_fit - a number's value in that type, or fail, for it does not fit. A negative one is allowed for an
 * unsigned type: it wraps, as in C.
 */
int64_t parser_fit(struct parser *parser, struct litmus_place place, bool minus, int64_t value,
                   const struct litmus_type *type);

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

/* type.c */

enum parser_base {
    BASE_BOOL,
    BASE_I8,
    BASE_U8,
    BASE_I16,
    BASE_U16,
    BASE_INT,
    BASE_UNSIGNED,
    BASE_I64,
    BASE_U64,
    BASE_FLAG
};
/* parser_base - the type, neither atomic nor volatile. */
const struct litmus_type *parser_base(enum parser_base base);
/* parser_at_type - does a type begin here? A register or parameter of the thread hides a type's name. */
bool parser_at_type(struct parser *parser);
/* parser_type - take a type, without the stars behind it. */
const struct litmus_type *parser_type(struct parser *parser);
/* parser_stars - take the stars behind a type. */
const struct litmus_type *parser_stars(struct parser *parser, const struct litmus_type *type);
const struct litmus_type *parser_pointer_to(struct parser *parser, const struct litmus_type *type);
/* parser_plain - the same type, neither atomic nor volatile. */
const struct litmus_type *parser_plain(struct parser *parser, const struct litmus_type *type);
/* parser_common - what C's arithmetic makes of two integers. */
const struct litmus_type *parser_common(const struct litmus_type *a, const struct litmus_type *b);
const char *parser_type_text(struct parser *parser, const struct litmus_type *type);
/* parser_note_type - the test has a value of this type. */
void parser_note_type(struct parser *parser, const struct litmus_type *type);

/* initial.c */

/* An initial value: of a register or a location, a number or the address of a location. */
struct parser_initial {
    unsigned thread; /* LITMUS_NOWHERE: a location's */
    unsigned location;
    const char *name; /* of the register */
    struct litmus_place place, of_value;
    const struct litmus_type *type; /* that is written before it; NULL: none */
    bool minus;
    int64_t value;
    const struct litmus_type *of_number; /* NULL: an address */
    const char *target;                  /* the location whose address it is, or NULL */
    unsigned element;                    /* of the target */
    struct parser_initial *next;
};

/* parser_initial_state - braces and all. Adds the locations, and returns the registers' values. */
struct parser_initial *parser_initial_state(struct parser *parser);
/* parser_initial_address - the location that it is the address of; NULL is LITMUS_NOWHERE. */
unsigned parser_initial_address(struct parser *parser, const struct parser_initial *initial);
/* parser_set_initial - when all locations and their types are known. */
void parser_set_initial(struct parser *parser);
/* parser_location - the location of that name, made if there is none; its type is set, or has to
 * agree.
 */
unsigned parser_location(struct parser *parser, const char *name, struct litmus_place place,
                         const struct litmus_type *type);
/* parser_element - after an array's name: "[1]", with the element's number taken. */
unsigned parser_element(struct parser *parser, unsigned location, struct litmus_place place);
/* parser_add_location - another one; the type may be NULL. */
unsigned parser_add_location(struct parser *parser, const char *name, struct litmus_place place,
                             const struct litmus_type *type);

/* function.c */

enum { PARSER_LOADS = 1, PARSER_STORES = 2, PARSER_FENCES = 4 };

/* parser_order - take an order, of those that C permits there: a load cannot release, a store cannot
 * acquire.
 */
enum litmus_order parser_order(struct parser *parser, int access, const char *what);

enum call {
    CALL_LOAD,
    CALL_STORE,
    CALL_INIT,
    CALL_RMW,
    CALL_CAS,
    CALL_FENCE,
    CALL_SIGNAL_FENCE,
    CALL_TEST_AND_SET,
    CALL_CLEAR
};

struct parser_function {
    const char *name; /* without _explicit */
    enum call call;
    enum litmus_operator operator; /* of an RMW */
    bool weak;
};

/* parser_function - the function of that name. */
const struct parser_function *parser_function(struct parser *parser, const char *name,
                                              struct litmus_place place, bool *is_explicit);

/* expression.c */

struct litmus_expression *parser_new_expression(struct parser *parser,
                                                enum litmus_expression_kind kind,
                                                struct litmus_place place);
struct litmus_statement *parser_new_statement(struct parser *parser,
                                              enum litmus_statement_kind kind,
                                              struct litmus_place place);
struct litmus_expression *parser_expression(struct parser *parser);
/* parser_assignment_hint - a hint if the present token is an assignment where there can be none, else NULL. */
const char *parser_assignment_hint(const struct parser *parser);
/* parser_unary - an expression that binds as tightly as what may stand left of an assignment. */
struct litmus_expression *parser_unary(struct parser *parser);
struct litmus_expression *parser_binary(struct parser *parser, struct litmus_place place,
                                        enum litmus_operator operator,
                                        struct litmus_expression * left,
                                        struct litmus_expression *right);
/* parser_convertible - fail if C would not let this value become one of that type. */
void parser_convertible(struct parser *parser, const struct litmus_expression *e,
                        const struct litmus_type *type);
/* parser_address - take an expression that is an address; `what` says which is expected. */
struct litmus_expression *parser_address(struct parser *parser, const char *what);
/* parser_set_address - the access goes there: a location, if that is known. */
void parser_set_address(struct parser *parser, struct litmus_expression *access,
                        struct litmus_expression *address);
unsigned parser_this_thread(const struct parser *parser);
const struct litmus_parameter *parser_find_parameter(const struct parser *parser, const char *name);
unsigned parser_need_register(struct parser *parser, const char *name, struct litmus_place place);

/* call.c */

/* parser_call - a call, after its name. A store or a fence becomes a statement: *statement is set, and NULL
 * returned; where no statement may stand, `statement` is NULL.
 */
struct litmus_expression *parser_call(struct parser *parser, const char *name,
                                      struct litmus_place place,
                                      struct litmus_statement **statement);

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
