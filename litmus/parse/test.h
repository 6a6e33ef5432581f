/* test.h - a litmus test, as read from a file: the one structure that the runner, the simulator and
 * the explorer share.
 *
 * A test is a handful of threads over a handful of locations, and a question about the values that
 * their registers and the memory hold at the end. litmus_read and litmus_parse turn herd's C
 * dialect (docs: `cordon-litmus --help`) into this tree, resolve every name in it, and refuse with
 * one positioned message what is not understood: whoever gets a tree need not check it again.
 *
 * Everything hangs on one arena: litmus_free releases the lot.
 */
#ifndef CORDON_LITMUS_TEST_H
#define CORDON_LITMUS_TEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Limits; what exceeds one is refused. They keep an enormous or hostile file from exhausting
 * anything, and are far beyond any test a person has written.
 */
#define LITMUS_MOST_BYTES      (1u << 20)
#define LITMUS_MOST_THREADS    16u
#define LITMUS_MOST_LOCATIONS  32u
#define LITMUS_MOST_REGISTERS  64u /* in one thread */
#define LITMUS_MOST_STATEMENTS 1000u
#define LITMUS_MOST_NODES      20000u
#define LITMUS_MOST_DEPTH      64u /* of blocks, parentheses and operators */
#define LITMUS_MOST_OBSERVED   24u
#define LITMUS_MOST_NAME       63u
#define LITMUS_MOST_INFO       100u /* lines Key=Value */
#define LITMUS_MOST_CELL       120u

/* How often a loop may go round in one instance. One that would go on is given up with its thread, and the
 * instance is not counted.
 */
#define LITMUS_MOST_ROUNDS 1000u

/* What the threads are written in. Those of an assembly dialect are instructions, as text; they run
 * only on a processor of that architecture. X86 is X86_64 with the destination first.
 */
enum litmus_dialect { LITMUS_C, LITMUS_X86_64, LITMUS_AARCH64, LITMUS_RISCV, LITMUS_X86 };

/* A value that is the address of a location, wherever values are: initial ones, in conditions, in
 * outcomes. It prints as the location's name.
 */
#define LITMUS_ADDRESS(location) (INT64_MIN + 1 + (int64_t)(location))
#define LITMUS_IS_ADDRESS(value) \
    ((value) > INT64_MIN && (value) <= INT64_MIN + LITMUS_MOST_LOCATIONS)
#define LITMUS_ADDRESS_OF(value) ((unsigned)((value) - (INT64_MIN + 1)))
/* An address that is none of a location: beyond the end of an array, say. */
#define LITMUS_ASTRAY INT64_MIN

struct litmus_place {
    unsigned line, column; /* from 1; the column counts bytes */
};

/* What a location or a register holds: an integer, or the address of a location. Types of one size and
 * signedness are one type here, under one name: long is int64_t.
 */
struct litmus_type {
    const char *name; /* of an integer: "int", "unsigned", "uint64_t"; NULL for a pointer */
    unsigned size;    /* in bytes */
    bool is_signed;
    bool is_bool, is_flag; /* _Bool; atomic_flag */
    bool is_atomic, is_volatile;
    const struct litmus_type *target; /* of a pointer: the type of what it points to */
};

enum litmus_order {
    LITMUS_RELAXED,
    LITMUS_CONSUME,
    LITMUS_ACQUIRE,
    LITMUS_RELEASE,
    LITMUS_ACQ_REL,
    LITMUS_SEQ_CST,
    LITMUS_PLAIN, /* not an atomic access at all */
};

/* An operator, or how a read-modify-write computes. Binary ones stand in C's order of precedence.
 */
enum litmus_operator {
    LITMUS_OR_ELSE, /* || */
    LITMUS_AND_THEN,
    LITMUS_OR,
    LITMUS_XOR,
    LITMUS_AND,
    LITMUS_EQUAL,
    LITMUS_UNEQUAL,
    LITMUS_LESS,
    LITMUS_LESS_EQUAL,
    LITMUS_GREATER,
    LITMUS_GREATER_EQUAL,
    LITMUS_SHIFT_LEFT,
    LITMUS_SHIFT_RIGHT,
    LITMUS_ADD,
    LITMUS_SUBTRACT,
    LITMUS_MULTIPLY,
    LITMUS_DIVIDE, /* by a constant, which is positive; so is the next */
    LITMUS_REMAINDER,
    LITMUS_NEGATE, /* unary from here */
    LITMUS_NOT,
    LITMUS_COMPLEMENT,
    LITMUS_EXCHANGE, /* in a read-modify-write only */
};

enum litmus_expression_kind {
    LITMUS_CONSTANT, /* value */
    LITMUS_REGISTER, /* reg */
    LITMUS_UNARY,    /* operator left */
    LITMUS_BINARY,   /* left operator right */
    LITMUS_LOAD,     /* of location, with order */
    LITMUS_RMW,      /* of location, with order: the old value, and operator(old, left) is stored */
    LITMUS_CAS,      /* see below: 1 if it succeeded, else 0 */
    LITMUS_POINTER,  /* the address of location */
    LITMUS_CAST,     /* left, converted to type */
    LITMUS_CHOICE,   /* condition ? left : right */
};

/* What an access goes to is a location known when the test is read, or else location is LITMUS_NOWHERE
 * and the expression `address` tells.
 */

/* The expected value of a compare-exchange lives in a register, or in a location that is accessed
 * plainly: expected_location is LITMUS_NOWHERE for a register. A failed one stores what it found
 * there. The desired value is `left`.
 */
#define LITMUS_NOWHERE (~0u)

struct litmus_expression {
    enum litmus_expression_kind kind;
    enum litmus_operator operator;
    struct litmus_place place;
    int64_t value;
    unsigned reg;      /* index into the thread's registers */
    unsigned location; /* index into the test's locations */
    unsigned expected_location;
    enum litmus_order order, failure_order;
    bool weak;
    const struct litmus_type *type;   /* of the value */
    const struct litmus_type *object; /* of what an access goes to */
    struct litmus_expression *left, *right, *condition, *address;
};

enum litmus_statement_kind {
    LITMUS_ASSIGN,   /* reg = expression */
    LITMUS_STORE,    /* to location, with order, the expression */
    LITMUS_FENCE,    /* order */
    LITMUS_EVALUATE, /* the expression, for its effect */
    LITMUS_IF,       /* expression; body; otherwise (may be NULL) */
    LITMUS_WHILE, /* expression; body; otherwise: what a for loop does after each round, or NULL */
    LITMUS_DO,    /* body; expression */
    LITMUS_BREAK,
    LITMUS_CONTINUE,
    LITMUS_SIGNAL_FENCE, /* order: of the compiler only */
};

struct litmus_statement {
    enum litmus_statement_kind kind;
    struct litmus_place place;
    unsigned reg, location;
    enum litmus_order order;
    const struct litmus_type *type; /* of what a store goes to; may be NULL: int */
    struct litmus_expression *expression, *address;
    struct litmus_statement *body, *otherwise;
    struct litmus_statement *next;
};

/* What an assembly test says of the size of a location or register. */
struct litmus_width {
    unsigned char bytes; /* 0: nothing; then it is an int, as far as one can tell */
    bool is_unsigned;
};

/* The elements of an array are locations that follow each other, in numbers and in memory. */
struct litmus_location {
    const char *name; /* "x", or "a[0]" */
    struct litmus_place place;
    int64_t initial;
    const struct litmus_type *type; /* NULL: int */
    const char *array;              /* the name of the array, or NULL */
    unsigned index, length;         /* in the array, and how many it has */
    struct litmus_width width;
};

/* A register is local to its thread, whatever block declares it, and 0 until assigned. */
struct litmus_register {
    const char *name;
    struct litmus_place place;
    int64_t initial;
    const struct litmus_type *type; /* NULL: int */
    struct litmus_width width;
};

struct litmus_parameter {
    unsigned location; /* of an array, its first element */
    bool is_atomic, is_volatile;
    const struct litmus_type *type; /* as this thread sees the location */
};

/* One instruction of an assembly thread, or the name of a label, as the file has it, without comments. */
struct litmus_instruction {
    const char *text;
    struct litmus_place place;
    bool is_label;
};

struct litmus_thread {
    struct litmus_parameter *parameter;
    unsigned parameter_count;
    struct litmus_register *reg;
    unsigned register_count;
    struct litmus_statement *body; /* in C */
    struct litmus_instruction *instruction;
    unsigned instruction_count;
};

/* One thing looked at when all threads have ended: a register, or a location (thread is then
 * LITMUS_NOWHERE). Sorted: registers by thread and name, then locations by name.
 */
struct litmus_observed {
    unsigned thread;
    unsigned index;
    const char *name;               /* as printed: "0:r0", "[x]" */
    const struct litmus_type *type; /* NULL: a signed integer, or an address */
};

enum litmus_quantifier { LITMUS_EXISTS, LITMUS_NOT_EXISTS, LITMUS_FORALL };

enum litmus_proposition_kind {
    LITMUS_TRUE,
    LITMUS_FALSE,
    LITMUS_IS,      /* observed[column] == value */
    LITMUS_NEITHER, /* not left */
    LITMUS_BOTH,    /* left and right */
    LITMUS_EITHER,  /* left or right */
};

struct litmus_proposition {
    enum litmus_proposition_kind kind;
    unsigned column; /* index into the test's observed */
    int64_t value;
    struct litmus_proposition *left, *right;
};

struct litmus_info {
    const char *key, *value;
};

/* What is in a test beyond ints, known locations, and branches. */
enum {
    LITMUS_HAS_TYPES = 1, /* integers other than int */
    LITMUS_HAS_ARRAYS = 2,
    LITMUS_HAS_POINTERS = 4, /* addresses that are values, or are computed */
    LITMUS_HAS_LOOPS = 8,
};

struct litmus_test {
    enum litmus_dialect dialect;
    unsigned features; /* LITMUS_HAS_... */
    const char *name;
    const char *doc;  /* NULL if there is none */
    const char *text; /* all of what was read, `length` bytes and a NUL */
    size_t length;
    struct litmus_info *info;
    unsigned info_count;
    struct litmus_location *location;
    unsigned location_count;
    struct litmus_thread *thread;
    unsigned thread_count;
    struct litmus_observed *observed;
    unsigned observed_count;
    enum litmus_quantifier quantifier;
    struct litmus_proposition *condition;
    struct litmus_proposition *filter; /* only states in which it holds count; NULL: all */
    struct litmus_chunk *arena;
};

/* What is wrong, and where; line is 0 where no place in the text applies (an unreadable file). */
struct litmus_error {
    struct litmus_place place;
    char text[320];
};

/* litmus_parse - read a test from memory. NULL and *error if it is not one. */
struct litmus_test *litmus_parse(const char *text, size_t length, struct litmus_error *error);

/* litmus_read - the same from a file ("-" is standard input). */
struct litmus_test *litmus_read(const char *path, struct litmus_error *error);

/* litmus_report - print "path:line:column: text" and a line's end. */
void litmus_report(FILE *stream, const char *path, const struct litmus_error *error);

/* litmus_free - release it; NULL is allowed. */
void litmus_free(struct litmus_test *test);

/* litmus_get - the value of an info line, or NULL. */
const char *litmus_get(const struct litmus_test *test, const char *key);

/* litmus_print_condition - quantifier and proposition, as herd writes them. */
void litmus_print_condition(FILE *stream, const struct litmus_test *test);

/* litmus_value_text - what a column holds, as it is printed: "-1", "18446744073709551615", or the name of a
 * location. Returns `text`.
 */
#define LITMUS_VALUE_ROOM (LITMUS_MOST_NAME + 16u)
const char *litmus_value_text(const struct litmus_test *test, unsigned column, int64_t value,
                              char *text, size_t size);

/* litmus_is_int - is it int, which is also meant by NULL? Atomic or volatile does not matter. */
bool litmus_is_int(const struct litmus_type *type);

/* litmus_print_type - in C: "_Atomic uint64_t", "atomic_int *". */
void litmus_print_type(FILE *stream, const struct litmus_type *type);

/* litmus_feature - the first of what the test has, in words ("arrays"); NULL: nothing. */
const char *litmus_feature(const struct litmus_test *test);

/* litmus_order_name - memory_order_relaxed and so on. */
const char *litmus_order_name(enum litmus_order order);

/* litmus_operator_name - as C spells it; for a read-modify-write: add, sub, or, and, xor, exchange.
 */
const char *litmus_operator_name(enum litmus_operator operator);

#endif
