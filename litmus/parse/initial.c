/* initial.c - the initial state, and locations as they become known: by it, and by the threads' parameters. */
#include "parser.h"

#include <ctype.h>
#include <string.h>

unsigned parser_find_location(const struct litmus_test *test, const char *name)
{
    for (unsigned i = 0; i < test->location_count; ++i) {
        const struct litmus_location *location = &test->location[i];
        if (strcmp(location->array != NULL ? location->array : location->name, name) == 0) {
            return i; /* of an array, the first element */
        }
    }
    return LITMUS_NOWHERE;
}

unsigned parser_add_location(struct parser *parser, const char *name, struct litmus_place place,
                             const struct litmus_type *type)
{
    struct litmus_test *test = parser->test;
    if (test->location_count == LITMUS_MOST_LOCATIONS) {
        parser_fail(parser, place, "more than %u locations", LITMUS_MOST_LOCATIONS);
    }
    test->location =
        parser_grow(parser, test->location, test->location_count, sizeof *test->location);
    struct litmus_location *location = &test->location[test->location_count];
    memset(location, 0, sizeof *location);
    location->name = name;
    location->place = place;
    location->type = type;
    location->length = 1;
    return test->location_count++;
}

static unsigned add_array(struct parser *parser, const char *name, struct litmus_place place,
                          const struct litmus_type *type, unsigned length)
{
    char element[LITMUS_MOST_NAME + 16];
    const unsigned first = parser->test->location_count;
    for (unsigned i = 0; i < length; ++i) {
        snprintf(element, sizeof element, "%s[%u]", name, i);
        (void)parser_add_location(parser, parser_copy(parser, element, strlen(element)), place,
                                  type);
        struct litmus_location *location = &parser->test->location[first + i];
        location->array = name;
        location->index = i;
        location->length = length;
    }
    parser->test->features |= LITMUS_HAS_ARRAYS;
    return first;
}

unsigned parser_location(struct parser *parser, const char *name, struct litmus_place place,
                         const struct litmus_type *type)
{
    unsigned found = parser_find_location(parser->test, name);
    parser_note_type(parser, type);
    if (found == LITMUS_NOWHERE) {
        return parser_add_location(parser, name, place, type);
    }
    struct litmus_location *location = &parser->test->location[found];
    if (location->type == NULL) {
        location->type = type;
        return found;
    }
    if (location->type->size != type->size ||
        (location->type->target == NULL) != (type->target == NULL) ||
        location->type->is_flag != type->is_flag) {
        parser_fail(parser, place, "'%s' is %s here, but %s at line %u", name,
                    parser_type_text(parser, type), parser_type_text(parser, location->type),
                    location->place.line);
    }
    return found;
}

unsigned parser_element(struct parser *parser, unsigned location, struct litmus_place place)
{
    const struct litmus_location *first = &parser->test->location[location];
    parser_expect(parser, MARK('[', 0), "'['", NULL);
    const struct litmus_place of_index = parser->token.place;
    const int32_t index = parser_integer(parser, false);
    parser_expect(parser, MARK(']', 0), "']'", NULL);
    if (first->array == NULL) {
        parser_fail(parser, place, "'%s' is no array (an array is declared in the initial state)",
                    first->name);
    }
    if ((unsigned)index >= first->length) {
        parser_fail(parser, of_index, "%s has no element %d: it has %u", first->array, index,
                    first->length);
    }
    return (unsigned)index;
}

/* Values. */

static void read_value(struct parser *parser, struct parser_initial *initial)
{
    initial->of_value = parser->token.place;
    if (parser_accept_word(parser, "NULL")) {
        initial->of_number = parser_base(BASE_INT);
        return;
    }
    const bool ampersand = parser_accept(parser, MARK('&', 0));
    if (ampersand || parser->token.kind == TOKEN_NAME) {
        initial->target = parser_name(parser, "an integer, or the name of a location");
        if (parser_accept(parser, MARK('[', 0))) {
            initial->element = (unsigned)parser_integer(parser, false);
            parser_expect(parser, MARK(']', 0), "']'", NULL);
        }
        parser->test->features |= LITMUS_HAS_POINTERS;
        return;
    }
    initial->minus = parser_accept(parser, MARK('-', 0));
    initial->value = parser_number(parser, &initial->of_number);
}

unsigned parser_initial_address(struct parser *parser, const struct parser_initial *initial)
{
    const unsigned found = parser_find_location(parser->test, initial->target);
    if (found == LITMUS_NOWHERE) {
        parser_fail(parser, initial->of_value, "unknown location '%s'", initial->target);
    }
    if (initial->element >= parser->test->location[found].length) {
        parser_fail(parser, initial->of_value, "'%s' has no element %u", initial->target,
                    initial->element);
    }
    return found + initial->element;
}

/* A value that is to be a location's when its type is known. */
static struct parser_initial *new_initial(struct parser *parser, unsigned location)
{
    struct parser_initial *initial = parser_node(parser, sizeof *initial);
    initial->thread = LITMUS_NOWHERE;
    initial->location = location;
    initial->next = parser->initial;
    parser->initial = initial;
    return initial;
}

void parser_set_initial(struct parser *parser)
{
    for (const struct parser_initial *i = parser->initial; i != NULL; i = i->next) {
        struct litmus_location *location = &parser->test->location[i->location];
        const struct litmus_type *type = location->type;
        if (i->of_number == NULL) {
            if (type != NULL && type->target == NULL) {
                parser_fail(parser, i->of_value,
                            "'%s' holds an address, but is %s (make it a pointer: int *%s)",
                            location->name, parser_type_text(parser, type), location->name);
            }
            location->initial = LITMUS_ADDRESS(parser_initial_address(parser, i));
            if (type == NULL) { /* no thread has it */
                location->type = parser_pointer_to(parser, parser_base(BASE_INT));
            }
        } else if (type != NULL && type->target != NULL && i->value != 0) {
            parser_fail(parser, i->of_value,
                        "'%s' is a pointer: expected the name of a location, or 0", location->name);
        } else {
            location->initial = parser_fit(parser, i->of_value, i->minus, i->value, type);
        }
    }
}

/* Entries. */

static struct parser_initial *read_register(struct parser *parser, struct parser_initial *others,
                                            const struct litmus_type *type)
{
    struct parser_initial *initial = parser_node(parser, sizeof *initial);
    const bool in_c = parser->test->dialect == LITMUS_C;
    initial->place = parser->token.place;
    initial->type = type;
    initial->thread = (unsigned)parser_integer(parser, false);
    parser_expect(parser, MARK(':', 0), "':' and the name of a register", NULL);
    (void)(!in_c && parser_accept(parser, MARK('%', 0)));
    initial->name = parser_name(parser, "the name of a register");
    for (const struct parser_initial *other = others; other != NULL; other = other->next) {
        if (other->thread == initial->thread && strcmp(other->name, initial->name) == 0) {
            parser_fail(parser, initial->place, "%u:%s is initialised twice", initial->thread,
                        initial->name);
        }
    }
    initial->of_number = parser_base(BASE_INT);
    if (type == NULL || in_c || parser_is(parser, MARK('=', 0))) {
        parser_expect(parser, MARK('=', 0), "'=' and the initial value", NULL);
        initial->of_number = NULL;
        read_value(parser, initial);
    }
    initial->next = others;
    return initial;
}

static void read_array(struct parser *parser, const char *name, struct litmus_place place,
                       const struct litmus_type *type)
{
    parser_expect(parser, MARK('[', 0), "'['", NULL);
    const struct litmus_place of_length = parser->token.place;
    int32_t length = 0;
    if (!parser_is(parser, MARK(']', 0))) {
        length = parser_integer(parser, false);
        if (length == 0) {
            parser_fail(parser, of_length, "an array has at least one element");
        }
    }
    parser_expect(parser, MARK(']', 0), "']'", NULL);
    if (type == NULL) {
        parser_fail(parser, place,
                    "an array is declared with its type and initialised as a whole: int %s[%d] = "
                    "{0, ...}",
                    name, length);
    }
    if (length > (int32_t)LITMUS_MOST_LOCATIONS) {
        parser_fail(parser, of_length, "more than %u locations", LITMUS_MOST_LOCATIONS);
    }
    const bool has_values = parser_accept(parser, MARK('=', 0));
    if (length == 0 && !has_values) {
        parser_fail(parser, of_length, "expected the number of elements");
    }
    struct parser_initial *values[LITMUS_MOST_LOCATIONS];
    unsigned count = 0;
    if (has_values) {
        parser_expect(parser, MARK('{', 0), "'{' and the elements' values", NULL);
        do {
            if (count == (length == 0 ? LITMUS_MOST_LOCATIONS : (unsigned)length)) {
                parser_fail(parser, parser->token.place, "more values than elements");
            }
            values[count] = new_initial(parser, 0);
            read_value(parser, values[count++]);
        } while (parser_accept(parser, MARK(',', 0)) && !parser_is(parser, MARK('}', 0)));
        parser_expect(parser, MARK('}', 0), "'}' or ',' and another value", NULL);
    }
    const unsigned first =
        add_array(parser, name, place, type, length == 0 ? count : (unsigned)length);
    for (unsigned i = 0; i < count; ++i) {
        values[i]->location = first + i;
    }
}

static void read_location(struct parser *parser, const struct litmus_type *type)
{
    const bool brackets = parser_accept(parser, MARK('[', 0));
    const struct litmus_place place = parser->token.place;
    const char *name = parser_name(parser, "the name of a location");
    if (brackets) {
        parser_expect(parser, MARK(']', 0), "']'", NULL);
    }
    const unsigned before = parser_find_location(parser->test, name);
    if (before != LITMUS_NOWHERE && parser->test->location[before].array != NULL &&
        parser_is(parser, MARK('[', 0))) {
        parser_fail(parser, place, "an array is initialised as a whole, as in int %s[2] = {1, 2}",
                    name);
    }
    if (before != LITMUS_NOWHERE) {
        parser_fail(parser, place, "location '%s' is declared twice (first at line %u)", name,
                    parser->test->location[before].place.line);
    }
    parser_note_type(parser, type);
    if (!brackets && parser_is(parser, MARK('[', 0))) {
        read_array(parser, name, place, type);
        return;
    }
    const unsigned location = parser_add_location(parser, name, place, type);
    if (parser_accept(parser, MARK('=', 0))) {
        if (type != NULL && type->is_flag && parser_accept_word(parser, "ATOMIC_FLAG_INIT")) {
            return;
        }
        read_value(parser, new_initial(parser, location));
    } else if (type == NULL) {
        parser_expected(parser, "'=' and the initial value", NULL);
    }
}

/* Two words, or a word and a star: the first was to be a type. */
static bool at_unknown_type(const struct parser *parser)
{
    const char *next = parser->next;
    while (next < parser->end && (*next == ' ' || *next == '\t')) {
        ++next;
    }
    return parser->token.kind == TOKEN_NAME && next < parser->end &&
           (isalpha((unsigned char)*next) || *next == '_' || *next == '*');
}

struct parser_initial *parser_initial_state(struct parser *parser)
{
    struct parser_initial *registers = NULL;
    parser_expect(parser, MARK('{', 0), "'{' and the initial state", "it may be empty: { }");
    while (!parser_accept(parser, MARK('}', 0))) {
        const struct litmus_type *type = NULL;
        if (parser_accept(parser, MARK(';', 0))) {
            continue;
        }
        if (parser_at_type(parser)) {
            type = parser_stars(parser, parser_type(parser));
        } else if (parser_is(parser, MARK('*', 0))) { /* "*x = y": herd's pointer to int */
            type = parser_stars(parser, parser_base(BASE_INT));
        } else if (at_unknown_type(parser)) {
            parser_expected(parser, "a type such as int or atomic_int", NULL);
        }
        if (parser->token.kind == TOKEN_NUMBER) {
            registers = read_register(parser, registers, type);
        } else {
            read_location(parser, type);
        }
        if (!parser_is(parser, MARK('}', 0))) {
            parser_expect(parser, MARK(';', 0), "';' or '}' in the initial state", NULL);
        }
    }
    return registers;
}
