/* lex.c - characters to tokens; the arena; the way out. */
#define _GNU_SOURCE
#include "parser.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct litmus_chunk {
    struct litmus_chunk *next;
    max_align_t data[];
};

void *parser_allocate(struct parser *parser, size_t size)
{
    struct litmus_chunk *chunk = calloc(1, sizeof *chunk + size);
    if (chunk == NULL) {
        parser_fail(parser, parser->at, "out of memory");
    }
    chunk->next = parser->test->arena;
    parser->test->arena = chunk;
    return chunk->data;
}

void *parser_node(struct parser *parser, size_t size)
{
    if (++parser->nodes > LITMUS_MOST_NODES) {
        parser_fail(parser, parser->token.place, "the test is too long to be one");
    }
    return parser_allocate(parser, size);
}

const char *parser_copy(struct parser *parser, const char *start, size_t length)
{
    char *copy = parser_allocate(parser, length + 1);
    memcpy(copy, start, length);
    return copy;
}

void *parser_grow(struct parser *parser, void *array, unsigned count, size_t size)
{
    /* Doubles at powers of two. The old one stays in the arena: it all goes at once. */
    if (count != 0 && (count & (count - 1)) != 0) {
        return array;
    }
    void *larger = parser_allocate(parser, (count == 0 ? 1 : 2 * (size_t)count) * size);
    if (count != 0) {
        memcpy(larger, array, count * size);
    }
    return larger;
}

void litmus_free(struct litmus_test *test)
{
    if (test != NULL) {
        for (struct litmus_chunk *chunk = test->arena, *next; chunk != NULL; chunk = next) {
            next = chunk->next;
            free(chunk);
        }
        free(test);
    }
}

void parser_fail(struct parser *parser, struct litmus_place place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    parser->error->place = place;
    vsnprintf(parser->error->text, sizeof parser->error->text, format, arguments);
    va_end(arguments);
    /* What is quoted may hold anything; no terminal is to obey it. */
    for (char *c = parser->error->text; *c != '\0'; ++c) {
        *c = *c >= ' ' && *c <= '~' ? *c : '?';
    }
    longjmp(parser->escape, 1);
}

/* The present token in words, for messages. */
static void describe(const struct token *token, char *text, size_t size)
{
    const unsigned char first = token->kind == TOKEN_END ? 0 : (unsigned char)*token->start;
    if (token->kind == TOKEN_END) {
        snprintf(text, size, "the end of the file");
    } else if (token->kind == TOKEN_MARK && (first >= 127 || first < 32)) {
        snprintf(text, size, "the byte 0x%02x", first);
    } else if (token->length > 32) {
        snprintf(text, size, "'%.32s...'", token->start);
    } else {
        snprintf(text, size, "'%.*s'", (int)token->length, token->start);
    }
}

/* What to write in a condition for the present token, if that is logic's own sign; else NULL. */
static const char *spelled(const struct parser *parser)
{
    static const char *const signs[][2] = {
        {"\xe2\x88\xa7", "write /\\"}, {"\xe2\x88\xa8", "write \\/"}, {"\xc2\xac", "write ~"}};
    const struct token *token = &parser->token;
    for (size_t i = 0; i < sizeof signs / sizeof *signs; ++i) {
        const size_t length = strlen(signs[i][0]);
        if (!parser->in_body && token->kind == TOKEN_MARK &&
            (size_t)(parser->end - token->start) >= length &&
            memcmp(token->start, signs[i][0], length) == 0) {
            return signs[i][1];
        }
    }
    return NULL;
}

void parser_expected(struct parser *parser, const char *what, const char *hint)
{
    char found[64];
    hint = hint != NULL ? hint : spelled(parser);
    describe(&parser->token, found, sizeof found);
    if (hint == NULL) {
        parser_fail(parser, parser->token.place, "expected %s, found %s", what, found);
    }
    parser_fail(parser, parser->token.place, "expected %s, found %s (%s)", what, found, hint);
}

void parser_step(struct parser *parser)
{
    if (*parser->next == '\n') {
        ++parser->at.line;
        parser->at.column = 1;
    } else {
        ++parser->at.column;
    }
    ++parser->next;
}

static bool is_name_character(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

static bool looking_at(const struct parser *parser, const char *text)
{
    const size_t length = strlen(text);
    return (size_t)(parser->end - parser->next) >= length &&
           memcmp(parser->next, text, length) == 0;
}

static void skip_comment(struct parser *parser, const char *close, const char *hint)
{
    const struct litmus_place place = parser->at;
    parser_step(parser);
    parser_step(parser);
    while (!looking_at(parser, close)) {
        if (parser->next == parser->end) {
            parser_fail(parser, place, "this comment never ends: expected '%s'%s", close, hint);
        }
        parser_step(parser);
    }
    parser_step(parser);
    parser_step(parser);
}

/* In a thread's body "(*x" is a dereference, "(* x" begins a comment. */
static bool is_comment(const struct parser *parser)
{
    return looking_at(parser, "(*") && !(parser->in_body && parser->end - parser->next > 2 &&
                                         is_name_character(parser->next[2]));
}

void parser_skip_blank(struct parser *parser)
{
    while (parser->next < parser->end) {
        if (is_comment(parser)) {
            skip_comment(parser, "*)", " (to mean a dereference, write '(*x)')");
        } else if (looking_at(parser, "/*")) {
            skip_comment(parser, "*/", "");
        } else if (looking_at(parser, "//")) {
            while (parser->next < parser->end && *parser->next != '\n') {
                parser_step(parser);
            }
        } else if (strchr(" \t\r\n\f\v", *parser->next) != NULL && *parser->next != '\0') {
            parser_step(parser);
        } else {
            return;
        }
    }
}

static unsigned read_mark(struct parser *parser)
{
    static const char *const pairs[] = {
        "<<=", ">>=", "=>", "/\\", "\\/", "&&", "||", "==", "!=", "<=", ">=", "<<",
        ">>",  "++",  "--", "+=",  "-=",  "*=", "/=", "%=", "&=", "|=", "^=", "->"};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; ++i) {
        if (looking_at(parser, pairs[i])) {
            for (const char *c = pairs[i]; *c != '\0'; ++c) {
                parser_step(parser);
            }
            return MARK3(pairs[i][0], pairs[i][1], pairs[i][2]);
        }
    }
    const char mark = *parser->next;
    parser_step(parser);
    return MARK(mark, 0);
}

void parser_advance(struct parser *parser)
{
    struct token *token = &parser->token;
    parser_skip_blank(parser);
    token->place = parser->at;
    token->start = parser->next;
    token->mark = 0;
    if (parser->next == parser->end) {
        token->kind = TOKEN_END;
    } else if (is_name_character(*parser->next)) {
        token->kind = isdigit((unsigned char)*parser->next) ? TOKEN_NUMBER : TOKEN_NAME;
        while (parser->next < parser->end && is_name_character(*parser->next)) {
            parser_step(parser);
        }
    } else {
        token->kind = TOKEN_MARK;
        token->mark = read_mark(parser);
    }
    token->length = (size_t)(parser->next - token->start);
}

bool parser_is(const struct parser *parser, unsigned mark)
{
    return parser->token.kind == TOKEN_MARK && parser->token.mark == mark;
}

bool parser_is_word(const struct parser *parser, const char *word)
{
    return parser->token.kind == TOKEN_NAME && parser->token.length == strlen(word) &&
           memcmp(parser->token.start, word, parser->token.length) == 0;
}

bool parser_accept(struct parser *parser, unsigned mark)
{
    const bool found = parser_is(parser, mark);
    if (found) {
        parser_advance(parser);
    }
    return found;
}

bool parser_accept_word(struct parser *parser, const char *word)
{
    const bool found = parser_is_word(parser, word);
    if (found) {
        parser_advance(parser);
    }
    return found;
}

void parser_expect(struct parser *parser, unsigned mark, const char *what, const char *hint)
{
    if (!parser_accept(parser, mark)) {
        parser_expected(parser, what, hint);
    }
}

bool parser_follows(const struct parser *parser, char c)
{
    const char *next = parser->next;
    while (next < parser->end && (*next == ' ' || *next == '\t' || *next == '\n')) {
        ++next;
    }
    return next < parser->end && *next == c;
}

const char *parser_name(struct parser *parser, const char *what)
{
    static const char *const keywords[] = {
        "auto",    "break",  "case",      "char",   "const",    "continue", "default",
        "do",      "double", "else",      "enum",   "extern",   "float",    "for",
        "goto",    "if",     "inline",    "int",    "long",     "register", "restrict",
        "return",  "short",  "signed",    "sizeof", "static",   "struct",   "switch",
        "typedef", "union",  "unsigned",  "void",   "volatile", "while",    "atomic_int",
        "exists",  "forall", "locations", "not",    "true",     "false"};
    const struct token *token = &parser->token;
    if (token->kind != TOKEN_NAME) {
        parser_expected(parser, what, NULL);
    }
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; ++i) {
        if (parser_is_word(parser, keywords[i])) {
            parser_expected(parser, what, "that word is reserved");
        }
    }
    if (token->length > LITMUS_MOST_NAME) {
        parser_fail(parser, token->place, "this name is longer than %u characters",
                    LITMUS_MOST_NAME);
    }
    const char *name = parser_copy(parser, token->start, token->length);
    parser_advance(parser);
    return name;
}

int32_t parser_integer(struct parser *parser, bool negative)
{
    const bool minus = negative && parser_accept(parser, MARK('-', 0));
    const struct token token = parser->token;
    char digits[32];
    char *end;
    if (token.kind != TOKEN_NUMBER) {
        parser_expected(parser, "an integer", NULL);
    }
    snprintf(digits, sizeof digits, "%.*s", token.length < 31 ? (int)token.length : 31,
             token.start);
    errno = 0;
    const long long value = strtoll(digits, &end, 0);
    if (token.length > 31 || *end != '\0') {
        parser_expected(parser, "an integer",
                        "decimal, 0x hexadecimal or 0 octal, without a suffix");
    }
    if (errno != 0 || value > (long long)INT32_MAX + minus) {
        parser_fail(parser, token.place, "%s does not fit an int", digits);
    }
    parser_advance(parser);
    return (int32_t)(minus ? -value : value);
}

/* The suffix of a constant: bits 1 for u, 2 for l or ll. */
static bool read_suffix(const char *suffix, unsigned *bits)
{
    static const struct {
        const char *text;
        unsigned bits;
    } known[] = {{"", 0},   {"u", 1},  {"l", 2},   {"ul", 3},
                 {"lu", 3}, {"ll", 2}, {"ull", 3}, {"llu", 3}};
    for (size_t i = 0; i < sizeof known / sizeof *known; ++i) {
        if (strcasecmp(suffix, known[i].text) == 0) {
            *bits = known[i].bits;
            return true;
        }
    }
    return false;
}

int64_t parser_number(struct parser *parser, const struct litmus_type **type)
{
    const struct token token = parser->token;
    char digits[40];
    char *end;
    unsigned suffix = 0;
    if (token.kind != TOKEN_NUMBER) {
        parser_expected(parser, "an integer", NULL);
    }
    snprintf(digits, sizeof digits, "%.*s", token.length < 39 ? (int)token.length : 39,
             token.start);
    errno = 0;
    const unsigned long long value = strtoull(digits, &end, 0);
    if (token.length > 39 || !read_suffix(end, &suffix)) {
        parser_expected(parser, "an integer", "decimal, 0x hexadecimal or 0 octal");
    }
    if (errno != 0) {
        parser_fail(parser, token.place, "%s does not fit 64 bits", digits);
    }
    /* The first of C's list of types that holds it. Decimal ones are not unsigned unless they say so. */
    const bool may_be_unsigned = (suffix & 1) != 0 || digits[0] == '0';
    const bool may_be_signed = (suffix & 1) == 0, may_be_int = (suffix & 2) == 0;
    const struct litmus_type *is = parser_base(BASE_U64);
    if (may_be_signed && may_be_int && value <= INT32_MAX) {
        is = parser_base(BASE_INT);
    } else if (may_be_unsigned && may_be_int && value <= UINT32_MAX) {
        is = parser_base(BASE_UNSIGNED);
    } else if (may_be_signed && value <= INT64_MAX) {
        is = parser_base(BASE_I64);
    }
    if (type != NULL) {
        *type = is;
    }
    parser_advance(parser);
    return (int64_t)value;
}

int64_t parser_fit(struct parser *parser, struct litmus_place place, bool minus, int64_t value,
                   const struct litmus_type *type)
{
    const struct litmus_type *to = type != NULL ? type : parser_base(BASE_INT);
    const uint64_t magnitude = (uint64_t)value;
    const unsigned bits = to->is_bool || to->is_flag ? 1 : 8 * to->size;
    const uint64_t most = UINT64_MAX >> (64 - bits), half = (most >> 1) + 1;
    if (minus ? magnitude > half || bits == 1 : magnitude > (to->is_signed ? half - 1 : most)) {
        parser_fail(parser, place, "%s%" PRIu64 " does not fit %s%s", minus ? "-" : "", magnitude,
                    litmus_is_int(to) ? "an " : "", to->name);
    }
    const uint64_t wrapped = minus ? 0 - magnitude : magnitude;
    return (int64_t)(to->is_signed ? wrapped : wrapped & most);
}

void parser_enter(struct parser *parser)
{
    if (++parser->depth > LITMUS_MOST_DEPTH) {
        parser_fail(parser, parser->token.place, "nested deeper than %u levels", LITMUS_MOST_DEPTH);
    }
}

void parser_leave(struct parser *parser)
{
    --parser->depth;
}
