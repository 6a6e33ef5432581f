/* wrapped.h - the functions of the C and C++ libraries that the runtime stands in for.
 *
 * The program is linked with --wrap=NAME for each NAME in wrapped.def: its calls arrive at
 * __wrap_NAME. What it calls besides must be harmless: see symbol_objection.
 */
#ifndef CORDON_CHECK_WRAPPED_H
#define CORDON_CHECK_WRAPPED_H

extern const char *const wrapped_names[]; /* ends with NULL */

/* symbol_objection - why a program that uses this symbol cannot be explored, or NULL if it can. */
const char *symbol_objection(const char *name);

#endif
