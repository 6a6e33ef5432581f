/* names_object.c - what lies on a thread's stack or in the heap, and has no name of its own.
 *
 * The debug information does not say what an allocation is for. But somewhere the program keeps a
 * pointer to it, and that has a type: the node that `top`, a pointer to struct node, points at is
 * called "node#1", and its members have their names. Before that is known it is "block#1+8".
 */
#define _GNU_SOURCE
#include "names_object.h"

#include "names.h"
#include "native.h"

#include <dwarf.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

struct object {
    uintptr_t base;
    size_t size;
    int thread;     /* whose stack it is on; -1: a heap block */
    int number;     /* of its name; 0: not yet mentioned */
    uintptr_t pc;   /* heap: where it was allocated */
    size_t element; /* size of its type; 0: unknown */
    Dwarf_Die type;
    const char *name; /* of the type */
};

static struct object *objects;
static size_t object_count, object_room;

void names_forget_objects(void)
{
    object_count = 0;
}

static struct object *new_object(void)
{
    if (object_count == object_room) {
        const size_t room = 2 * object_room + 32;
        struct object *more = realloc(objects, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        objects = more;
        object_room = room;
    }
    memset(&objects[object_count], 0, sizeof *objects);
    return &objects[object_count++];
}

static struct object *known_at(uintptr_t address)
{
    for (size_t i = 0; i < object_count; ++i) {
        if (address - objects[i].base < objects[i].size) {
            return &objects[i];
        }
    }
    return NULL;
}

static void set_type(struct object *object, const Dwarf_Die *type, const char *name, size_t size)
{
    object->type = *type;
    object->element = size;
    object->name = name;
}

static struct object *add_block(uintptr_t address)
{
    uintptr_t base, pc;
    size_t size;
    struct object *object = native_block_of(address, &base, &size, &pc) ? new_object() : NULL;
    if (object != NULL) {
        object->base = base;
        object->size = size > 0 ? size : 1;
        object->pc = pc;
        object->thread = -1;
    }
    return object;
}

static struct object *add_local(uintptr_t address)
{
    struct local local;
    int thread;
    size_t from_top;
    if (!native_stack_of(address, &thread, &from_top) || !local_at(thread, address, &local)) {
        return NULL;
    }
    struct object *object = new_object();
    if (object != NULL) {
        object->base = local.base;
        object->size = local.size;
        object->thread = thread;
        set_type(object, &local.type, local.name, local.size);
    }
    return object;
}

/* The object at this address. A heap block or a local variable is one as soon as somebody asks;
 * another piece of a stack, when its type is learned.
 */
static struct object *object_at(uintptr_t address)
{
    struct object *object = known_at(address);
    object = object != NULL ? object : add_block(address);
    return object != NULL ? object : add_local(address);
}

void object_learn(uintptr_t address, const Dwarf_Die *type, const char *name)
{
    struct object *object = object_at(address);
    Dwarf_Die copy = *type;
    const size_t size = type_size(&copy);
    int thread;
    size_t from_top;
    if (size <= 1) { /* bytes of whatever it is */
        return;
    }
    if (object != NULL && object->thread < 0) {
        /* The largest type explains most: a pointer to a member knows less. */
        if ((address - object->base) % size == 0 && size <= object->size &&
            size > object->element) {
            set_type(object, type, name, size);
        }
    } else if (object == NULL && native_stack_of(address, &thread, &from_top)) {
        object = new_object();
        if (object != NULL) {
            object->base = address;
            object->size = size;
            object->thread = thread;
            set_type(object, type, name, size);
        }
    }
}

bool object_type(uintptr_t address, uintptr_t *base, Dwarf_Die *type)
{
    const struct object *object = object_at(address);
    if (object == NULL || object->element == 0) {
        return false;
    }
    *base = address - (address - object->base) % object->element;
    *type = object->type;
    return true;
}

static bool same_kind(const struct object *a, const struct object *b)
{
    return a->thread == b->thread && (a->name == b->name || (a->name != NULL && b->name != NULL &&
                                                             strcmp(a->name, b->name) == 0));
}

/* Numbers go by the order of mention, among objects of one kind. */
static int number_of(struct object *object)
{
    if (object->number == 0) {
        int mentioned = 0;
        for (size_t i = 0; i < object_count; ++i) {
            mentioned += objects[i].number > 0 && same_kind(&objects[i], object);
        }
        object->number = mentioned + 1;
    }
    return object->number;
}

static void add_origin(const struct object *object, struct text *text)
{
    const struct source_line line = names_line(object->pc);
    text_add(text, "%zu byte%s", object->size, object->size == 1 ? "" : "s");
    if (line.file != NULL) {
        text_add(text, " from %s:%d", line.file, line.line);
    }
}

/* From the object on: which element, which member. */
static void add_path(const struct object *object, uintptr_t address, int size, struct text *text)
{
    size_t offset = address - object->base;
    if (object->element == 0) {
        if (offset > 0) {
            text_add(text, "+%zu", offset);
        }
        return;
    }
    if (object->element < object->size && object->size % object->element == 0) {
        text_add(text, "[%zu]", offset / object->element);
        offset %= object->element;
    }
    Dwarf_Die type = object->type;
    type_walk(&type, offset, (size_t)size, text);
}

static void add_label(struct object *object, struct text *text)
{
    const char *name = object->name != NULL ? object->name : "block";
    const int number = number_of(object);
    if (object->thread < 0) {
        text_add(text, "%s#%d", name, number);
    } else if (number == 1) {
        text_add(text, "T%d:%s", object->thread, name);
    } else {
        text_add(text, "T%d:%s#%d", object->thread, name, number);
    }
}

bool object_add(uintptr_t address, int size, bool brief, struct text *text)
{
    struct object *object = object_at(address);
    int thread;
    size_t from_top;
    if (object == NULL) {
        if (!native_stack_of(address, &thread, &from_top)) {
            return false;
        }
        text_add(text, brief ? "T%d:stack-0x%zx" : "T%d's stack-0x%zx", thread, from_top);
        return true;
    }
    if (!brief && object->thread < 0 && object->element == 0) {
        text_add(text, "heap block of ");
        add_origin(object, text);
        if (address > object->base) {
            text_add(text, ", +%zu", address - object->base);
        }
        return true;
    }
    add_label(object, text);
    add_path(object, address, size, text);
    return true;
}

void names_legend(FILE *out)
{
    const char *before = "\n";
    for (size_t i = 0; i < object_count; ++i) {
        char label[64], origin[256];
        struct text name = TEXT(label), where = TEXT(origin);
        if (objects[i].number > 0 && objects[i].thread < 0) {
            add_label(&objects[i], &name);
            add_origin(&objects[i], &where);
            fprintf(out, "%s%s: heap block of %s\n", before, label, origin);
            before = "";
        }
    }
}
