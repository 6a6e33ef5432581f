/* One function per operation, so that its code can be read in the disassembly; what is expected of
 * NAME.c stands in NAME.txt (the language: check.sh).
 */
#include <cordon/atomic.h>

/* Prototype and definition in one. */
#define FUNCTION(type, name, ...) \
    type name(__VA_ARGS__);       \
    type name(__VA_ARGS__)
