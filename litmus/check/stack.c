/* stack.c - who called whom, when the execution that is replayed came to an event or a plain access.
 *
 * A thread that waits has its registers on its stack (native.c); from there, and from the tables for
 * exceptions that every x86-64 program carries, libdw finds the callers, through the runtime's own
 * functions as well as the program's.
 */
#define _GNU_SOURCE
#include "stack.h"

#include "names.h"
#include "names_program.h"

#include <elfutils/version.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>
#include <unistd.h>

/* Numbers of registers in debug information. */
enum { RBX = 3, RBP = 6, RSP = 7, R12 = 12, R13, R14, R15, REGISTERS = 17 };

struct registers {
    uintptr_t pc;
    Dwarf_Word at[REGISTERS];
};

struct noted {
    int thread, position; /* of an event, or -1 and that of an access */
    struct stack stack;
};

static struct noted *noted;
static size_t noted_count, noted_room;

static Dwfl *session;
static const struct registers *start; /* of the walk that goes on */

void stack_forget(void)
{
    noted_count = 0;
    names_forget_frames();
}

static pid_t next_thread(Dwfl *dwfl, void *context, void **thread)
{
    (void)dwfl, (void)context;
    const bool first = *thread == NULL;
    *thread = &start;
    return first ? 1 : 0;
}

static bool get_thread(Dwfl *dwfl, pid_t id, void *context, void **thread)
{
    (void)dwfl, (void)id, (void)context;
    *thread = &start;
    return true;
}

static bool read_memory(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *word, void *context)
{
    int thread;
    size_t from_top;
    (void)dwfl, (void)context;
    if (!native_stack_of(address, &thread, &from_top) || from_top < sizeof *word) {
        return false;
    }
    memcpy(word, (const void *)address, sizeof *word);
    return true;
}

static bool set_registers(Dwfl_Thread *thread, void *context)
{
    (void)context;
    dwfl_thread_state_register_pc(thread, start->pc);
    return dwfl_thread_state_registers(thread, 0, REGISTERS, start->at);
}

static int find_own_base(struct dl_phdr_info *info, size_t size, void *base)
{
    (void)size;
    *(Dwarf_Addr *)base = info->dlpi_addr;
    return 1; /* the first one is the executable */
}

static int no_file(Dwfl_Module *module, void **user, const char *name, Dwarf_Addr base,
                   const char *file, const char *link, GElf_Word crc, char **found)
{
    (void)module, (void)user, (void)name, (void)base, (void)file, (void)link, (void)crc;
    (void)found;
    return -1;
}

/* The explorer and the program, as one process to walk in. */
static bool open_session(const struct names_program *program)
{
    static const Dwfl_Callbacks callbacks = {.find_debuginfo = no_file,
                                             .section_address = dwfl_offline_section_address};
    static const Dwfl_Thread_Callbacks walk = {.next_thread = next_thread,
                                               .get_thread = get_thread,
                                               .memory_read = read_memory,
                                               .set_initial_registers = set_registers};
    Dwarf_Addr own = 0;
    session = dwfl_begin(&callbacks);
    if (session == NULL) {
        return false;
    }
    dl_iterate_phdr(find_own_base, &own);
    dwfl_report_begin(session);
    dwfl_report_elf(session, "program", program->path, -1, program->base, false);
    dwfl_report_elf(session, "cordon-check", "/proc/self/exe", -1, own, false);
    dwfl_report_end(session, NULL, NULL);
    return dwfl_attach_state(session, NULL, 1, &walk, &start);
}

struct walk {
    const struct names_program *program;
    struct stack *stack;
    int thread;
    struct names_frame frame; /* the last one of the program, whose caller's is not yet known */
    bool first;
};

static Dwarf_Word register_of(Dwfl_Frame *frame, unsigned number)
{
    Dwarf_Word value = 0;
#if _ELFUTILS_PREREQ(0, 188)
    if (dwfl_frame_reg(frame, number, &value) != 0) {
        value = 0;
    }
#else
    (void)frame, (void)number;
#endif
    return value;
}

static int add_frame(Dwfl_Frame *frame, void *context)
{
    struct walk *walk = context;
    Dwarf_Addr pc;
    bool exact;
    if (!dwfl_frame_pc(frame, &pc, &exact)) {
        return DWARF_CB_ABORT;
    }
    const uintptr_t sp = register_of(frame, RSP);
    if (walk->frame.pc != 0) {
        walk->frame.cfa = sp;
        names_frame(walk->thread, &walk->frame);
        walk->frame.pc = 0;
    }
    pc += walk->first; /* see walk_from */
    walk->first = false;
    if (pc > walk->program->from && pc <= walk->program->to) {
        walk->stack->pc[walk->stack->count++] = pc;
        walk->frame = (struct names_frame){.pc = pc, .sp = sp, .bp = register_of(frame, RBP)};
    }
    return walk->stack->count < STACK_FRAMES ? DWARF_CB_OK : DWARF_CB_ABORT;
}

/* The first pc, too, is a return address: it is looked up in the call before it. */
static void walk_from(struct registers *from, int thread, struct stack *stack)
{
    struct walk walk = {
        .program = names_program(), .stack = stack, .thread = thread, .first = true};
    stack->count = 0;
    if (walk.program == NULL || (session == NULL && !open_session(walk.program))) {
        return;
    }
    start = from;
    --from->pc;
    dwfl_getthread_frames(session, 1, add_frame, &walk);
}

static struct stack *new_stack(int thread, int position)
{
    if (noted_count == noted_room) {
        const size_t room = 2 * noted_room + 64;
        struct noted *more = realloc(noted, room * sizeof *more);
        if (more == NULL) {
            return NULL;
        }
        noted = more;
        noted_room = room;
    }
    noted[noted_count].thread = thread;
    noted[noted_count].position = position;
    noted[noted_count].stack.count = 0;
    return &noted[noted_count++].stack;
}

void stack_note_request(int thread, int position)
{
    const struct fiber_saved *saved = (const struct fiber_saved *)thread_states[thread].sp;
    struct registers from = {.pc = saved->pc};
    struct stack *stack = new_stack(thread, position);
    from.at[R15] = saved->r15;
    from.at[R14] = saved->r14;
    from.at[R13] = saved->r13;
    from.at[R12] = saved->r12;
    from.at[RBX] = saved->rbx;
    from.at[RBP] = saved->rbp;
    from.at[RSP] = (uintptr_t)(saved + 1);
    if (stack != NULL) {
        walk_from(&from, thread, stack);
    }
}

void stack_note_access(int access)
{
    ucontext_t context;
    struct stack *stack = new_stack(-1, access);
    if (stack == NULL || getcontext(&context) != 0) {
        return;
    }
    const greg_t *now = context.uc_mcontext.gregs;
    struct registers from = {.pc = (uintptr_t)now[REG_RIP]};
    from.at[RBX] = (Dwarf_Word)now[REG_RBX];
    from.at[RBP] = (Dwarf_Word)now[REG_RBP];
    from.at[RSP] = (Dwarf_Word)now[REG_RSP];
    from.at[R12] = (Dwarf_Word)now[REG_R12];
    from.at[R13] = (Dwarf_Word)now[REG_R13];
    from.at[R14] = (Dwarf_Word)now[REG_R14];
    from.at[R15] = (Dwarf_Word)now[REG_R15];
    walk_from(&from, running, stack);
}

static const struct stack *find(int thread, int position)
{
    for (size_t i = 0; i < noted_count; ++i) {
        if (noted[i].thread == thread && noted[i].position == position) {
            return noted[i].stack.count > 0 ? &noted[i].stack : NULL;
        }
    }
    return NULL;
}

const struct stack *stack_of_event(int thread, int position)
{
    return find(thread, position);
}

const struct stack *stack_of_access(int access)
{
    return find(-1, access);
}

static bool is_foreign(uintptr_t pc)
{
    return names_of_toolchain(names_line(pc).file);
}

uintptr_t stack_place(const struct stack *stack, uintptr_t pc)
{
    if (stack == NULL || !is_foreign(pc)) {
        return pc;
    }
    for (int i = 0; i < stack->count; ++i) {
        if (!is_foreign(stack->pc[i])) {
            return stack->pc[i];
        }
    }
    return pc;
}

const char *stack_outermost(const struct stack *stack)
{
    enum { MOST_INLINED = 24 };
    struct source_line line[MOST_INLINED + 1];
    for (int i = stack != NULL ? stack->count : 0; i-- > 0;) {
        line[0] = names_line(stack->pc[i]);
        for (int k = names_callers(stack->pc[i], line + 1, MOST_INLINED); k >= 0; --k) {
            if (line[k].file != NULL && !names_of_toolchain(line[k].file)) {
                return line[k].function;
            }
        }
    }
    return NULL;
}
