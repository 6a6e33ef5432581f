/* perpetual.h - tests turned into ones that never stop for each other. */
#ifndef CORDON_LITMUS_PERPETUAL_H
#define CORDON_LITMUS_PERPETUAL_H

#include "batch.h"

/* litmus_perpetual - can the test be run so, and its frames be counted in that way? False, and why not in
 * one line.
 */
bool litmus_perpetual(const struct litmus_test *test, enum litmus_mode mode, char *problem,
                      size_t size);

/* litmus_emit_perpetual - as litmus_emit, of a test for which litmus_perpetual holds. */
void litmus_emit_perpetual(FILE *stream, const struct litmus_test *test, enum litmus_mode mode);

#endif
