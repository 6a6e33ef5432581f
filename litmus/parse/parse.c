/* parse.c - a whole test: header, initial state, threads. */
#include "parser.h"

#include "asm/asm.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* The header, which is made of lines rather than tokens:
 *
 *     C SB+rlx
 *     "store buffering"
 *     Key=Value
 */

static const char *rest_of_line(struct parser *parser)
{
    const char *start = parser->next;
    while (parser->next < parser->end && *parser->next != '\n') {
        parser_step(parser);
    }
    const char *end = parser->next;
    while (start < end && isspace((unsigned char)*start)) {
        ++start;
    }
    while (end > start && isspace((unsigned char)end[-1])) {
        --end;
    }
    return parser_copy(parser, start, (size_t)(end - start));
}

static void refuse_language(struct parser *parser)
{
    static const char *const others[] = {"ARM", "PPC", "MIPS", "LISA", "LK", "Bell", "CPP"};
    for (size_t i = 0; i < sizeof others / sizeof *others; ++i) {
        if (parser_is_word(parser, others[i])) {
            parser_expected(parser, "'C NAME', or X86, X86_64, AArch64 or RISCV",
                            "herd's other languages are not supported");
        }
    }
    parser_expected(parser, "'C NAME'", "a litmus test begins with its language and its name");
}

static void read_title(struct parser *parser)
{
    parser_skip_blank(parser);
    const struct litmus_place place = parser->at;
    parser_advance(parser);
    if (parser->token.kind == TOKEN_END) {
        parser_fail(parser, place, "the file is empty: expected 'C NAME'");
    }
    if (!parser_is_word(parser, "C") &&
        !(parser->token.kind == TOKEN_NAME &&
          asm_dialect(parser->token.start, parser->token.length, &parser->test->dialect))) {
        refuse_language(parser);
    }
    while (parser->next < parser->end && (*parser->next == ' ' || *parser->next == '\t')) {
        parser_step(parser);
    }
    const struct litmus_place of_name = parser->at;
    const char *name = rest_of_line(parser);
    if (*name == '\0') {
        parser_fail(parser, of_name, "expected the test's name after '%s'",
                    asm_dialect_name(parser->test->dialect));
    }
    for (const char *c = name; *c != '\0'; ++c) {
        if (!isgraph((unsigned char)*c) || *c == '/') {
            parser_fail(parser, of_name, "the test's name must be one word without '/'");
        }
    }
    if (strlen(name) > LITMUS_MOST_NAME) {
        parser_fail(parser, of_name, "the test's name is longer than %u characters",
                    LITMUS_MOST_NAME);
    }
    parser->test->name = name;
}

/* A copy of text that is printed as it stands: in one line, and without what a terminal obeys, which
 * is the control characters, U+0080 to U+009F in UTF-8 included.
 */
static const char *copy_text(struct parser *parser, struct litmus_place place, const char *start,
                             const char *end)
{
    char *copy = parser_allocate(parser, (size_t)(end - start) + 1), *to = copy;
    for (const char *c = start; c < end; ++c) {
        const unsigned char byte = (unsigned char)*c;
        const bool wide = byte == 0xc2 && end - c > 1 && ((unsigned char)c[1] & 0xe0) == 0x80;
        if (!isspace(byte)) {
            *to++ = *c;
        } else if (to > copy && to[-1] != ' ') {
            *to++ = ' ';
        }
        if (wide || (iscntrl(byte) && !isspace(byte))) {
            parser_fail(parser, place, "a control character (0x%02x) stands in this text",
                        wide ? (unsigned char)c[1] : byte);
        }
    }
    return copy;
}

static void read_doc(struct parser *parser)
{
    const struct litmus_place place = parser->at;
    parser_step(parser);
    const char *start = parser->next;
    while (parser->next < parser->end && *parser->next != '"') {
        parser_step(parser);
    }
    if (parser->next == parser->end) {
        parser_fail(parser, place, "this string never ends: expected '\"'");
    }
    parser->test->doc = copy_text(parser, place, start, parser->next);
    parser_step(parser);
}

static void check_verdict(struct parser *parser, struct litmus_place place, const char *key,
                          const char *value)
{
    const char *model = asm_model(parser->test->dialect);
    if ((strcmp(key, "C11") == 0 || strcmp(key, "TSO") == 0 ||
         (model != NULL && strcmp(key, model) == 0)) &&
        strcmp(value, "allowed") != 0 && strcmp(value, "forbidden") != 0) {
        parser_fail(parser, place, "expected %s=allowed or %s=forbidden, found '%.40s'", key, key,
                    value);
    }
}

static void read_info(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    const struct litmus_place place = parser->at;
    const char *start = parser->next;
    while (parser->next < parser->end &&
           (isalnum((unsigned char)*parser->next) || strchr("_-+.", *parser->next) != NULL) &&
           *parser->next != '\0') {
        parser_step(parser);
    }
    const char *key = parser_copy(parser, start, (size_t)(parser->next - start));
    while (parser->next < parser->end && (*parser->next == ' ' || *parser->next == '\t')) {
        parser_step(parser);
    }
    if (*key == '\0' || parser->next == parser->end || *parser->next != '=') {
        parser->at = place;
        parser->next = start;
        parser_advance(parser);
        parser_expected(parser, "'{' and the initial state", "or a line Key=Value");
    }
    parser_step(parser);
    const struct litmus_place of_value = parser->at;
    const char *line = rest_of_line(parser);
    const char *value = copy_text(parser, of_value, line, line + strlen(line));
    if (litmus_get(test, key) != NULL) {
        parser_fail(parser, place, "'%.40s' is given twice", key);
    }
    check_verdict(parser, of_value, key, value);
    if (test->info_count == LITMUS_MOST_INFO) {
        parser_fail(parser, place, "more than %u lines Key=Value", LITMUS_MOST_INFO);
    }
    test->info = parser_grow(parser, test->info, test->info_count, sizeof *test->info);
    test->info[test->info_count].key = key;
    test->info[test->info_count++].value = value;
}

static void read_header(struct parser *parser)
{
    read_title(parser);
    for (;;) {
        parser_skip_blank(parser);
        if (parser->next == parser->end || *parser->next == '{') {
            break;
        }
        if (*parser->next == '"' && parser->test->doc == NULL && parser->test->info_count == 0) {
            read_doc(parser);
        } else {
            read_info(parser);
        }
    }
    parser_advance(parser);
}

/* Threads. */

static void read_parameter(struct parser *parser)
{
    struct litmus_thread *thread = parser->thread;
    struct litmus_parameter parameter = {0};
    if (!parser_at_type(parser)) {
        parser_expected(parser, "a parameter such as atomic_int* x", NULL);
    }
    const struct litmus_type *type = parser_stars(parser, parser_type(parser));
    const bool is_array = parser_follows(parser, '[');
    if (type->target == NULL && !is_array) {
        parser_expected(parser, "'*': locations are passed by their address",
                        "as in atomic_int* x");
    }
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "the name of a location");
    if (parser_accept(parser, MARK('[', 0))) {
        (void)(parser->token.kind == TOKEN_NUMBER && parser_integer(parser, false));
        parser_expect(parser, MARK(']', 0), "']'", NULL);
        parameter.type = type;
    } else {
        parameter.type = type->target;
    }
    parameter.is_atomic = parameter.type->is_atomic;
    parameter.is_volatile = parameter.type->is_volatile;
    if (parser_find_parameter(parser, name) != NULL) {
        parser_fail(parser, place, "parameter '%s' is given twice", name);
    }
    parameter.location = parser_location(parser, name, place, parameter.type);
    thread->parameter =
        parser_grow(parser, thread->parameter, thread->parameter_count, sizeof parameter);
    thread->parameter[thread->parameter_count++] = parameter;
}

static void read_signature(struct parser *parser, unsigned index)
{
    char name[16], wanted[48];
    snprintf(name, sizeof name, "P%u", index);
    snprintf(wanted, sizeof wanted, "thread %s", name);
    (void)parser_accept_word(parser, "static");
    (void)parser_accept_word(parser, "void");
    if (!parser_accept_word(parser, name)) {
        parser_expected(parser, wanted,
                        index == 0 ? "as in P0 (atomic_int* x) { ... }"
                                   : "threads are numbered P0, P1, ... in order");
    }
    parser_expect(parser, MARK('(', 0), "'(' and the parameters", NULL);
    if (!parser_accept(parser, MARK(')', 0))) {
        do {
            read_parameter(parser);
        } while (parser_accept(parser, MARK(',', 0)));
        parser_expect(parser, MARK(')', 0), "')' or ',' and another parameter", NULL);
    }
    parser->in_body = true; /* until its last brace: parser_body */
    parser_expect(parser, MARK('{', 0), "'{' and the body", NULL);
}

/* A register with an initial value needs no declaration. Its type is that of the value, unless one is
 * written.
 */
static void add_initial_register(struct parser *parser, const struct parser_initial *initial)
{
    struct litmus_thread *thread = parser->thread;
    const unsigned reg = parser_add_register(parser, thread, initial->name, initial->place);
    const struct litmus_type *type = initial->type;
    if (initial->of_number != NULL) {
        thread->reg[reg].initial =
            parser_fit(parser, initial->of_value, initial->minus, initial->value, type);
    } else {
        const unsigned location = parser_initial_address(parser, initial);
        const struct litmus_parameter *parameter = parser_find_parameter(parser, initial->target);
        const struct litmus_type *target =
            parameter != NULL ? parameter->type : parser->test->location[location].type;
        thread->reg[reg].initial = LITMUS_ADDRESS(location);
        if (type != NULL && type->target == NULL) {
            parser_fail(parser, initial->of_value, "%u:%s holds an address, but is %s",
                        initial->thread, initial->name, parser_type_text(parser, type));
        }
        if (type == NULL) {
            type = parser_pointer_to(parser, target != NULL ? target : parser_base(BASE_INT));
        }
    }
    thread->reg[reg].type = type;
    parser->visible[reg] = true;
    parser_note_type(parser, type);
}

static void read_thread(struct parser *parser, const struct parser_initial *registers)
{
    struct litmus_test *test = parser->test;
    const unsigned index = test->thread_count;
    if (index == LITMUS_MOST_THREADS) {
        parser_fail(parser, parser->token.place, "more than %u threads", LITMUS_MOST_THREADS);
    }
    test->thread = parser_grow(parser, test->thread, index, sizeof *test->thread);
    memset(&test->thread[index], 0, sizeof test->thread[index]);
    ++test->thread_count;
    parser->thread = &test->thread[index];
    memset(parser->visible, 0, sizeof parser->visible);
    read_signature(parser, index);
    for (; registers != NULL; registers = registers->next) {
        if (registers->thread == index) {
            add_initial_register(parser, registers);
        }
    }
    parser->thread->body = parser_body(parser);
}

static bool at_thread(const struct parser *parser)
{
    return parser_is_word(parser, "static") || parser_is_word(parser, "void") ||
           (parser->token.kind == TOKEN_NAME && *parser->token.start == 'P');
}

static void read_threads(struct parser *parser)
{
    const struct parser_initial *registers = parser_initial_state(parser);
    do {
        read_thread(parser, registers);
    } while (at_thread(parser));
    for (; registers != NULL; registers = registers->next) {
        if (registers->thread >= parser->test->thread_count) {
            parser_fail(parser, registers->place, "there is no thread P%u", registers->thread);
        }
    }
    parser_set_initial(parser);
}

/* An assembly test has more than ints if it says so, or if an address is to be seen. */
static void take_widths(struct parser *parser)
{
    struct litmus_test *test = parser->test;
    for (unsigned i = 0; i < test->location_count; ++i) {
        struct litmus_location *location = &test->location[i];
        static const enum parser_base bases[] = {
            [1] = BASE_I8, [2] = BASE_I16, [4] = BASE_INT, [8] = BASE_I64};
        if (location->width.bytes != 0) {
            const enum parser_base base = bases[location->width.bytes];
            location->type = parser_base(location->width.is_unsigned ? base + 1 : base);
            parser_note_type(parser, location->type);
        }
    }
    for (unsigned t = 0; t < test->thread_count; ++t) {
        for (unsigned i = 0; i < test->thread[t].register_count; ++i) {
            if (test->thread[t].reg[i].width.bytes == 8) {
                test->features |= LITMUS_HAS_TYPES;
            }
        }
    }
}

static void read_test(struct parser *parser)
{
    read_header(parser);
    if (parser->test->dialect == LITMUS_C) {
        read_threads(parser);
    } else {
        asm_read(parser);
        take_widths(parser);
    }
    parser_condition(parser);
    if (parser->test->dialect != LITMUS_C && asm_observes_wide(parser->test)) {
        parser->test->features |= LITMUS_HAS_TYPES;
    }
    if (parser->test->observed_count == 0 && parser->test->location_count == 0) {
        parser_fail(parser, parser->token.place, "the test has no locations: nothing is shared");
    }
}

struct litmus_test *litmus_parse(const char *text, size_t length, struct litmus_error *error)
{
    static const char mark[] = "\xef\xbb\xbf"; /* some editors' first bytes of UTF-8 */
    struct parser parser;
    memset(&parser, 0, sizeof parser);
    memset(error, 0, sizeof *error);
    parser.error = error;
    parser.at.line = parser.at.column = 1;
    parser.next = text;
    parser.end = text + length;
    if (length >= 3 && memcmp(text, mark, 3) == 0) {
        parser.next += 3;
    }
    parser.test = calloc(1, sizeof *parser.test);
    if (parser.test == NULL) {
        snprintf(error->text, sizeof error->text, "out of memory");
        return NULL;
    }
    if (setjmp(parser.escape) != 0) {
        litmus_free(parser.test);
        return NULL;
    }
    if (length > LITMUS_MOST_BYTES) {
        parser_fail(&parser, (struct litmus_place){0, 0}, "larger than %u KiB: not a litmus test",
                    LITMUS_MOST_BYTES >> 10);
    }
    if (length > 0 && memchr(text, '\0', length) != NULL) {
        parser_fail(&parser, (struct litmus_place){0, 0}, "binary data, not a litmus test");
    }
    parser.test->text = parser_copy(&parser, text, length);
    parser.test->length = length;
    read_test(&parser);
    return parser.test;
}

struct litmus_test *litmus_read(const char *path, struct litmus_error *error)
{
    struct litmus_test *test = NULL;
    memset(error, 0, sizeof *error);
    FILE *stream = strcmp(path, "-") == 0 ? stdin : fopen(path, "rb");
    char *text = malloc(LITMUS_MOST_BYTES + 1);
    if (stream == NULL || text == NULL) {
        snprintf(error->text, sizeof error->text, "%s", strerror(errno));
    } else {
        const size_t length = fread(text, 1, LITMUS_MOST_BYTES + 1, stream);
        if (ferror(stream)) {
            snprintf(error->text, sizeof error->text, "%s", strerror(errno));
        } else {
            test = litmus_parse(text, length, error);
        }
    }
    free(text);
    if (stream != NULL && stream != stdin) {
        fclose(stream);
    }
    return test;
}

void litmus_report(FILE *stream, const char *path, const struct litmus_error *error)
{
    if (error->place.line == 0) {
        fprintf(stream, "%s: %s\n", path, error->text);
    } else {
        fprintf(stream, "%s:%u:%u: %s\n", path, error->place.line, error->place.column,
                error->text);
    }
}

const char *litmus_get(const struct litmus_test *test, const char *key)
{
    for (unsigned i = 0; i < test->info_count; ++i) {
        if (strcmp(test->info[i].key, key) == 0) {
            return test->info[i].value;
        }
    }
    return NULL;
}
