/* names_local.c - what lies on a thread's stack, as the local variables of the frames seen there. */
#define _GNU_SOURCE
#include "names.h"
#include "names_object.h"
#include "names_program.h"

#include <dwarf.h>
#include <stdlib.h>

enum { MOST_FRAMES = 4096 };

struct seen {
    int thread;
    struct names_frame frame;
};

static struct seen *frames;
static size_t frame_count, frame_room;

void names_forget_frames(void)
{
    frame_count = 0;
}

void names_frame(int thread, const struct names_frame *frame)
{
    for (size_t i = frame_count; i-- > 0;) {
        if (frames[i].thread == thread && frames[i].frame.pc == frame->pc &&
            frames[i].frame.cfa == frame->cfa) {
            return;
        }
    }
    if (frame_count == MOST_FRAMES) {
        return;
    }
    if (frame_count == frame_room) {
        const size_t room = 2 * frame_room + 64;
        struct seen *more = realloc(frames, room * sizeof *more);
        if (more == NULL) {
            return;
        }
        frames = more;
        frame_room = room;
    }
    frames[frame_count++] = (struct seen){thread, *frame};
}

/* What a location that is a register and an offset means in this frame. */
static bool evaluate(const Dwarf_Op *operation, size_t count, const struct names_frame *frame,
                     uintptr_t base, uintptr_t *address)
{
    if (count != 1) {
        return false;
    }
    switch (operation->atom) {
    case DW_OP_call_frame_cfa:
        *address = frame->cfa;
        return frame->cfa != 0;
    case DW_OP_fbreg:
        *address = base + operation->number;
        return base != 0;
    case DW_OP_reg6: /* as a frame base */
        *address = frame->bp;
        return frame->bp != 0;
    case DW_OP_reg7:
        *address = frame->sp;
        return frame->sp != 0;
    case DW_OP_breg6:
        *address = frame->bp + operation->number;
        return frame->bp != 0;
    case DW_OP_breg7:
        *address = frame->sp + operation->number;
        return frame->sp != 0;
    default:
        return false;
    }
}

static bool location_of(Dwarf_Die *die, unsigned attribute_name, Dwarf_Addr pc,
                        const struct names_frame *frame, uintptr_t base, uintptr_t *address)
{
    Dwarf_Attribute attribute;
    Dwarf_Op *operations;
    size_t count;
    return dwarf_attr(die, attribute_name, &attribute) != NULL &&
           dwarf_getlocation_addr(&attribute, pc, &operations, &count, 1) == 1 &&
           evaluate(operations, count, frame, base, address);
}

/* Look through the variables of a function, and of what is inlined into it. */
static bool search(Dwarf_Die *around, Dwarf_Addr pc, const struct names_frame *frame,
                   uintptr_t base, uintptr_t address, struct local *local)
{
    Dwarf_Die die;
    for (int more = dwarf_child(around, &die); more == 0; more = dwarf_siblingof(&die, &die)) {
        const int tag = dwarf_tag(&die);
        uintptr_t start;
        if (tag == DW_TAG_lexical_block || tag == DW_TAG_inlined_subroutine) {
            if (search(&die, pc, frame, base, address, local)) {
                return true;
            }
        } else if ((tag == DW_TAG_variable || tag == DW_TAG_formal_parameter) &&
                   location_of(&die, DW_AT_location, pc, frame, base, &start) &&
                   type_of(&die, &local->type)) {
            Dwarf_Attribute attribute;
            local->base = start;
            local->size = type_size(&local->type);
            local->name = dwarf_formstring(dwarf_attr_integrate(&die, DW_AT_name, &attribute));
            if (local->name != NULL && address - start < local->size) {
                return true;
            }
        }
    }
    return false;
}

static bool search_frame(const struct names_frame *frame, uintptr_t address, struct local *local)
{
    const struct names_program *program = names_program();
    const Dwarf_Addr pc = frame->pc - 1 - program->bias;
    Dwarf_Die function;
    uintptr_t base = 0;
    if (!names_function_of(program, pc, &function)) {
        return false;
    }
    location_of(&function, DW_AT_frame_base, pc, frame, 0, &base);
    return search(&function, pc, frame, base, address, local);
}

bool local_at(int thread, uintptr_t address, struct local *local)
{
    if (names_program() == NULL) {
        return false;
    }
    for (size_t i = frame_count; i-- > 0;) {
        /* It lies in a frame between its stack pointer and the caller's. */
        if (frames[i].thread == thread && address >= frames[i].frame.sp &&
            address < frames[i].frame.cfa && search_frame(&frames[i].frame, address, local)) {
            return true;
        }
    }
    return false;
}
