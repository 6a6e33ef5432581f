/* names.h - addresses of the program under test, in its author's terms (from its debug information).
 *
 * Nothing is read before the first question: a run without a finding does not pay for it.
 */
#ifndef CORDON_CHECK_NAMES_H
#define CORDON_CHECK_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* names_open - whose debug information to read: this file, loaded at this address. Without any,
 * names are those of the symbol table, or numbers.
 */
void names_open(const char *path, uintptr_t base);
uintptr_t names_base(void);

struct source_line {
    const char *file; /* as the compiler was given it, without leading "./"; NULL: unknown */
    int line, column;
    const char *function; /* the innermost, inlined or not; NULL: unknown */
};

/* names_line - the line of the call that returns to pc (absolute). Where a header of the compiler or
 * of the C++ library was inlined (std::atomic), this is the line that used it.
 */
struct source_line names_line(uintptr_t pc);

/* names_of_toolchain - is this file such a header? names_line's may be, if nothing was inlined. */
bool names_of_toolchain(const char *file);

/* names_callers - the functions that names_line's is inlined into, innermost first, with the line of
 * each that the call is inlined at; at most `most`. Returns how many.
 */
int names_callers(uintptr_t pc, struct source_line *into, int most);

/* names_function - the function that begins at this address, or NULL. */
const char *names_function(uintptr_t address);

/* names_called - the function that the call that returns to pc calls, or NULL where that cannot be
 * told. A wrapped function goes by its own name.
 */
const char *names_called(uintptr_t pc);

/* names_variable - "x", "lock.owner", "ring.slot[2].value", "T1's stack+0x18", "heap block of 32
 * bytes from list.c:20, +8", by address and size of the access. Size 0 is for what a pointer points
 * at: the outermost thing that begins there. Returns `text`.
 */
const char *names_variable(uintptr_t address, int size, char *text, size_t room);

/* names_brief - the same in few characters: "node#1.next", "block#2+8", "T1:node.locked". */
const char *names_brief(uintptr_t address, int size, char *text, size_t room);

/* names_value - what was read or written there, as its type suggests: -1, 0x80000000, READY, &node. */
const char *names_value(uintptr_t address, int size, uint64_t value, char *text, size_t room);

/* names_learn - this value was read or written there. If it is a pointer, it tells what lies where it
 * points, in the heap or on a stack. names_forget_objects: all that is other memory now.
 */
void names_learn(uintptr_t address, int size, uint64_t value);
void names_forget_objects(void);

/* names_frame - this frame was on the thread's stack: its local variables have names. */
struct names_frame {
    uintptr_t pc; /* where it was, a return address */
    uintptr_t cfa, sp, bp;
};
void names_frame(int thread, const struct names_frame *frame);
void names_forget_frames(void);

/* names_legend - a line for each heap block that names_brief named. */
void names_legend(FILE *out);

#endif
