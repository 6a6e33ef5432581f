/* names_variable.c - addresses of data as variables, and their values as their types suggest.
 *
 * All variables with a fixed address are read into one table on the first question. What lies on a
 * thread's stack or in the heap has no name of its own; see names_object.c.
 */
#define _GNU_SOURCE
#include "names.h"
#include "names_object.h"
#include "names_program.h"
#include "names_type.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct variable {
    uintptr_t address;
    size_t size;
    const char *name;
    Dwarf_Die type;
};

static struct {
    struct variable *at;
    size_t count, room;
    bool read;
} variables;

void names_forget_variables(void)
{
    free(variables.at);
    memset(&variables, 0, sizeof variables);
    names_forget_objects();
}

static bool fixed_address(Dwarf_Die *die, Dwarf_Addr *address)
{
    Dwarf_Attribute attribute, indexed;
    Dwarf_Op *operation;
    size_t count;
    if (dwarf_attr(die, DW_AT_location, &attribute) == NULL ||
        dwarf_getlocation(&attribute, &operation, &count) != 0 || count != 1) {
        return false;
    }
    if (operation->atom == DW_OP_addr) {
        *address = operation->number;
        return true;
    }
    return operation->atom == DW_OP_addrx &&
           dwarf_getlocation_attr(&attribute, operation, &indexed) == 0 &&
           dwarf_formaddr(&indexed, address) == 0;
}

static void add_variable(const struct names_program *program, Dwarf_Die *die)
{
    struct variable new = {.name = NULL};
    Dwarf_Attribute attribute;
    Dwarf_Addr address;
    if (!fixed_address(die, &address) || !type_of(die, &new.type)) {
        return;
    }
    new.name = dwarf_formstring(dwarf_attr_integrate(die, DW_AT_name, &attribute));
    new.address = address + program->bias;
    new.size = type_size(&new.type);
    if (new.name == NULL || new.size == 0) {
        return;
    }
    if (variables.count == variables.room) {
        const size_t room = 2 * variables.room + 64;
        struct variable *more = realloc(variables.at, room * sizeof *more);
        if (more == NULL) {
            return;
        }
        variables.at = more;
        variables.room = room;
    }
    variables.at[variables.count++] = new;
}

static void read_variables(const struct names_program *program, Dwarf_Die *around)
{
    Dwarf_Die die;
    for (int more = dwarf_child(around, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        switch (dwarf_tag(&die)) {
        case DW_TAG_variable:
            add_variable(program, &die);
            break;
        case DW_TAG_namespace:
        case DW_TAG_subprogram:
        case DW_TAG_lexical_block:
            read_variables(program, &die);
            break;
        default:
            break;
        }
    }
}

static int compare(const void *a, const void *b)
{
    const uintptr_t left = ((const struct variable *)a)->address,
                    right = ((const struct variable *)b)->address;
    return (left > right) - (left < right);
}

/* The variable that this lies in, or NULL. */
static const struct variable *variable_at(uintptr_t address)
{
    const struct names_program *program = names_program();
    if (program == NULL || address < program->from || address >= program->to) {
        return NULL;
    }
    if (!variables.read) {
        variables.read = true;
        Dwarf_Die *unit = NULL;
        while (program->has_lines && (unit = names_next_unit(program, unit)) != NULL) {
            read_variables(program, unit);
        }
        if (variables.count > 0) {
            qsort(variables.at, variables.count, sizeof *variables.at, compare);
        }
    }
    size_t from = 0, to = variables.count;
    while (from < to) {
        const size_t middle = from + (to - from) / 2;
        if (variables.at[middle].address <= address) {
            from = middle + 1;
        } else {
            to = middle;
        }
    }
    const struct variable *v = from > 0 ? &variables.at[from - 1] : NULL;
    return v != NULL && address - v->address < v->size ? v : NULL;
}

static bool add_symbol(uintptr_t address, struct text *text)
{
    const struct names_program *program = names_program();
    GElf_Off offset;
    GElf_Sym symbol;
    if (program == NULL || address < program->from || address >= program->to) {
        return false;
    }
    const char *name =
        dwfl_module_addrinfo(program->module, address, &offset, &symbol, NULL, NULL, NULL);
    if (name == NULL || (symbol.st_size != 0 && offset >= symbol.st_size)) {
        return false;
    }
    text_add(text, offset > 0 ? "%s+%" PRIu64 : "%s", name, (uint64_t)offset);
    return true;
}

static bool add_place(uintptr_t address, int size, bool brief, struct text *text)
{
    const struct variable *variable = variable_at(address);
    if (variable != NULL) {
        Dwarf_Die type = variable->type;
        text_add(text, "%s", variable->name);
        type_walk(&type, address - variable->address, (size_t)size, text);
        return true;
    }
    return add_symbol(address, text) || object_add(address, size, brief, text);
}

const char *names_variable(uintptr_t address, int size, char *text, size_t room)
{
    struct text into = {.at = text, .room = room};
    if (!add_place(address, size, false, &into)) {
        text_add(&into, "0x%" PRIxPTR, address);
    }
    return text;
}

const char *names_brief(uintptr_t address, int size, char *text, size_t room)
{
    struct text into = {.at = text, .room = room};
    if (!add_place(address, size, true, &into)) {
        text_add(&into, "0x%" PRIxPTR, address);
    }
    return text;
}

/* The type of what an access touches; false: unknown. */
static bool type_at(uintptr_t address, int size, Dwarf_Die *type)
{
    const struct variable *variable = variable_at(address);
    char path[4];
    struct text ignored = {.at = path, .room = 0};
    uintptr_t base = 0;
    if (variable != NULL) {
        *type = variable->type;
        base = variable->address;
    } else if (!object_type(address, &base, type)) {
        return false;
    }
    type_walk(type, address - base, (size_t)size, &ignored);
    return true;
}

static bool is_pointer(Dwarf_Die *type)
{
    const int tag = dwarf_tag(type);
    return tag == DW_TAG_pointer_type || tag == DW_TAG_reference_type ||
           tag == DW_TAG_rvalue_reference_type;
}

void names_learn(uintptr_t address, int size, uint64_t value)
{
    Dwarf_Die type, target;
    if (value != 0 && type_at(address, size, &type) && is_pointer(&type) &&
        variable_at((uintptr_t)value) == NULL && type_of(&type, &target)) {
        object_learn((uintptr_t)value, &target, type_name(&type));
    }
}

static void add_pointer(uintptr_t value, struct text *text)
{
    const char *function = names_function(value);
    if (value == 0) {
        text_add(text, "NULL");
    } else if (function != NULL) {
        text_add(text, "%s", function);
    } else {
        text_add(text, "&");
        if (!add_place(value, 0, true, text)) {
            text->used -= 1;
            text_add(text, "0x%" PRIxPTR, value);
        }
    }
}

const char *names_value(uintptr_t address, int size, uint64_t value, char *text, size_t room)
{
    enum { LARGEST_DECIMAL = 1 << 20 };
    struct text into = {.at = text, .room = room};
    Dwarf_Die type;
    const bool typed = type_at(address, size, &type);
    if (typed && is_pointer(&type)) {
        add_pointer((uintptr_t)value, &into);
        return text;
    }
    if (typed && type_value(&type, (size_t)size, value, &into)) {
        return text;
    }
    /* A word that holds an address whatever its type says; small numbers are no addresses. */
    if (size == (int)sizeof(void *) && value > LARGEST_DECIMAL) {
        struct text name = {.at = text, .room = room};
        text_add(&name, "&");
        if (add_place((uintptr_t)value, 0, true, &name)) {
            return text;
        }
    }
    text_add(&into, value < LARGEST_DECIMAL ? "%" PRIu64 : "0x%" PRIx64, value);
    return text;
}
