/* text.h - text that grows in a buffer of the caller's. */
#ifndef CORDON_CHECK_TEXT_H
#define CORDON_CHECK_TEXT_H

#include <stddef.h>
#include <stdio.h>

struct text {
    char *at; /* of `room` bytes; what does not fit is cut off */
    size_t room, used;
};

#define TEXT(buffer)                           \
    (struct text)                              \
    {                                          \
        .at = (buffer), .room = sizeof(buffer) \
    }

__attribute__((format(printf, 2, 3))) void text_add(struct text *text, const char *format, ...);

/* text_print - a paragraph, broken into lines of at most `width` characters; later ones are indented. */
void text_print(FILE *out, const char *paragraph, int width, int indent);

#endif
