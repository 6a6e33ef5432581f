/* output.c - what the program prints: made, and thrown away. An exploration would print the same
 * lines a million times; they come out when one execution is repeated.
 */
#define _GNU_SOURCE
#include "environment.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool output_wanted;

/* Only the standard streams have somewhere to go. */
static void must_be_standard(const FILE *stream, uintptr_t pc)
{
    if (stream != stdout && stream != stderr) {
        fail(FOUND_UNSUPPORTED, pc, 0, "a file is written; only stdout and stderr are known");
    }
}

static int print(FILE *stream, const char *format, va_list arguments, uintptr_t pc)
{
    must_be_standard(stream, pc);
    if (output_wanted) {
        const int length = vfprintf(stream, format, arguments);
        fflush(stream);
        return length;
    }
    return vsnprintf(NULL, 0, format, arguments);
}

static size_t print_bytes(FILE *stream, const void *bytes, size_t size, uintptr_t pc)
{
    must_be_standard(stream, pc);
    fiber_read(bytes, size);
    if (output_wanted) {
        fwrite(bytes, 1, size, stream);
        fflush(stream);
    }
    return size;
}

static int print_char(FILE *stream, int c, uintptr_t pc)
{
    must_be_standard(stream, pc);
    if (output_wanted) {
        putc(c, stream);
    }
    return (unsigned char)c;
}

static int print_into(char *to, size_t room, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0 && room > 0) {
        const size_t size = (size_t)length + 1;
        fiber_write(to, size < room ? size : room);
        vsnprintf(to, room, format, arguments);
    }
    return length;
}

/* With the arguments of a call that has `format` last before its dots. */
#define PRINT(result, call)      \
    va_list arguments;           \
    va_start(arguments, format); \
    const int result = (call);   \
    va_end(arguments);           \
    return result

WRAP(int, printf, const char *format, ...)
{
    ENTER();
    PRINT(length, print(stdout, format, arguments, pc));
}

WRAP(int, fprintf, FILE *stream, const char *format, ...)
{
    ENTER();
    PRINT(length, print(stream, format, arguments, pc));
}

WRAP(int, dprintf, int file, const char *format, ...)
{
    ENTER();
    PRINT(length, print(file == STDOUT_FILENO ? stdout : stderr, format, arguments, pc));
}

WRAP(int, vprintf, const char *format, va_list arguments)
{
    ENTER();
    return print(stdout, format, arguments, pc);
}

WRAP(int, vfprintf, FILE *stream, const char *format, va_list arguments)
{
    ENTER();
    return print(stream, format, arguments, pc);
}

WRAP(int, __printf_chk, int flag, const char *format, ...)
{
    ENTER();
    (void)flag;
    PRINT(length, print(stdout, format, arguments, pc));
}

WRAP(int, __fprintf_chk, FILE *stream, int flag, const char *format, ...)
{
    ENTER();
    (void)flag;
    PRINT(length, print(stream, format, arguments, pc));
}

WRAP(int, __vfprintf_chk, FILE *stream, int flag, const char *format, va_list arguments)
{
    ENTER();
    (void)flag;
    return print(stream, format, arguments, pc);
}

WRAP(int, puts, const char *text)
{
    ENTER();
    print_bytes(stdout, text, strlen(text), pc);
    return print_char(stdout, '\n', pc);
}

WRAP(int, fputs, const char *text, FILE *stream)
{
    ENTER();
    return (int)print_bytes(stream, text, strlen(text), pc);
}

WRAP(size_t, fwrite, const void *bytes, size_t size, size_t count, FILE *stream)
{
    ENTER();
    print_bytes(stream, bytes, size * count, pc);
    return count;
}

WRAP(int, putchar, int c)
{
    ENTER();
    return print_char(stdout, c, pc);
}

WRAP(int, putc, int c, FILE *stream)
{
    ENTER();
    return print_char(stream, c, pc);
}

WRAP(int, fputc, int c, FILE *stream)
{
    ENTER();
    return print_char(stream, c, pc);
}

WRAP(void, perror, const char *text)
{
    ENTER();
    const char *error = strerror(LOCALS(error)->error);
    if (text != NULL && *text != '\0') {
        print_bytes(stderr, text, strlen(text), pc);
        print_bytes(stderr, ": ", 2, pc);
    }
    print_bytes(stderr, error, strlen(error), pc);
    print_char(stderr, '\n', pc);
}

WRAP(int, fflush, FILE *stream)
{
    (void)stream;
    return 0;
}

WRAP(int, setvbuf, FILE *stream, char *buffer, int mode, size_t size)
{
    (void)stream;
    (void)buffer;
    (void)mode;
    (void)size;
    return 0;
}

WRAP(void, setbuf, FILE *stream, char *buffer)
{
    (void)stream;
    (void)buffer;
}

WRAP(ssize_t, write, int file, const void *bytes, size_t size)
{
    ENTER();
    if (file != STDOUT_FILENO && file != STDERR_FILENO) {
        fail(FOUND_UNSUPPORTED, pc, 0, "a file is written; only stdout and stderr are known");
    }
    return (ssize_t)print_bytes(file == STDOUT_FILENO ? stdout : stderr, bytes, size, pc);
}

/* Into memory */

WRAP(int, snprintf, char *to, size_t room, const char *format, ...)
{
    ENTER();
    PRINT(length, print_into(to, room, format, arguments));
}

WRAP(int, vsnprintf, char *to, size_t room, const char *format, va_list arguments)
{
    ENTER();
    return print_into(to, room, format, arguments);
}

WRAP(int, sprintf, char *to, const char *format, ...)
{
    ENTER();
    PRINT(length, print_into(to, SIZE_MAX / 2, format, arguments));
}

WRAP(int, vsprintf, char *to, const char *format, va_list arguments)
{
    ENTER();
    return print_into(to, SIZE_MAX / 2, format, arguments);
}

WRAP(int, __snprintf_chk, char *to, size_t room, int flag, size_t size, const char *format, ...)
{
    ENTER();
    (void)flag;
    (void)size;
    PRINT(length, print_into(to, room, format, arguments));
}

WRAP(int, __vsnprintf_chk, char *to, size_t room, int flag, size_t size, const char *format,
     va_list arguments)
{
    ENTER();
    (void)flag;
    (void)size;
    return print_into(to, room, format, arguments);
}

WRAP(int, __sprintf_chk, char *to, int flag, size_t size, const char *format, ...)
{
    ENTER();
    (void)flag;
    (void)size;
    PRINT(length, print_into(to, SIZE_MAX / 2, format, arguments));
}

static int print_new(char **to, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    const int length = vsnprintf(NULL, 0, format, again);
    va_end(again);
    if (length >= 0) {
        char *made = allocate((size_t)length + 1, 0, false);
        print_into(made, (size_t)length + 1, format, arguments);
        fiber_write(to, sizeof *to);
        *to = made;
    }
    return length;
}

WRAP(int, asprintf, char **to, const char *format, ...)
{
    ENTER();
    PRINT(length, print_new(to, format, arguments));
}

WRAP(int, vasprintf, char **to, const char *format, va_list arguments)
{
    ENTER();
    return print_new(to, format, arguments);
}
