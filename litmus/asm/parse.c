/* parse.c - an assembly test: its initial state, and its table of instructions.
 *
 *     { x=0; 0:X1=x; uint64_t y; }
 *      P0          | P1           ;
 *      MOV W0,#1   | LDR W0,[X3]  ;
 *      STR W0,[X1] | CBNZ W0,LC00 ;
 *                  | LC00:        ;
 *
 * What instructions mean is the assembler's to know; see check.c for what is refused here.
 */
#include "asm.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The initial state. */

struct initial_register {
    unsigned thread;
    struct asm_register reg;
    struct litmus_place place;
    int64_t value;
    struct litmus_width width;
    struct initial_register *next;
};

static const struct {
    const char *name;
    struct litmus_width width;
} types[] = {
    {"int", {4, false}},     {"unsigned", {4, true}},  {"int8_t", {1, false}},
    {"uint8_t", {1, true}},  {"int16_t", {2, false}},  {"uint16_t", {2, true}},
    {"int32_t", {4, false}}, {"uint32_t", {4, true}},  {"int64_t", {8, false}},
    {"uint64_t", {8, true}}, {"long", {8, false}},     {"char", {1, false}},
    {"short", {2, false}},   {"intptr_t", {8, false}}, {"uintptr_t", {8, true}},
};

/* A type, and the * of a pointer after it. False, and nothing taken, if there is none. */
static bool read_type(struct parser *parser, struct litmus_width *width)
{
    (void)parser_accept_word(parser, "volatile");
    for (size_t i = 0; i < sizeof types / sizeof *types; ++i) {
        if (parser_accept_word(parser, types[i].name)) {
            *width = types[i].width;
            if (parser_accept(parser, MARK('*', 0))) {
                *width = (struct litmus_width){8, true};
            }
            return true;
        }
    }
    return false;
}

static int64_t read_integer(struct parser *parser)
{
    const bool minus = parser_accept(parser, MARK('-', 0));
    const struct token token = parser->token;
    char digits[32], *end;
    if (token.kind != TOKEN_NUMBER) {
        parser_expected(parser, "an integer or the name of a location", NULL);
    }
    snprintf(digits, sizeof digits, "%.*s", token.length < 31 ? (int)token.length : 31,
             token.start);
    errno = 0;
    const unsigned long long value = strtoull(digits, &end, 0);
    if (token.length > 31 || *end != '\0') {
        parser_expected(parser, "an integer", "decimal, 0x hexadecimal or 0 octal");
    }
    /* The smallest ones stand for addresses. */
    if (errno != 0 || value > (minus ? (uint64_t)INT64_MAX - LITMUS_MOST_LOCATIONS : INT64_MAX)) {
        parser_fail(parser, token.place, "%s does not fit 63 bits", digits);
    }
    parser_advance(parser);
    return minus ? -(int64_t)value : (int64_t)value;
}

static unsigned location_of(struct parser *parser, const char *name, struct litmus_place place)
{
    const unsigned location = parser_find_location(parser->test, name);
    return location != LITMUS_NOWHERE ? location : parser_add_location(parser, name, place, NULL);
}

static int64_t read_value(struct parser *parser)
{
    (void)parser_accept(parser, MARK('&', 0));
    const struct litmus_place place = parser->token.place;
    if (parser->token.kind != TOKEN_NAME) {
        return read_integer(parser);
    }
    const char *name = parser_name(parser, "an integer or the name of a location");
    if (parser_is(parser, MARK(':', 0))) {
        parser_fail(parser, parser->token.place, "tags of addresses are not supported");
    }
    return LITMUS_ADDRESS(location_of(parser, name, place));
}

static struct initial_register *read_register(struct parser *parser,
                                              struct initial_register *others, bool typed,
                                              struct litmus_width width)
{
    struct initial_register *initial = parser_node(parser, sizeof *initial);
    initial->place = parser->token.place;
    initial->thread = (unsigned)parser_integer(parser, false);
    parser_expect(parser, MARK(':', 0), "':' and the name of a register", NULL);
    (void)parser_accept(parser, MARK('%', 0));
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "the name of a register");
    if (!asm_usable_register(parser, place, name, strlen(name), &initial->reg)) {
        parser_fail(parser, place, "a register that is always 0 has no initial value");
    }
    for (const struct initial_register *other = others; other != NULL; other = other->next) {
        if (other->thread == initial->thread && other->reg.number == initial->reg.number) {
            parser_fail(parser, initial->place, "%u:%s is initialised twice", initial->thread,
                        name);
        }
    }
    initial->width = width;
    if (parser_accept(parser, MARK('=', 0))) {
        initial->value = read_value(parser);
    } else if (!typed) {
        parser_expected(parser, "'=' and the initial value", NULL);
    }
    initial->next = others;
    return initial;
}

static void read_location(struct parser *parser, bool typed, struct litmus_width width)
{
    const bool brackets = parser_accept(parser, MARK('[', 0));
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "the name of a location, or a register such as 0:X1");
    if (brackets) {
        parser_expect(parser, MARK(']', 0), "']'", NULL);
    }
    if (parser_is(parser, MARK('[', 0))) {
        parser_fail(parser, parser->token.place, "arrays are not supported in assembly tests");
    }
    const unsigned known = parser_find_location(parser->test, name);
    if (known != LITMUS_NOWHERE && parser->initialised[known]) {
        parser_fail(parser, place, "location '%s' is declared twice (first at line %u)", name,
                    parser->test->location[known].place.line);
    }
    const unsigned location = location_of(parser, name, place); /* perhaps named as a value */
    parser->initialised[location] = true;
    parser->test->location[location].place = place;
    parser->test->location[location].width = width;
    if (parser_accept(parser, MARK('=', 0))) {
        const int64_t value = read_value(parser);
        struct litmus_location *entry = &parser->test->location[location];
        entry->initial = value;
        if (LITMUS_IS_ADDRESS(value) && !typed) {
            entry->width = (struct litmus_width){8, true};
        }
    } else if (!typed) {
        parser_expected(parser, "'=' and the initial value", NULL);
    }
}

static struct initial_register *read_initial_state(struct parser *parser)
{
    struct initial_register *registers = NULL;
    parser_expect(parser, MARK('{', 0), "'{' and the initial state", "it may be empty: { }");
    while (!parser_accept(parser, MARK('}', 0))) {
        struct litmus_width width = {0, false};
        if (parser_accept(parser, MARK(';', 0))) {
            continue;
        }
        const bool typed = read_type(parser, &width);
        if (parser->token.kind == TOKEN_NUMBER) {
            registers = read_register(parser, registers, typed, width);
        } else {
            read_location(parser, typed, width);
        }
        if (!parser_is(parser, MARK('}', 0))) {
            parser_expect(parser, MARK(';', 0), "';' or '}' in the initial state", NULL);
        }
    }
    return registers;
}

static void take_registers(struct parser *parser, const struct initial_register *registers)
{
    for (; registers != NULL; registers = registers->next) {
        if (registers->thread >= parser->test->thread_count) {
            parser_fail(parser, registers->place, "there is no thread P%u", registers->thread);
        }
        struct litmus_thread *thread = &parser->test->thread[registers->thread];
        const unsigned reg = asm_use_register(parser, thread, registers->reg, registers->place);
        thread->reg[reg].initial = registers->value;
        thread->reg[reg].width = registers->width;
        if (LITMUS_IS_ADDRESS(registers->value)) {
            asm_use_location(parser, thread, LITMUS_ADDRESS_OF(registers->value));
        }
    }
}

/* The table, character by character: an instruction is none of C's tokens. */

/* # begins a comment to the end of the line, except where it begins a constant. */
static void skip_blank(struct parser *parser)
{
    const bool hash = parser->test->dialect != LITMUS_AARCH64;
    for (;;) {
        parser_skip_blank(parser);
        if (!hash || parser->next == parser->end || *parser->next != '#') {
            return;
        }
        while (parser->next < parser->end && *parser->next != '\n') {
            parser_step(parser);
        }
    }
}

static void refuse_character(struct parser *parser)
{
    const char c = *parser->next;
    if (!isprint((unsigned char)c)) {
        parser_fail(parser, parser->at, "the byte 0x%02x cannot stand in an instruction",
                    (unsigned char)c);
    }
    parser_fail(parser, parser->at, "'%c' cannot stand in an instruction (which '|' or ';' ends)",
                c);
}

/* One cell: up to its | or ;, which *end gets. A "LOCK;" is a prefix, its semicolon the assembler's. */
static struct litmus_instruction read_cell(struct parser *parser, char *end)
{
    char text[LITMUS_MOST_CELL + 2];
    size_t length = 0;
    skip_blank(parser);
    struct litmus_instruction cell = {NULL, parser->at, false};
    for (;;) {
        const char *before = parser->next;
        skip_blank(parser);
        if (parser->next == parser->end) {
            parser_fail(parser, parser->at,
                        "expected '|' or ';' after the instruction, found the end of the file");
        }
        const char c = *parser->next;
        const bool lock = c == ';' && length == 4 && strncasecmp(text, "lock", 4) == 0;
        if ((c == '|' || c == ';') && !lock) {
            break;
        }
        if (!lock && !isalnum((unsigned char)c) && strchr("_.,:#$%()[]+-*!", c) == NULL) {
            refuse_character(parser);
        }
        if (length + 2 > LITMUS_MOST_CELL) {
            parser_fail(parser, cell.place, "an instruction is longer than %u characters",
                        LITMUS_MOST_CELL);
        }
        if (lock || (parser->next != before && length > 0 && text[length - 1] != ' ')) {
            text[length++] = ' ';
        }
        if (!lock) {
            text[length++] = c;
        }
        parser_step(parser);
    }
    *end = *parser->next;
    parser_step(parser);
    cell.text = parser_copy(parser, text, length);
    return cell;
}

static void add_instruction(struct parser *parser, struct litmus_thread *thread, const char *text,
                            size_t length, struct litmus_place place)
{
    if (++parser->statements > LITMUS_MOST_STATEMENTS) {
        parser_fail(parser, place, "more than %u instructions", LITMUS_MOST_STATEMENTS);
    }
    thread->instruction = parser_grow(parser, thread->instruction, thread->instruction_count,
                                      sizeof *thread->instruction);
    thread->instruction[thread->instruction_count++] =
        (struct litmus_instruction){parser_copy(parser, text, length), place, false};
}

/* "LC00: STR W0,[X1]" is a label and an instruction. */
static void add_cell(struct parser *parser, struct litmus_thread *thread,
                     struct litmus_instruction cell)
{
    const char *text = cell.text;
    for (;;) {
        const size_t name = asm_word(text);
        const size_t colon = name + strspn(text + name, " ");
        if (name == 0 || text[colon] != ':') {
            break;
        }
        if (asm_is_label(thread, text, name)) {
            parser_fail(parser, cell.place, "the label '%.*s' is there twice", (int)name, text);
        }
        add_instruction(parser, thread, text, name, cell.place);
        thread->instruction[thread->instruction_count - 1].is_label = true;
        const size_t skip = colon + 1 + strspn(text + colon + 1, " ");
        text += skip;
        cell.place.column += (unsigned)skip;
    }
    if (*text != '\0') {
        add_instruction(parser, thread, text, strlen(text), cell.place);
    }
}

static void read_row(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    for (unsigned i = 0; i < test->thread_count; ++i) {
        char end;
        const struct litmus_instruction cell = read_cell(parser, &end);
        struct litmus_place of_end = parser->at;
        --of_end.column;
        add_cell(parser, &test->thread[i], cell);
        if (end == ';' && i + 1 < test->thread_count) {
            parser_fail(parser, of_end, "expected '|' and what P%u does, found ';'", i + 1);
        }
        if (end == '|' && i + 1 == test->thread_count) {
            parser_fail(parser, of_end,
                        "expected ';' after what P%u does, the last thread, found '|'", i);
        }
    }
}

/* " P0 | P1 ;" */
static void read_heading(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    char end = '|';
    while (end == '|') {
        const struct litmus_instruction cell = read_cell(parser, &end);
        const unsigned index = test->thread_count;
        char name[16];
        snprintf(name, sizeof name, "P%u", index);
        if (strcmp(cell.text, name) != 0) {
            parser_fail(parser, cell.place,
                        "expected thread %s, found '%.30s' (the table begins "
                        "with the threads' names: P0 | P1 ;)",
                        name, cell.text);
        }
        if (index == LITMUS_MOST_THREADS) {
            parser_fail(parser, cell.place, "more than %u threads", LITMUS_MOST_THREADS);
        }
        test->thread = parser_grow(parser, test->thread, index, sizeof *test->thread);
        memset(&test->thread[index], 0, sizeof test->thread[index]);
        ++test->thread_count;
    }
}

/* "not" is an instruction of x86, too. */
static bool at_not_exists(const struct parser *parser)
{
    const char *next = parser->next;
    while (next < parser->end && isspace((unsigned char)*next)) {
        ++next;
    }
    return parser_is_word(parser, "not") && parser->end - next > 6 &&
           memcmp(next, "exists", 6) == 0;
}

static bool at_condition(const struct parser *parser)
{
    static const char *const words[] = {"exists", "forall",   "locations", "filter",
                                        "final",  "observed", "with"};
    for (size_t i = 0; i < sizeof words / sizeof *words; ++i) {
        if (parser_is_word(parser, words[i])) {
            return true;
        }
    }
    return parser->token.kind == TOKEN_END || parser_is(parser, MARK('~', 0)) ||
           at_not_exists(parser);
}

void asm_read(struct parser *parser)
{
    const struct initial_register *registers = read_initial_state(parser);
    for (bool first = true; first || !at_condition(parser); first = false) {
        parser->next = parser->token.start;
        parser->at = parser->token.place;
        if (first) {
            read_heading(parser);
        } else {
            read_row(parser);
        }
        skip_blank(parser);
        parser_advance(parser);
    }
    take_registers(parser, registers);
    asm_check(parser);
}
