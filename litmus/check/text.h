/* text.h - text that grows in a buffer of the caller's. */
#ifndef CORDON_CHECK_TEXT_H
#define CORDON_CHECK_TEXT_H

#include <stddef.h>

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

#endif
