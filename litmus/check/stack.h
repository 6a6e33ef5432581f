/* stack.h - who called whom, when the execution that is replayed came to an event or a plain access. */
#ifndef CORDON_CHECK_STACK_H
#define CORDON_CHECK_STACK_H

#include "native.h"

#include <stdint.h>

enum { STACK_FRAMES = 16 };

/* The program's frames, innermost first. */
struct stack {
    int count;
    uintptr_t pc[STACK_FRAMES]; /* return addresses */
};

/* stack_forget - another execution is about to be replayed. */
void stack_forget(void);

/* stack_note_request - the thread waits for the answer to its request, event number `position`. */
void stack_note_request(int thread, int position);

/* stack_note_access - the running thread makes an access, number `access` of recorded[]. */
void stack_note_access(int access);

/* NULL if it was not noted. */
const struct stack *stack_of_event(int thread, int position);
const struct stack *stack_of_access(int access);

/* stack_place - the innermost place that is not in a header of the compiler's or the C++ library's;
 * pc without a stack.
 */
uintptr_t stack_place(const struct stack *stack, uintptr_t pc);

/* stack_outermost - the first of the user's functions that was called; or NULL. */
const char *stack_outermost(const struct stack *stack);

#endif
