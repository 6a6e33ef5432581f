/* text.c - text that grows in a buffer of the caller's. */
#include "text.h"

#include <stdarg.h>
#include <stdio.h>

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
