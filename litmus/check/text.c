/* text.c - text that grows in a buffer of the caller's. */
#include "text.h"

#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

void text_add(struct text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    if (text->used < text->room) {
        const int length =
            vsnprintf(text->at + text->used, text->room - text->used, format, arguments);
        text->used += length > 0 ? (size_t)length : 0;
    }
    va_end(arguments);
}

void text_print(FILE *out, const char *paragraph, int width, int indent)
{
    int column = 0;
    bool fresh = true; /* nothing on this line yet */
    while (*paragraph != '\0') {
        const int word = (int)strcspn(paragraph, " ");
        if (!fresh && column + 1 + word > width) {
            fprintf(out, "\n%*s", indent, "");
            column = indent;
            fresh = true;
        }
        column += fprintf(out, "%s%.*s", fresh ? "" : " ", word, paragraph);
        fresh = false;
        paragraph += word;
        paragraph += strspn(paragraph, " ");
    }
    fputc('\n', out);
}
