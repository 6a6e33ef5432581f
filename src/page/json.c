/* json.c - writing JSON. */
#include "page/json.h"

#include "page/page.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct page_json page_json(FILE *stream)
{
    return (struct page_json){.stream = stream};
}

static void put_string(FILE *stream, const char *text)
{
    fputc('"', stream);
    for (size_t length; *text != '\0'; text += length) {
        length = page_character(text);
        if (*text == '"' || *text == '\\') {
            fputc('\\', stream);
            fputc(*text, stream);
        } else if (*text == '\n') {
            fputs("\\n", stream);
        } else if ((unsigned char)*text < ' ' || *text == 0x7f) {
            fprintf(stream, "\\u%04x", (unsigned)*text);
        } else {
            fwrite(length > 0 ? text : "?", 1, length > 0 ? length : 1, stream);
        }
        length = length > 0 ? length : 1;
    }
    fputc('"', stream);
}

static void begin(struct page_json *json, const char *key)
{
    if (json->any) {
        fputc(',', json->stream);
    }
    if (json->depth != 0) {
        fprintf(json->stream, "\n%*s", (int)json->depth, "");
    }
    if (key != NULL) {
        put_string(json->stream, key);
        fputs(": ", json->stream);
    }
    json->any = true;
}

void page_json_open(struct page_json *json, const char *key, char kind)
{
    begin(json, key);
    fputc(kind, json->stream);
    if (json->depth == PAGE_JSON_MOST_DEPTH) {
        abort(); /* the writer's mistake, whatever the data */
    }
    json->end[json->depth++] = kind == '{' ? '}' : ']';
    json->any = false;
}

void page_json_close(struct page_json *json)
{
    --json->depth;
    if (json->any) {
        fprintf(json->stream, "\n%*s", (int)json->depth, "");
    }
    fputc(json->end[json->depth], json->stream);
    json->any = true;
}

void page_json_text(struct page_json *json, const char *key, const char *text)
{
    begin(json, key);
    if (text != NULL) {
        put_string(json->stream, text);
    } else {
        fputs("null", json->stream);
    }
}

void page_json_integer(struct page_json *json, const char *key, int64_t number)
{
    begin(json, key);
    fprintf(json->stream, "%" PRId64, number);
}

void page_json_count(struct page_json *json, const char *key, uint64_t number)
{
    begin(json, key);
    fprintf(json->stream, "%" PRIu64, number);
}

void page_json_real(struct page_json *json, const char *key, double number)
{
    char text[40];
    begin(json, key);
    snprintf(text, sizeof text, "%.9g", number);
    /* Readers tell reals from integers by these. */
    const bool marked = strpbrk(text, ".e") != NULL;
    fprintf(json->stream, "%s%s", isfinite(number) ? text : "null",
            isfinite(number) && !marked ? ".0" : "");
}

void page_json_bool(struct page_json *json, const char *key, bool value)
{
    begin(json, key);
    fputs(value ? "true" : "false", json->stream);
}
