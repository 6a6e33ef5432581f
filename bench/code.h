/* code.h - the instructions that were measured, read from this very process. */
#ifndef CORDON_BENCH_CODE_H
#define CORDON_BENCH_CODE_H

#include <stddef.h>

/* Instructions between two addresses of the program's text. */
struct code_span {
    const unsigned char *begin, *end;
};

/* code_bytes - "f0 83 4c 24 c0 00" into text, "..." at its end where the room is short; "none". */
void code_bytes(struct code_span span, char *text, size_t room);

/* code_disassemble - one string per span, instructions parted by "; ", from objdump.
 * Returns an array to pass to code_free, or NULL where there is no objdump that reads this file.
 */
char **code_disassemble(const struct code_span *spans, size_t count);
void code_free(char **texts, size_t count);

#endif
