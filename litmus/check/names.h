/* names.h - addresses of the program under test, in its author's terms (from its debug information).
 */
#ifndef CORDON_CHECK_NAMES_H
#define CORDON_CHECK_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* names_open - read the debug information of the loaded program. Without any, names are numbers. */
void names_open(const char *path, uintptr_t base);

struct source_line {
    const char *file; /* as the compiler was given it, without leading "./"; NULL: unknown */
    int line, column;
    const char *function; /* the innermost, inlined or not; NULL: unknown */
};

/* names_line - the line of the call that returns to pc (absolute). */
struct source_line names_line(uintptr_t pc);

/* names_callers - the functions that the call is inlined into, innermost first; at most `most`. */
int names_callers(uintptr_t pc, struct source_line *into, int most);

/* names_variable - "x", "lock.owner", "ring.slot[2].value", "T1's stack+0x18", "heap block of 32
 * bytes from list.c:20, +8", by address and size of the access. Returns `text`.
 */
const char *names_variable(uintptr_t address, int size, char *text, size_t room);

#endif
