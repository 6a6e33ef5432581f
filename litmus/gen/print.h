/* print.h - a parsed test as text again. */
#ifndef CORDON_LITMUS_GEN_PRINT_H
#define CORDON_LITMUS_GEN_PRINT_H

#include "parse/test.h"

/* print_program - initial values, threads and condition, as the catalogue is laid out. Of a test in which
 * litmus_feature finds nothing.
 */
void print_program(FILE *stream, const struct litmus_test *test);

/* print_canonical - a text that two tests have in common if they differ only in the names of what is
 * in them, and in the order of their threads. free() it; NULL if there is no memory, or
 * litmus_feature finds something.
 */
char *print_canonical(const struct litmus_test *test);

#endif
