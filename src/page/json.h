/* json.h - writing JSON, without a library and without a tree in memory.
 *
 * The values are written one after the other; inside an object each has a key, inside an array its key is NULL:
 *
 *     struct page_json json = page_json(stdout);
 *     page_json_open(&json, NULL, '{');
 *     page_json_text(&json, "name", "SB+rlx");
 *     page_json_close(&json);
 *
 * The document's end is that of the outermost value.
 */
#ifndef CORDON_PAGE_JSON_H
#define CORDON_PAGE_JSON_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define PAGE_JSON_MOST_DEPTH 32

struct page_json {
    FILE *stream;
    unsigned depth;
    bool any; /* does a comma belong before the next value? */
    char end[PAGE_JSON_MOST_DEPTH];
};

struct page_json page_json(FILE *stream);

/* page_json_open - begin an object, '{', or an array, '['. page_json_close ends the innermost of them. */
void page_json_open(struct page_json *json, const char *key, char kind);
void page_json_close(struct page_json *json);

/* page_json_text - a string; null if the text is NULL. What is no UTF-8 becomes a question mark. */
void page_json_text(struct page_json *json, const char *key, const char *text);
void page_json_integer(struct page_json *json, const char *key, int64_t number);
void page_json_count(struct page_json *json, const char *key, uint64_t number);
/* page_json_real - nine digits of it; null for what is no number. */
void page_json_real(struct page_json *json, const char *key, double number);
void page_json_bool(struct page_json *json, const char *key, bool value);

#endif
