/* names_object.h - what lies on stacks and in the heap; for the names_*.c files alone. */
#ifndef CORDON_CHECK_NAMES_OBJECT_H
#define CORDON_CHECK_NAMES_OBJECT_H

#include "names_type.h"

/* object_learn - a pointer to this type points there. `name`: of the type, or NULL. */
void object_learn(uintptr_t address, const Dwarf_Die *type, const char *name);

/* object_type - the type of the learned object that this address is in, and where that begins. */
bool object_type(uintptr_t address, uintptr_t *base, Dwarf_Die *type);

/* object_add - append the name of what is there; false: neither stack nor heap. */
bool object_add(uintptr_t address, int size, bool brief, struct text *text);

/* local_at - the local variable of a frame of this thread's that the address is in. */
struct local {
    uintptr_t base;
    size_t size;
    Dwarf_Die type;
    const char *name;
};
bool local_at(int thread, uintptr_t address, struct local *local);

#endif
