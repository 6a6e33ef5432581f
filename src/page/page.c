/* page.c - one page of HTML: its frame, and text that came from outside. */
#include "page/page.h"

#include "page/style.h"

#include <stdbool.h>

size_t page_character(const char *text)
{
    const unsigned char *byte = (const unsigned char *)text;
    const size_t length = byte[0] < 0x80   ? 1
                          : byte[0] < 0xc2 ? 0
                          : byte[0] < 0xe0 ? 2
                          : byte[0] < 0xf0 ? 3
                          : byte[0] < 0xf5 ? 4
                                           : 0;
    for (size_t i = 1; i < length; ++i) {
        if ((byte[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    /* Neither longer than needed, nor a surrogate, nor beyond U+10FFFF. */
    if ((byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xed && byte[1] > 0x9f) ||
        (byte[0] == 0xf0 && byte[1] < 0x90) || (byte[0] == 0xf4 && byte[1] > 0x8f)) {
        return 0;
    }
    const bool control = length == 1 ? byte[0] < 0x20 || byte[0] == 0x7f
                                     : length == 2 && byte[0] == 0xc2 && byte[1] < 0xa0;
    /* U+FFFE and U+FFFF are no characters. */
    const bool none = length == 3 && byte[0] == 0xef && byte[1] == 0xbf && byte[2] > 0xbd;
    return control || none ? 0 : length;
}

void page_text(FILE *stream, const char *text)
{
    size_t length;
    for (const char *c = text; *c != '\0'; c += length) {
        length = page_character(c);
        switch (*c) {
        case '&':
            fputs("&amp;", stream);
            break;
        case '<':
            fputs("&lt;", stream);
            break;
        case '>':
            fputs("&gt;", stream);
            break;
        case '"':
            fputs("&quot;", stream);
            break;
        case '\'':
            fputs("&#39;", stream);
            break;
        case '\n':
        case '\t':
            fprintf(stream, "&#%d;", *c); /* as it is, an attribute would have a blank */
            length = 1;
            break;
        default:
            fwrite(length > 0 ? c : "?", 1, length > 0 ? length : 1, stream);
            length = length > 0 ? length : 1;
        }
    }
}

void page_head(FILE *stream, const char *title, const char *more)
{
    fputs("<!DOCTYPE html>\n<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">\n<head>\n"
          "<meta charset=\"utf-8\"/>\n"
          "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n<title>",
          stream);
    page_text(stream, title);
    fprintf(stream, "</title>\n<style>\n%s%s</style>\n</head>\n<body>\n", style, more);
}

void page_tail(FILE *stream)
{
    fputs("</body>\n</html>\n", stream);
}

void page_paragraph(FILE *stream, const char *class, const char *text)
{
    fprintf(stream, "<p class=\"%s\">", class);
    page_text(stream, text);
    fputs("</p>\n", stream);
}

void page_term(FILE *stream, const char *name, const char *text)
{
    if (text != NULL && *text != '\0') {
        fprintf(stream, "<dt>%s</dt><dd>", name);
        page_text(stream, text);
        fputs("</dd>\n", stream);
    }
}
