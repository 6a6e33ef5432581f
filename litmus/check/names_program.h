/* names_program.h - the opened debug information, for the names_*.c files and stack.c. */
#ifndef CORDON_CHECK_NAMES_PROGRAM_H
#define CORDON_CHECK_NAMES_PROGRAM_H

#include <elfutils/libdwfl.h>

#include <stdbool.h>

struct names_program {
    const char *path;
    Dwarf_Addr base;
    Dwfl_Module *module;
    bool has_lines;      /* debug information, not only symbols */
    Dwarf_Addr bias;     /* address in memory - address in the debug information */
    Dwarf_Addr from, to; /* the program in memory */
};

/* NULL if there is no such file. */
const struct names_program *names_program(void);

/* The next unit of the program that is compiled code, or NULL; start with NULL. */
Dwarf_Die *names_next_unit(const struct names_program *program, Dwarf_Die *unit);

/* The function that this address (in the debug information) is in; not one that is inlined there. */
bool names_function_of(const struct names_program *program, Dwarf_Addr address,
                       Dwarf_Die *function);

/* What names_variable.c remembers belongs to the program that was open. */
void names_forget_variables(void);

#endif
