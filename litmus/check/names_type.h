/* names_type.h - member paths and values by DWARF types; for the names_*.c files alone. */
#ifndef CORDON_CHECK_NAMES_TYPE_H
#define CORDON_CHECK_NAMES_TYPE_H

#include "text.h"

#include <elfutils/libdw.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* type_strip - what is behind typedefs and qualifiers. False: nothing (void). */
bool type_strip(const Dwarf_Die *type, Dwarf_Die *into);

/* type_of - the type of a variable, member or pointer, or what an array consists of; stripped. */
bool type_of(Dwarf_Die *die, Dwarf_Die *into);

/* type_name - what the program calls the structure or class that this is, or points at; or NULL. */
const char *type_name(Dwarf_Die *type);

/* type_size - 0 if unknown. */
size_t type_size(Dwarf_Die *type);

/* type_walk - append the path from an object of this type to what lies at this offset in it and is
 * `size` bytes long (0: the outermost thing that begins there); *type becomes its type.
 */
void type_walk(Dwarf_Die *type, size_t offset, size_t size, struct text *text);

/* type_value - append a value of a scalar type; false if the type has no opinion. */
bool type_value(Dwarf_Die *type, size_t size, uint64_t value, struct text *text);

#endif
