/* write.h - a cycle as a litmus file. */
#ifndef CORDON_LITMUS_GEN_WRITE_H
#define CORDON_LITMUS_GEN_WRITE_H

#include "cycle.h"

/* gen_write - the file: name, question, what the models say of it, the reason, and the program. What
 * is NULL is made up: the name from the cycle, the reason from the verdicts.
 */
void gen_write(FILE *stream, const struct gen_cycle *cycle, const char *name, const char *why);

/* gen_write_program - from its braces to its condition. */
void gen_write_program(FILE *stream, const struct gen_cycle *cycle);

#endif
