/* fuzz.c - the parser on thousands of damaged tests: it must answer each with a tree in which every
 * index is in range, or with one printable message placed inside the text. The damage is the same
 * in every run; the sanitized lanes see what else goes wrong.
 *
 * litmus_fuzz ROUNDS FILE.litmus...
 */
#include "parse/test.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MOST 8192

static uint64_t state;

static uint32_t random_below(size_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)((state >> 20) % limit);
}

/* Words the grammar knows, and what programs choke on. */
static const char *const pieces[] = {
    "{",
    "}",
    "(",
    ")",
    ";",
    ",",
    "*",
    "=",
    "==",
    "/\\",
    "\\/",
    "~",
    "not",
    ":",
    "[",
    "]",
    "\"",
    "\n",
    "(*",
    "*)",
    "/*",
    "//",
    "exists",
    "~exists",
    "forall",
    "locations",
    "filter",
    "true",
    "0",
    "-1",
    "2147483647",
    "-2147483648",
    "2147483648",
    "99999999999999999999",
    "0x",
    "08",
    "1e9",
    "P0",
    "P1",
    "P16",
    "P4294967295",
    "P18446744073709551616",
    "0:",
    "4294967295:r0=",
    "int",
    "atomic_int",
    "volatile",
    "if",
    "else",
    "while (1)",
    "do {",
    "for (int i = 0; i < 3; i++)",
    "break;",
    "continue;",
    "unsigned",
    "long long",
    "uint8_t",
    "_Bool",
    "_Atomic(",
    "atomic_flag",
    "int a[2]",
    "a[1]",
    "a[r0]",
    "a={1,2}",
    "int *",
    "(int *)",
    "(uint8_t)",
    "NULL",
    "=&x",
    "+=",
    "++",
    "?",
    "=>",
    "!=",
    "18446744073709551615u",
    "r0",
    "r1",
    "x",
    "y",
    "&x",
    "*x",
    "**x",
    "!",
    "-",
    "<<",
    "atomic_store_explicit(x,",
    "atomic_load_explicit(x,",
    "atomic_fetch_add_explicit(x,1,",
    "atomic_compare_exchange_strong_explicit(x,&r0,1,",
    "atomic_thread_fence(",
    "atomic_load(x)",
    "memory_order_relaxed)",
    "memory_order_seq_cst)",
    "memory_order_release)",
    "memory_order_",
    "C ",
    "X86_64 ",
    "C11=",
    "TSO=",
    "#",
    "%n%s",
    "\x7f",
    "\xff",
    "\xc3\xa9",
    "\r",
};

/* One to four wounds; returns the new length. */
static size_t damage(char *text, size_t length, const char *other, size_t other_length)
{
    for (uint32_t wounds = 1 + random_below(4); wounds > 0 && length > 0; --wounds) {
        const size_t at = random_below(length);
        const size_t rest = length - at;
        size_t span = 1 + random_below(rest < 24 ? rest : 24);
        const char *piece;
        switch (random_below(8)) {
        case 0: /* another byte */
            text[at] = (char)random_below(256);
            break;
        case 1: /* one bit */
            text[at] = (char)(text[at] ^ (1 << random_below(8)));
            break;
        case 2: /* truncated */
            length = at;
            break;
        case 3: /* cut out */
            memmove(text + at, text + at + span, rest - span);
            length -= span;
            break;
        case 4: /* said twice */
            if (length + span <= MOST) {
                memmove(text + at + span, text + at, rest);
                length += span;
            }
            break;
        case 5: /* spliced with another test */
            piece = other + random_below(other_length);
            span = other_length - (size_t)(piece - other);
            length = at + (span < MOST - at ? span : MOST - at);
            memcpy(text + at, piece, length - at);
            break;
        default: /* a piece of grammar put in */
            piece = pieces[random_below(sizeof pieces / sizeof *pieces)];
            span = strlen(piece);
            if (length + span <= MOST) {
                memmove(text + at + span, text + at, rest);
                memcpy(text + at, piece, span);
                length += span;
            }
        }
    }
    return length;
}

static const struct litmus_test *test;
static const struct litmus_thread *thread;

#define MUST(what)                                                              \
    do {                                                                        \
        if (!(what)) {                                                          \
            fprintf(stderr, "fuzz.c:%d: does not hold: %s\n", __LINE__, #what); \
            abort();                                                            \
        }                                                                       \
    } while (0)

static void check_expression(const struct litmus_expression *e);

static void check_place(unsigned location, const struct litmus_expression *address)
{
    if (address == NULL) {
        MUST(location < test->location_count);
    } else {
        MUST(location == LITMUS_NOWHERE && address->type->target != NULL);
        check_expression(address);
    }
}

static void check_expression(const struct litmus_expression *e)
{
    MUST(e != NULL);
    MUST(e->type != NULL);
    switch (e->kind) {
    case LITMUS_CONSTANT:
        return;
    case LITMUS_REGISTER:
        MUST(e->reg < thread->register_count);
        return;
    case LITMUS_UNARY:
        check_expression(e->left);
        return;
    case LITMUS_BINARY:
        check_expression(e->left);
        check_expression(e->right);
        return;
    case LITMUS_LOAD:
        check_place(e->location, e->address);
        return;
    case LITMUS_POINTER:
        MUST(e->location < test->location_count && e->type->target != NULL);
        return;
    case LITMUS_CAST:
        check_expression(e->left);
        return;
    case LITMUS_CHOICE:
        check_expression(e->condition);
        check_expression(e->left);
        check_expression(e->right);
        return;
    case LITMUS_RMW:
        check_place(e->location, e->address);
        check_expression(e->left);
        return;
    case LITMUS_CAS:
        check_place(e->location, e->address);
        MUST(e->expected_location == LITMUS_NOWHERE ? e->reg < thread->register_count
                                                    : e->expected_location < test->location_count);
        check_expression(e->left);
        return;
    }
    MUST(false); /* no kind of expression */
}

static void check_body(const struct litmus_statement *s)
{
    for (; s != NULL; s = s->next) {
        MUST(s->kind != LITMUS_ASSIGN || s->reg < thread->register_count);
        if (s->kind == LITMUS_STORE) {
            check_place(s->location, s->address);
        }
        if (s->kind != LITMUS_FENCE && s->kind != LITMUS_SIGNAL_FENCE && s->kind != LITMUS_BREAK &&
            s->kind != LITMUS_CONTINUE) {
            check_expression(s->expression);
        }
        if (s->kind == LITMUS_IF || s->kind == LITMUS_WHILE || s->kind == LITMUS_DO) {
            check_body(s->body);
            check_body(s->otherwise);
        }
    }
}

static void check_condition(const struct litmus_proposition *p)
{
    MUST(p != NULL);
    if (p->kind == LITMUS_IS) {
        MUST(p->column < test->observed_count);
    } else if (p->kind == LITMUS_NEITHER) {
        check_condition(p->left);
    } else if (p->kind == LITMUS_BOTH || p->kind == LITMUS_EITHER) {
        check_condition(p->left);
        check_condition(p->right);
    }
}

static void check_test(FILE *nowhere)
{
    MUST(test->name != NULL && *test->name != '\0');
    MUST(test->thread_count > 0 && test->thread_count <= LITMUS_MOST_THREADS);
    MUST(test->location_count <= LITMUS_MOST_LOCATIONS);
    MUST(test->observed_count <= LITMUS_MOST_OBSERVED);
    for (unsigned i = 0; i < test->thread_count; ++i) {
        thread = &test->thread[i];
        MUST(thread->register_count <= LITMUS_MOST_REGISTERS);
        for (unsigned j = 0; j < thread->parameter_count; ++j) {
            MUST(thread->parameter[j].location < test->location_count);
        }
        check_body(thread->body);
    }
    for (unsigned i = 0; i < test->observed_count; ++i) {
        const struct litmus_observed *o = &test->observed[i];
        MUST(o->thread == LITMUS_NOWHERE ? o->index < test->location_count
                                         : o->thread < test->thread_count &&
                                               o->index < test->thread[o->thread].register_count);
    }
    check_condition(test->condition);
    litmus_print_condition(nowhere, test);
}

static void check_error(const struct litmus_error *error, const char *text, size_t length)
{
    unsigned lines = 1;
    for (size_t i = 0; i < length; ++i) {
        lines += text[i] == '\n';
    }
    if (error->place.line == 0) { /* binary: no line to speak of */
        MUST(memchr(text, '\0', length) != NULL);
    } else {
        MUST(error->place.line <= lines);
        MUST(error->place.column >= 1 && error->place.column <= length + 1);
    }
    MUST(memchr(error->text, '\0', sizeof error->text) != NULL && error->text[0] != '\0');
    for (const char *c = error->text; *c != '\0'; ++c) {
        MUST(*c >= ' ' && *c <= '~');
    }
}

int main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s ROUNDS FILE.litmus...\n", argv[0]);
        return 2;
    }
    const size_t rounds = strtoul(argv[1], NULL, 10);
    const size_t count = (size_t)argc - 2;
    char(*original)[MOST] = calloc(count, sizeof *original);
    size_t *size = calloc(count, sizeof *size);
    FILE *nowhere = fopen("/dev/null", "w");
    MUST(original != NULL && size != NULL && nowhere != NULL);
    for (size_t i = 0; i < count; ++i) {
        FILE *file = fopen(argv[i + 2], "r");
        MUST(file != NULL);
        size[i] = fread(original[i], 1, MOST, file);
        MUST(size[i] > 0 && size[i] < MOST);
        fclose(file);
    }
    unsigned long accepted = 0, refused = 0;
    for (size_t i = 0; i < count; ++i) {
        state = 0x9e3779b97f4a7c15u + i;
        /* First cut short at every byte. */
        for (size_t round = 0; round < size[i] + rounds; ++round) {
            char work[MOST];
            const size_t other = random_below(count);
            memcpy(work, original[i], size[i]);
            const size_t length =
                round < size[i] ? round : damage(work, size[i], original[other], size[other]);
            /* Exactly as long as it is, so that AddressSanitizer sees a step too far. */
            char *text = malloc(length + (length == 0));
            MUST(text != NULL);
            memcpy(text, work, length);
            struct litmus_error error = {{0, 0}, ""};
            struct litmus_test *tree = litmus_parse(text, length, &error);
            if (tree != NULL) {
                ++accepted;
                test = tree;
                check_test(nowhere);
                litmus_free(tree);
            } else {
                ++refused;
                check_error(&error, text, length);
            }
            free(text);
        }
    }
    fclose(nowhere);
    free(original);
    free(size);
    printf("%lu accepted, %lu refused\n", accepted, refused);
    return accepted == 0 || refused == 0;
}
