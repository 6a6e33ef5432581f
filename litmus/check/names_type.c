/* names_type.c - member paths and values by DWARF types.
 *
 * A path is what the program's author would write. So what only the implementation knows by name is
 * passed over: std::atomic<T> is a T, not a chain of base classes down to _M_i, and a mutex of the
 * C library is one thing, however its words are called.
 */
#define _GNU_SOURCE
#include "names_type.h"

#include <dwarf.h>
#include <inttypes.h>
#include <string.h>

enum { MOST_DIMENSIONS = 8, MOST_STEPS = 64 };

static bool is_alias(int tag)
{
    return tag == DW_TAG_typedef || tag == DW_TAG_const_type || tag == DW_TAG_volatile_type ||
           tag == DW_TAG_atomic_type || tag == DW_TAG_restrict_type;
}

static bool next_type(Dwarf_Die *die, Dwarf_Die *into)
{
    Dwarf_Attribute attribute;
    return dwarf_attr_integrate(die, DW_AT_type, &attribute) != NULL &&
           dwarf_formref_die(&attribute, into) != NULL;
}

/* The C library's own: their members are nobody's business. */
static bool is_opaque(Dwarf_Die *type)
{
    static const char *const names[] = {"pthread_mutex_t",
                                        "pthread_cond_t",
                                        "pthread_rwlock_t",
                                        "pthread_once_t",
                                        "pthread_barrier_t",
                                        "pthread_spinlock_t",
                                        "sem_t",
                                        "mtx_t",
                                        "cnd_t",
                                        "once_flag",
                                        "pthread_t"};
    const char *name = dwarf_diename(type);
    for (size_t i = 0; name != NULL && i < sizeof names / sizeof *names; ++i) {
        if (strcmp(name, names[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool type_strip(const Dwarf_Die *type, Dwarf_Die *into)
{
    Dwarf_Die next = *type;
    for (int i = 0; i < MOST_STEPS && is_alias(dwarf_tag(&next)); ++i) {
        if (is_opaque(&next)) {
            break;
        }
        Dwarf_Die behind;
        if (!next_type(&next, &behind)) {
            return false;
        }
        next = behind;
    }
    *into = next;
    return true;
}

bool type_of(Dwarf_Die *die, Dwarf_Die *into)
{
    Dwarf_Die type;
    return next_type(die, &type) && type_strip(&type, into);
}

const char *type_name(Dwarf_Die *type)
{
    Dwarf_Die next = *type;
    for (int i = 0; i < MOST_STEPS; ++i) {
        const int tag = dwarf_tag(&next);
        const char *name = dwarf_diename(&next);
        if (name != NULL && (tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
                             tag == DW_TAG_union_type || tag == DW_TAG_typedef)) {
            return name;
        }
        Dwarf_Die behind;
        if ((tag != DW_TAG_pointer_type && !is_alias(tag)) || !next_type(&next, &behind)) {
            return NULL;
        }
        next = behind;
    }
    return NULL;
}

size_t type_size(Dwarf_Die *type)
{
    Dwarf_Word size;
    Dwarf_Die copy = *type;
    return dwarf_aggregate_size(&copy, &size) == 0 ? (size_t)size : 0;
}

/* The counts of an array's dimensions, outermost first; 0 where it is not known. */
static int read_dimensions(Dwarf_Die *array, Dwarf_Word *count)
{
    int dimensions = 0;
    Dwarf_Die child;
    for (int more = dwarf_child(array, &child); more == 0 && dimensions < MOST_DIMENSIONS;
         more = dwarf_siblingof(&child, &child)) {
        Dwarf_Attribute attribute;
        if (dwarf_tag(&child) != DW_TAG_subrange_type) {
            continue;
        }
        Dwarf_Word *c = &count[dimensions++];
        *c = 0;
        if (dwarf_formudata(dwarf_attr(&child, DW_AT_count, &attribute), c) != 0 &&
            dwarf_formudata(dwarf_attr(&child, DW_AT_upper_bound, &attribute), c) == 0) {
            ++*c;
        }
    }
    return dimensions;
}

static bool step_into_array(Dwarf_Die *array, size_t *offset, struct text *text)
{
    Dwarf_Word count[MOST_DIMENSIONS];
    Dwarf_Die element;
    if (!type_of(array, &element)) {
        return false;
    }
    size_t size = type_size(&element);
    const int dimensions = read_dimensions(array, count);
    if (size == 0 || dimensions == 0) {
        return false;
    }
    for (int i = 1; i < dimensions; ++i) {
        size *= (size_t)count[i];
    }
    for (int i = 0; i < dimensions && size > 0; ++i) {
        text_add(text, "[%zu]", *offset / size);
        *offset %= size;
        size /= i + 1 < dimensions && count[i + 1] > 0 ? (size_t)count[i + 1] : 1;
    }
    *array = element;
    return true;
}

static bool member_offset(Dwarf_Die *member, size_t *offset)
{
    Dwarf_Attribute attribute;
    Dwarf_Word word;
    if (dwarf_hasattr(member, DW_AT_data_bit_offset)) {
        if (dwarf_formudata(dwarf_attr(member, DW_AT_data_bit_offset, &attribute), &word) != 0) {
            return false;
        }
        *offset = (size_t)(word / 8);
        return true;
    }
    *offset = 0;
    if (!dwarf_hasattr(member, DW_AT_data_member_location)) {
        return !dwarf_hasattr(member, DW_AT_external) && !dwarf_hasattr(member, DW_AT_declaration);
    }
    if (dwarf_formudata(dwarf_attr(member, DW_AT_data_member_location, &attribute), &word) != 0) {
        return false; /* a virtual base */
    }
    *offset = (size_t)word;
    return true;
}

/* Names like _M_i or __val are the implementation's. */
static bool is_reserved(const char *name)
{
    return name[0] == '_' && (name[1] == '_' || (name[1] >= 'A' && name[1] <= 'Z'));
}

/* Of several members that lie there (a union), the one that is as large as the access. */
static bool step_into_member(Dwarf_Die *type, size_t *offset, size_t size, struct text *text)
{
    Dwarf_Die child, best, best_type;
    size_t best_from = 0;
    bool found = false, exact = false;
    for (int more = dwarf_child(type, &child); more == 0 && !exact;
         more = dwarf_siblingof(&child, &child)) {
        const int tag = dwarf_tag(&child);
        Dwarf_Die its_type;
        size_t from;
        if ((tag != DW_TAG_member && tag != DW_TAG_inheritance) || !member_offset(&child, &from) ||
            !type_of(&child, &its_type)) {
            continue;
        }
        const size_t its_size = type_size(&its_type);
        if (*offset < from || *offset - from >= its_size) {
            continue;
        }
        exact = *offset == from && its_size == size;
        if (exact || !found) {
            best = child, best_type = its_type, best_from = from;
            found = true;
        }
    }
    if (!found) {
        return false;
    }
    const char *name = dwarf_tag(&best) == DW_TAG_member ? dwarf_diename(&best) : NULL;
    if (name != NULL && !is_reserved(name)) {
        text_add(text, ".%s", name);
    }
    *offset -= best_from;
    *type = best_type;
    return true;
}

void type_walk(Dwarf_Die *type, size_t offset, size_t size, struct text *text)
{
    for (int i = 0; i < MOST_STEPS; ++i) {
        const int tag = dwarf_tag(type);
        /* All of it, and no single access is so large; or a pointer to it. */
        const bool all = offset == 0 && size > sizeof(uint64_t) && size >= type_size(type);
        const bool whole = all || (offset == 0 && size == 0);
        if (is_opaque(type)) {
            return;
        }
        if (tag == DW_TAG_array_type && !all) {
            if (!step_into_array(type, &offset, text)) {
                break;
            }
        } else if (!whole && (tag == DW_TAG_structure_type || tag == DW_TAG_class_type ||
                              tag == DW_TAG_union_type)) {
            if (!step_into_member(type, &offset, size, text)) {
                break;
            }
        } else {
            break;
        }
    }
    if (offset > 0) {
        text_add(text, "+%zu", offset);
    }
}

static bool enumerator(Dwarf_Die *type, int64_t value, struct text *text)
{
    Dwarf_Die child;
    for (int more = dwarf_child(type, &child); more == 0; more = dwarf_siblingof(&child, &child)) {
        Dwarf_Attribute attribute;
        Dwarf_Sword its;
        if (dwarf_tag(&child) == DW_TAG_enumerator &&
            dwarf_formsdata(dwarf_attr(&child, DW_AT_const_value, &attribute), &its) == 0 &&
            its == value) {
            text_add(text, "%s", dwarf_diename(&child));
            return true;
        }
    }
    return false;
}

static void add_float(size_t size, uint64_t value, struct text *text)
{
    float narrow;
    double wide;
    if (size == sizeof narrow) {
        const uint32_t bits = (uint32_t)value;
        memcpy(&narrow, &bits, sizeof narrow);
        wide = (double)narrow;
    } else {
        memcpy(&wide, &value, sizeof wide);
    }
    text_add(text, "%g", wide);
}

bool type_value(Dwarf_Die *type, size_t size, uint64_t value, struct text *text)
{
    Dwarf_Attribute attribute;
    Dwarf_Word encoding = 0;
    const unsigned shift = size > 0 && size < 8 ? 64 - 8 * (unsigned)size : 0;
    const int64_t as_signed = (int64_t)(value << shift) >> shift;
    if (type_size(type) != size) {
        return false;
    }
    if (dwarf_tag(type) == DW_TAG_enumeration_type) {
        return enumerator(type, as_signed, text);
    }
    if (dwarf_tag(type) != DW_TAG_base_type ||
        dwarf_formudata(dwarf_attr(type, DW_AT_encoding, &attribute), &encoding) != 0) {
        return false;
    }
    if (encoding == DW_ATE_signed || encoding == DW_ATE_signed_char) {
        text_add(text, "%" PRId64, as_signed);
        return true;
    }
    if (encoding == DW_ATE_float && (size == sizeof(float) || size == sizeof(double))) {
        add_float(size, value, text);
        return true;
    }
    return false;
}
