/* type.c - what locations and registers hold.
 *
 * Types that are the same on every 64-bit Unix are one type: long, long long and int64_t, say; what a test
 * then computes is the same. char is signed, also where C compilers think otherwise.
 */
#define _GNU_SOURCE
#include "parser.h"

#include <string.h>

static const struct litmus_type bases[] = {
    [BASE_BOOL] = {.name = "_Bool", .size = 1, .is_bool = true},
    [BASE_I8] = {.name = "int8_t", .size = 1, .is_signed = true},
    [BASE_U8] = {.name = "uint8_t", .size = 1},
    [BASE_I16] = {.name = "int16_t", .size = 2, .is_signed = true},
    [BASE_U16] = {.name = "uint16_t", .size = 2},
    [BASE_INT] = {.name = "int", .size = 4, .is_signed = true},
    [BASE_UNSIGNED] = {.name = "unsigned", .size = 4},
    [BASE_I64] = {.name = "int64_t", .size = 8, .is_signed = true},
    [BASE_U64] = {.name = "uint64_t", .size = 8},
    [BASE_FLAG] = {.name = "atomic_flag", .size = 1, .is_flag = true, .is_atomic = true},
};

/* Names that the standard's headers give to types; with atomic_ before it where `atomic`. */
static const struct named {
    const char *name;
    enum parser_base base;
    bool plain, atomic;
} named[] = {
    {"bool", BASE_BOOL, true, true},     {"char", BASE_I8, false, true},
    {"schar", BASE_I8, false, true},     {"uchar", BASE_U8, false, true},
    {"short", BASE_I16, false, true},    {"ushort", BASE_U16, false, true},
    {"int", BASE_INT, false, true},      {"uint", BASE_UNSIGNED, false, true},
    {"long", BASE_I64, false, true},     {"ulong", BASE_U64, false, true},
    {"llong", BASE_I64, false, true},    {"ullong", BASE_U64, false, true},
    {"int8_t", BASE_I8, true, true},     {"uint8_t", BASE_U8, true, true},
    {"int16_t", BASE_I16, true, true},   {"uint16_t", BASE_U16, true, true},
    {"int32_t", BASE_INT, true, true},   {"uint32_t", BASE_UNSIGNED, true, true},
    {"int64_t", BASE_I64, true, true},   {"uint64_t", BASE_U64, true, true},
    {"size_t", BASE_U64, true, true},    {"ssize_t", BASE_I64, true, false},
    {"ptrdiff_t", BASE_I64, true, true}, {"intptr_t", BASE_I64, true, true},
    {"uintptr_t", BASE_U64, true, true}, {"intmax_t", BASE_I64, true, true},
    {"uintmax_t", BASE_U64, true, true}, {"flag", BASE_FLAG, false, true},
};

const struct litmus_type *parser_base(enum parser_base base)
{
    return &bases[base];
}

bool litmus_is_int(const struct litmus_type *type)
{
    return type == NULL || (type->name != NULL && strcmp(type->name, bases[BASE_INT].name) == 0);
}

void litmus_print_type(FILE *stream, const struct litmus_type *type)
{
    static const char atomic_int_name[] = "atomic_int";
    if (type == NULL) {
        fputs("int", stream);
        return;
    }
    if (type->target != NULL) {
        litmus_print_type(stream, type->target);
        fprintf(stream, "%s*%s%s", type->target->target != NULL ? "" : " ",
                type->is_atomic ? " _Atomic" : "", type->is_volatile ? " volatile" : "");
        return;
    }
    fputs(type->is_volatile ? "volatile " : "", stream);
    if (type->is_atomic && litmus_is_int(type)) {
        fputs(atomic_int_name, stream);
    } else {
        fprintf(stream, "%s%s", type->is_atomic && !type->is_flag ? "_Atomic " : "", type->name);
    }
}

const char *parser_type_text(struct parser *parser, const struct litmus_type *type)
{
    char *text = parser_allocate(parser, 256);
    FILE *stream = fmemopen(text, 255, "w");
    if (stream == NULL) {
        parser_fail(parser, parser->at, "out of memory");
    }
    litmus_print_type(stream, type);
    fclose(stream);
    return text;
}

void parser_note_type(struct parser *parser, const struct litmus_type *type)
{
    if (type != NULL && type->target != NULL) {
        parser->test->features |= LITMUS_HAS_POINTERS;
    } else if (!litmus_is_int(type)) {
        parser->test->features |= LITMUS_HAS_TYPES;
    }
}

const char *litmus_feature(const struct litmus_test *test)
{
    static const struct {
        unsigned bit;
        const char *name;
    } names[] = {{LITMUS_HAS_TYPES, "values other than int"},
                 {LITMUS_HAS_ARRAYS, "arrays"},
                 {LITMUS_HAS_POINTERS, "addresses as values"},
                 {LITMUS_HAS_LOOPS, "loops"}};
    if (test->filter != NULL) {
        return "a filter";
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
        if ((test->features & names[i].bit) != 0) {
            return names[i].name;
        }
    }
    return NULL;
}

static const struct litmus_type *qualified(struct parser *parser, const struct litmus_type *type,
                                           bool is_atomic, bool is_volatile)
{
    if (type->is_atomic == is_atomic && type->is_volatile == is_volatile) {
        return type;
    }
    struct litmus_type *copy = parser_node(parser, sizeof *copy);
    *copy = *type;
    copy->is_atomic = is_atomic;
    copy->is_volatile = is_volatile;
    return copy;
}

const struct litmus_type *parser_plain(struct parser *parser, const struct litmus_type *type)
{
    return type->is_flag ? type : qualified(parser, type, false, false);
}

const struct litmus_type *parser_pointer_to(struct parser *parser, const struct litmus_type *type)
{
    struct litmus_type *pointer = parser_node(parser, sizeof *pointer);
    pointer->size = 8;
    pointer->target = type;
    return pointer;
}

const struct litmus_type *parser_common(const struct litmus_type *a, const struct litmus_type *b)
{
    const struct litmus_type *left = a->size < 4 ? &bases[BASE_INT] : a;
    const struct litmus_type *right = b->size < 4 ? &bases[BASE_INT] : b;
    if (left->size != right->size) {
        return left->size > right->size ? left : right;
    }
    return left->is_signed ? right : left;
}

/* Reading one. */

static const struct named *find_named(const struct parser *parser, bool *is_atomic)
{
    static const char prefix[] = "atomic_";
    const struct token *token = &parser->token;
    const size_t skip = sizeof prefix - 1;
    if (token->kind != TOKEN_NAME) {
        return NULL;
    }
    *is_atomic = token->length > skip && memcmp(token->start, prefix, skip) == 0;
    const char *start = token->start + (*is_atomic ? skip : 0);
    const size_t length = token->length - (*is_atomic ? skip : 0);
    for (size_t i = 0; i < sizeof named / sizeof *named; ++i) {
        if ((*is_atomic ? named[i].atomic : named[i].plain) && strlen(named[i].name) == length &&
            memcmp(named[i].name, start, length) == 0) {
            return &named[i];
        }
    }
    return NULL;
}

/* Is the word one that the thread has given to something else? */
static bool is_hidden(const struct parser *parser)
{
    char name[LITMUS_MOST_NAME + 1];
    if (!parser->in_body || parser->token.length > LITMUS_MOST_NAME) {
        return false;
    }
    snprintf(name, sizeof name, "%.*s", (int)parser->token.length, parser->token.start);
    const unsigned reg = parser_find_register(parser->thread, name);
    return (reg != LITMUS_NOWHERE && parser->visible[reg]) ||
           parser_find_parameter(parser, name) != NULL;
}

static bool at_any(const struct parser *parser, const char *const *words)
{
    for (; *words != NULL; ++words) {
        if (parser_is_word(parser, *words)) {
            return true;
        }
    }
    return false;
}

static void refuse_type(struct parser *parser)
{
    static const char *const wide[] = {"__int128", "__uint128_t", "__int128_t", "float", "double",
                                       "_Complex", "int128_t",    "uint128_t",  NULL};
    static const char *const kernels[] = {"atomic_t", "atomic64_t", "spinlock_t", "u8",  "u16",
                                          "u32",      "u64",        "s32",        "s64", NULL};
    if (parser->token.kind != TOKEN_NAME || parser_follows(parser, '=') || is_hidden(parser)) {
        return;
    }
    if (at_any(parser, wide)) {
        parser_expected(parser, "a type such as int or atomic_int",
                        "integers of up to 64 bits and pointers are supported");
    }
    if (at_any(parser, kernels)) {
        parser_expected(parser, "a type such as int or atomic_int",
                        "that one is the Linux kernel's, whose dialect is not supported; C11's is");
    }
}

bool parser_at_type(struct parser *parser)
{
    static const char *const words[] = {"char",     "short",    "int",   "long",
                                        "signed",   "unsigned", "_Bool", "const",
                                        "volatile", "_Atomic",  NULL};
    bool is_atomic;
    refuse_type(parser);
    return at_any(parser, words) || (find_named(parser, &is_atomic) != NULL && !is_hidden(parser));
}

/* What has been read of a type so far. */
struct words {
    bool any, is_signed, is_unsigned, is_char, is_short, is_int, is_bool, is_atomic, is_volatile;
    unsigned longs;
    const struct litmus_type *type; /* by one name */
};

static bool is_named(const struct words *w)
{
    return w->type != NULL || w->is_bool;
}

static bool read_word(struct parser *parser, struct words *w)
{
    const bool sized = w->is_char || w->is_short || w->longs != 0;
    bool is_atomic;
    if (parser_accept_word(parser, "volatile")) {
        w->is_volatile = true;
    } else if (parser_accept_word(parser, "const")) {
        ; /* whether a thread may store is no matter of what it does */
    } else if (parser_is_word(parser, "_Atomic")) {
        parser_advance(parser);
        w->is_atomic = true;
        if (w->type == NULL && parser_accept(parser, MARK('(', 0))) {
            w->type = parser_stars(parser, parser_type(parser));
            parser_expect(parser, MARK(')', 0), "')'", NULL);
        }
    } else if (!is_named(w) && !w->is_unsigned && parser_accept_word(parser, "signed")) {
        w->is_signed = true;
    } else if (!is_named(w) && !w->is_signed && parser_accept_word(parser, "unsigned")) {
        w->is_unsigned = true;
    } else if (!is_named(w) && !sized && !w->is_int && parser_accept_word(parser, "char")) {
        w->is_char = true;
    } else if (!is_named(w) && !sized && parser_accept_word(parser, "short")) {
        w->is_short = true;
    } else if (!is_named(w) && !w->is_char && !w->is_short && w->longs < 2 &&
               parser_accept_word(parser, "long")) {
        ++w->longs;
    } else if (!is_named(w) && !w->is_char && !w->is_int && parser_accept_word(parser, "int")) {
        w->is_int = true;
    } else if (!w->any && parser_accept_word(parser, "_Bool")) {
        w->is_bool = true;
    } else if (!is_named(w) && !sized && !w->is_int && !w->is_signed && !w->is_unsigned &&
               find_named(parser, &is_atomic) != NULL && !is_hidden(parser)) {
        w->type = parser_base(find_named(parser, &is_atomic)->base);
        w->is_atomic = w->is_atomic || is_atomic;
        parser_advance(parser);
    } else {
        return false;
    }
    w->any = true;
    return true;
}

const struct litmus_type *parser_type(struct parser *parser)
{
    struct words w = {0};
    parser_enter(parser);
    refuse_type(parser);
    while (read_word(parser, &w)) {
        refuse_type(parser);
    }
    parser_leave(parser);
    const struct litmus_type *type = w.type;
    if (type == NULL) {
        enum parser_base base = w.is_bool      ? BASE_BOOL
                                : w.is_char    ? BASE_I8
                                : w.is_short   ? BASE_I16
                                : w.longs != 0 ? BASE_I64
                                               : BASE_INT;
        if (!w.is_bool && !w.is_char && !w.is_short && w.longs == 0 && !w.is_int && !w.is_signed &&
            !w.is_unsigned) {
            parser_expected(parser, "a type such as int or atomic_int", NULL);
        }
        type = &bases[w.is_unsigned ? base + 1 : base];
    }
    return qualified(parser, type, w.is_atomic || type->is_atomic,
                     w.is_volatile || type->is_volatile);
}

const struct litmus_type *parser_stars(struct parser *parser, const struct litmus_type *type)
{
    while (parser_accept(parser, MARK('*', 0))) {
        bool is_atomic = false, is_volatile = false;
        type = parser_pointer_to(parser, type);
        for (;;) {
            if (parser_accept_word(parser, "volatile")) {
                is_volatile = true;
            } else if (parser_accept_word(parser, "_Atomic")) {
                is_atomic = true;
            } else if (!parser_accept_word(parser, "const") &&
                       !parser_accept_word(parser, "restrict")) {
                break;
            }
        }
        type = qualified(parser, type, is_atomic, is_volatile);
    }
    return type;
}
