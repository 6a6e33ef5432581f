/* Units of src/page: what is written as JSON is read as the same by another's hands, whatever the text. */
#define _GNU_SOURCE
#include "page/json.h"

#include <criterion/criterion.h>

#include <jansson.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

static char *text;
static size_t size;

static struct page_json begin(void)
{
    FILE *stream = open_memstream(&text, &size);
    cr_assert_not_null(stream);
    return page_json(stream);
}

static json_t *end(struct page_json *json)
{
    json_error_t error;
    fclose(json->stream);
    json_t *read = json_loads(text, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    cr_assert_not_null(read, "%s in: %s", error.text, text);
    free(text);
    return read;
}

/* The text comes back as `wanted`. */
static void want_text(const char *given, const char *wanted)
{
    struct page_json json = begin();
    page_json_text(&json, NULL, given);
    json_t *read = end(&json);
    cr_assert_str_eq(json_string_value(read), wanted);
    json_decref(read);
}

Test(page, text_is_what_it_was)
{
    want_text("", "");
    want_text("0:r0=1 /\\ \"x\"", "0:r0=1 /\\ \"x\"");
    want_text("a\nb\tc\x01\x7f", "a\nb\tc\x01\x7f");
    want_text("\xed\x95\x9c \xf0\x9f\x98\x80", "\xed\x95\x9c \xf0\x9f\x98\x80");
}

Test(page, no_text_makes_json_that_is_none)
{
    want_text("\x80 \xc3( \xe2\x82", "? ?( ??");
    want_text("\xc0\xaf \xe0\x80\xaf", "?? ???"); /* longer than needed */
    want_text("\xed\xa0\x80", "???");             /* half of a pair */
    want_text("\xf4\x90\x80\x80 \xff", "???? ?"); /* beyond the last character */
    want_text("\xc2\x85", "??");                  /* what a terminal would obey */
}

Test(page, values_and_nesting)
{
    struct page_json json = begin();
    page_json_open(&json, NULL, '{');
    page_json_open(&json, "empty", '[');
    page_json_close(&json);
    page_json_open(&json, "none", '{');
    page_json_close(&json);
    page_json_open(&json, "list", '[');
    page_json_count(&json, NULL, 1);
    page_json_integer(&json, NULL, INT64_MIN);
    page_json_bool(&json, NULL, true);
    page_json_text(&json, NULL, NULL);
    page_json_real(&json, NULL, 3);
    page_json_real(&json, NULL, 1e-9);
    page_json_real(&json, NULL, NAN);
    page_json_real(&json, NULL, -HUGE_VAL);
    page_json_close(&json);
    page_json_bool(&json, "last", false);
    page_json_close(&json);
    json_t *read = end(&json), *list = json_object_get(read, "list");
    cr_assert_eq(json_object_size(read), 4);
    cr_assert_eq(json_array_size(json_object_get(read, "empty")), 0);
    cr_assert_eq(json_array_size(list), 8);
    cr_assert_eq(json_integer_value(json_array_get(list, 1)), INT64_MIN);
    cr_assert(json_is_true(json_array_get(list, 2)));
    cr_assert(json_is_null(json_array_get(list, 3)));
    cr_assert(json_is_real(json_array_get(list, 4)), "3 was measured, not counted");
    cr_assert_float_eq(json_real_value(json_array_get(list, 5)), 1e-9, 1e-15);
    cr_assert(json_is_null(json_array_get(list, 6)));
    cr_assert(json_is_null(json_array_get(list, 7)));
    cr_assert(json_is_false(json_object_get(read, "last")));
    json_decref(read);
}
