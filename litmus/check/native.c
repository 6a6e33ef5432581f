/* native.c - fibers, and the log by which what they did is undone and done again.
 *
 * A fiber's stack has a *twin* of the same size at a fixed distance: what the stack held when its
 * thread last made a request, and so, unlike the stack itself, free of what the runtime's own calls
 * leave below. After each segment the live part of the stack is compared with its twin, which finds
 * what the program changed there without telling us; all else it writes it announces (memory.c).
 */
#define _GNU_SOURCE
#include "native.h"

#include "check.h"
#include "environment.h"
#include "graph.h"
#include "memory.h"
#include "names.h"
#include "replay.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    STACK_PITCH = STACK_BYTES + 64 * 1024, /* the gap traps an overflow */
    LOCAL_BYTES = 1024                     /* fiber_local, at the very top */
};

struct thread_state thread_states[MAX_THREADS];
int running = -1;

static char *stacks;      /* of all fibers */
static ptrdiff_t twin;    /* from a stack to its twin */
static size_t local_used; /* bytes of fiber_local in use, over all threads */
static size_t tls_bytes, tls_align = 16;
static const char *tls_image;
static size_t tls_image_bytes, tls_module;
static uintptr_t main_function, load_base;
static void *program;

struct change {
    uintptr_t address; /* of a word */
    uint64_t bits;     /* old ^ new */
};
struct note {
    uint32_t *where;
    uint32_t before, after;
};
static struct change *changes;
static struct note *notes;
static uint32_t change_count, note_count;

bool replaying;

/* The switch between the explorer and a fiber. A fiber's registers lie on its stack, and `asked` is
 * what it wants. x86-64, System V.
 */
struct request asked;
uintptr_t explorer_sp;
uintptr_t fiber_sp;
uint64_t fiber_answer;
void fiber_switch(uintptr_t sp);

/* What a call preserves: six registers, and the control words of the floating-point units. */
#define SAVE                                                                                     \
    "    push %rbp\n    push %rbx\n    push %r12\n    push %r13\n    push %r14\n    push %r15\n" \
    "    sub $8, %rsp\n    stmxcsr (%rsp)\n    fnstcw 4(%rsp)\n"
#define RESTORE                                                                            \
    "    ldmxcsr (%rsp)\n    fldcw 4(%rsp)\n    add $8, %rsp\n"                            \
    "    pop %r15\n    pop %r14\n    pop %r13\n    pop %r12\n    pop %rbx\n    pop %rbp\n" \
    "    ret\n"

__asm__(".text\n"
        ".globl fiber_trap\n.type fiber_trap,@function\n"
        "fiber_trap:\n" SAVE "    mov %rsp, fiber_sp(%rip)\n"
        "    mov explorer_sp(%rip), %rsp\n"
        ".globl fiber_leave\n"
        "fiber_leave:\n" RESTORE ".size fiber_trap,.-fiber_trap\n"
        ".globl fiber_switch\n.type fiber_switch,@function\n"
        "fiber_switch:\n" SAVE "    mov %rsp, explorer_sp(%rip)\n"
        "    mov %rdi, %rsp\n"
        "    mov fiber_answer(%rip), %rax\n" RESTORE ".size fiber_switch,.-fiber_switch\n"
        /* A new fiber's first instructions: function in rbx, argument in rbp. */
        ".type fiber_first,@function\n"
        "fiber_first:\n"
        "    mov %rbx, %rdi\n    mov %rbp, %rsi\n    xor %ebp, %ebp\n    call fiber_main\n    ud2\n"
        ".size fiber_first,.-fiber_first\n");
extern char fiber_first[] __asm__("fiber_first");

/* Where a fiber's stack ends: [... stack | thread-local storage | fiber_local]. */
static uintptr_t stack_end(int thread)
{
    return (uintptr_t)stacks + (size_t)thread * STACK_PITCH + STACK_PITCH;
}

static uintptr_t tls_start(int thread)
{
    return (stack_end(thread) - LOCAL_BYTES - tls_bytes) & ~(uintptr_t)(tls_align - 1);
}

static bool in_stacks(uintptr_t address)
{
    return address - (uintptr_t)stacks < (uintptr_t)MAX_THREADS * STACK_PITCH;
}

bool native_stack_of(uintptr_t address, int *thread, size_t *from_top)
{
    if (!in_stacks(address)) {
        return false;
    }
    *thread = (int)((address - (uintptr_t)stacks) / STACK_PITCH);
    *from_top = stack_end(*thread) - address;
    return true;
}

bool native_on_stack_of(int thread, uintptr_t address)
{
    return in_stacks(address) && address < stack_end(thread) &&
           address >= stack_end(thread) - STACK_PITCH;
}

bool native_on_fiber(void)
{
    return in_stacks((uintptr_t)__builtin_frame_address(0));
}

void *__wrap___tls_get_addr(const size_t *module_and_offset);
void *__wrap___tls_get_addr(const size_t *module_and_offset)
{
    /* While constructors run there are no threads; they see the first one's. */
    if (program && module_and_offset[0] != tls_module) {
        return thread_foreign_local(module_and_offset[1]);
    }
    return (void *)(tls_start(running < 0 ? 0 : running) + module_and_offset[1]);
}

void *fiber_local(size_t offset, size_t size)
{
    if (offset + size > LOCAL_BYTES) {
        abort();
    }
    if (local_used < offset + size) {
        local_used = (offset + size + 7) & ~(size_t)7;
    }
    return (void *)(stack_end(running < 0 ? 0 : running) - LOCAL_BYTES + offset);
}

static int find_program(struct dl_phdr_info *info, size_t size, void *data)
{
    (void)size;
    (void)data;
    if (info->dlpi_addr != load_base) {
        return 0;
    }
    for (int i = 0; i < info->dlpi_phnum; ++i) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[i];
        if (header->p_type == PT_TLS) {
            tls_image = (const char *)(info->dlpi_addr + header->p_vaddr);
            tls_image_bytes = header->p_filesz;
            tls_bytes = header->p_memsz;
            tls_align = header->p_align > 16 ? header->p_align : 16;
        }
    }
    return 1;
}

void *native_reserve(size_t bytes)
{
    void *memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    /* Small pages: a forked process copies those that it writes to. */
    madvise(memory, bytes, MADV_NOHUGEPAGE);
    return memory;
}

const char *native_load(const char *path)
{
    stacks = native_reserve((size_t)MAX_THREADS * STACK_PITCH);
    twin = (char *)native_reserve((size_t)MAX_THREADS * STACK_PITCH) - stacks;
    for (int t = 0; t < MAX_THREADS; ++t) {
        mprotect(stacks + (size_t)t * STACK_PITCH, STACK_PITCH - STACK_BYTES, PROT_NONE);
    }
    changes = native_reserve(UINT64_C(1) << 34);
    notes = native_reserve(UINT64_C(1) << 34);
    memory_start();
    program = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (!program) {
        return dlerror();
    }
    struct link_map *map;
    if (dlinfo(program, RTLD_DI_LINKMAP, &map) != 0) {
        return dlerror();
    }
    if (dlinfo(program, RTLD_DI_TLS_MODID, &tls_module) != 0) {
        return dlerror();
    }
    load_base = map->l_addr;
    names_open(path, load_base);
    dl_iterate_phdr(find_program, NULL);
    main_function = (uintptr_t)dlsym(program, "main");
    if (!main_function) {
        return "the program has no main";
    }
    if (tls_bytes > STACK_BYTES / 4) {
        return "the program has more thread-local storage than 64 KiB";
    }
    return NULL;
}

uintptr_t native_base(void)
{
    return load_base;
}

uintptr_t native_main(void)
{
    return main_function;
}

void native_create(int thread, uintptr_t function, uint64_t argument)
{
    const uintptr_t tls = tls_start(thread);
    memset((char *)tls, 0, tls_bytes);
    memcpy((char *)tls, tls_image, tls_image_bytes);
    memset((char *)(stack_end(thread) - LOCAL_BYTES), 0, local_used);
    /* After the return to fiber_first the stack must be 16-byte aligned, for the call there. */
    struct fiber_saved *sp = (struct fiber_saved *)((tls & ~(uintptr_t)15) - 16 - sizeof *sp);
    memset(sp, 0, sizeof *sp + 16);
    *sp = (struct fiber_saved){.mxcsr = 0x1f80, /* the control words of a new process */
                               .x87 = 0x37f,
                               .rbx = function,
                               .rbp = argument,
                               .pc = (uintptr_t)fiber_first};
    memcpy((char *)sp + twin, sp, stack_end(thread) - LOCAL_BYTES + local_used - (uintptr_t)sp);
    thread_states[thread] = (struct thread_state){
        .sp = (uintptr_t)sp,
        .heap = memory_heap(thread),
        .status = THREAD_READY,
        .request = {.kind = START},
    };
}

static void log_change(uintptr_t address, uint64_t bits)
{
    changes[change_count++] = (struct change){address, bits};
}

void native_note(uint32_t *where, uint32_t value)
{
    notes[note_count++] = (struct note){where, *where, value};
    *where = value;
}

void fiber_set(uint64_t *where, uint64_t value)
{
    if (running >= 0 && !replaying) {
        log_change((uintptr_t)where, *where ^ value);
    }
    *where = value;
}

/* Bring the twin up to date, and log the difference. */
static void compare_with_twin(uintptr_t from, uintptr_t to)
{
    for (uintptr_t at = from; at < to; at += sizeof(uint64_t)) {
        uint64_t *word = (uint64_t *)(at + (uintptr_t)twin);
        const uint64_t bits = *word ^ *(const uint64_t *)at;
        if (bits) {
            log_change(at, bits);
            memory_reused(at, bits);
            *word ^= bits;
        }
    }
}

/* A plain write that is an event is known once it has been made; one call may make several. */
static void learn_values(struct event *e)
{
    for (struct event *w = e; w && w->late && w->pc == e->pc; w = po_previous(w)) {
        const struct location *location = &locations[w->location];
        if (w != e && w->location == e->location) {
            return;
        }
        w->value = native_read_location(location->address, location->size);
        native_write_location(location->address, location->size, w->value);
    }
}

/* Hand the answer over and let the thread run to its next request. */
static void let_run(struct event *e)
{
    struct thread_state *state = &thread_states[e->thread];
    fiber_answer = e->value;
    if (e->kind == WRITE && e->rmw) {
        fiber_answer = po_previous(e)->value;
    }
    if (state->request.expected_at) {
        if (!e->rmw) {
            if (!native_on_stack_of(e->thread, state->request.expected_at)) {
                fiber_write((void *)state->request.expected_at, state->request.size);
            }
            memcpy((void *)state->request.expected_at, &e->value, state->request.size);
        }
        fiber_answer = e->rmw;
    }
    fiber_switch(state->sp);
    state->sp = fiber_sp;
    state->request = asked;
}

void native_run(struct event *e)
{
    const uintptr_t end = stack_end(e->thread);
    running = e->thread;
    e->segment.change = change_count;
    e->segment.note = note_count;
    memory_segment_start();
    let_run(e);
    learn_values(e);
    memory_segment_end(log_change);
    compare_with_twin(thread_states[e->thread].sp, tls_start(e->thread) + tls_bytes);
    compare_with_twin(end - LOCAL_BYTES, end - LOCAL_BYTES + local_used);
    e->segment.changes = change_count - e->segment.change;
    e->segment.notes = note_count - e->segment.note;
    e->segment.after = thread_states[e->thread];
    e->ran = true;
    running = -1;
}

static bool same_request(const struct request *a, const struct request *b)
{
    return a->kind == b->kind && a->op == b->op && a->wait == b->wait && a->order == b->order &&
           a->size == b->size && a->other == b->other && a->address == b->address &&
           a->operand == b->operand && a->expected == b->expected && a->pc == b->pc;
}

bool native_replay(struct event *e)
{
    const struct thread_state *after = &e->segment.after;
    struct thread_state *state = &thread_states[e->thread];
    /* What lies below the stack is nobody's: let a program that reads it notice. */
    enum { BELOW = 8192 };
    const uintptr_t floor = stack_end(e->thread) - STACK_BYTES;
    const uintptr_t from = state->sp - floor > BELOW ? state->sp - BELOW : floor;
    memset((char *)from, 0x5a, state->sp - from);
    running = e->thread;
    let_run(e);
    running = -1;
    learn_values(e);
    for (uint32_t i = 0; i < e->segment.changes; ++i) {
        native_mirror(changes[e->segment.change + i].address, changes[e->segment.change + i].bits);
    }
    /* A plain write that is an event is asked for from deeper within the runtime. */
    const bool late = state->request.kind == WRITE && state->request.order == PLAIN;
    return (late || state->sp == after->sp) && state->heap == after->heap &&
           same_request(&state->request, &after->request);
}

static void apply(const struct segment *segment)
{
    const struct change *change = &changes[segment->change];
    for (uint32_t i = 0; i < segment->changes; ++i, ++change) {
        uint64_t *word = (uint64_t *)change->address;
        if (in_stacks(change->address)) {
            uint64_t *image = (uint64_t *)(change->address + (uintptr_t)twin);
            *image ^= change->bits;
            *word = *image;
        } else {
            *word ^= change->bits;
        }
    }
}

void native_rewind(struct event *e)
{
    apply(&e->segment);
}

void native_undo(struct event *e)
{
    apply(&e->segment);
    for (uint32_t i = e->segment.notes; i-- > 0;) {
        const struct note *note = &notes[e->segment.note + i];
        *note->where = note->before;
    }
}

void native_redo(struct event *e)
{
    apply(&e->segment);
    for (uint32_t i = 0; i < e->segment.notes; ++i) {
        const struct note *note = &notes[e->segment.note + i];
        *note->where = note->after;
    }
}

void native_restore(int thread, const struct thread_state *state)
{
    const uintptr_t end = stack_end(thread) - LOCAL_BYTES + local_used;
    thread_states[thread] = *state;
    memcpy((char *)state->sp, (char *)(state->sp + (uintptr_t)twin), end - state->sp);
}

bool native_same_state(int thread, const struct event *since)
{
    enum { MOST = 64 };
    uintptr_t address[MOST];
    uint64_t bits[MOST];
    int count = 0;
    const struct thread_state *now = &thread_states[thread];
    const struct event *before = po_previous(since);
    if (!before || before->segment.after.sp != now->sp || before->segment.after.heap != now->heap) {
        return false;
    }
    for (int i = since->index; i < graph->thread[thread].count; ++i) {
        const struct event *e = &events[graph->thread[thread].at[i]];
        for (uint32_t c = 0; c < (e->ran ? e->segment.changes : 0); ++c) {
            const struct change *change = &changes[e->segment.change + c];
            if (in_stacks(change->address) && change->address < now->sp &&
                change->address >= now->sp - STACK_BYTES) {
                continue; /* below the stack pointer: dead */
            }
            int k = 0;
            while (k < count && address[k] != change->address) {
                ++k;
            }
            if (k == count) {
                if (count == MOST) {
                    return false;
                }
                address[count] = change->address;
                bits[count++] = 0;
            }
            bits[k] ^= change->bits;
        }
    }
    for (int k = 0; k < count; ++k) {
        if (bits[k]) {
            return false;
        }
    }
    return true;
}

static uint64_t load(uintptr_t address, int size)
{
    uint64_t value = 0;
    memcpy(&value, (void *)address, (size_t)size);
    return value;
}

uint64_t native_read_location(uintptr_t address, int size)
{
    return load(address, size);
}

void native_write_location(uintptr_t address, int size, uint64_t value)
{
    memcpy((void *)address, &value, (size_t)size);
    if (in_stacks(address)) {
        memcpy((void *)(address + (uintptr_t)twin), &value, (size_t)size);
    }
}

void native_mirror(uintptr_t address, uint64_t bits)
{
    if (in_stacks(address)) {
        *(uint64_t *)(address + (uintptr_t)twin) ^= bits;
    }
}

struct native_mark native_marked(void)
{
    return (struct native_mark){change_count, note_count};
}

void native_release(struct native_mark mark)
{
    change_count = mark.change;
    note_count = mark.note;
}

uint64_t fiber_ask(struct request request)
{
    asked = request;
    return fiber_trap();
}

uint64_t fiber_choose(unsigned count)
{
    return fiber_ask((struct request){.kind = CHOICE, .operand = count});
}

/* Where every fiber begins and ends. */
__attribute__((used)) void fiber_main(uintptr_t function, uint64_t argument);
void fiber_main(uintptr_t function, uint64_t argument)
{
    uint64_t value = 0;
    if (function == main_function) {
        static char name[] = "program";
        char *arguments[] = {name, NULL};
        int (*call)(int, char **, char **);
        memcpy(&call, &function, sizeof call);
        const int status = call(1, arguments, &arguments[1]);
        if (status != 0) {
            fail(FOUND_EXIT, 0, 0, "main returned %d", status);
        }
    } else {
        uint64_t (*call)(uint64_t);
        memcpy(&call, &function, sizeof call);
        value = call(argument);
    }
    threads_at_exit(value);
    fiber_ask((struct request){.kind = END});
    for (;;) {
        fiber_ask((struct request){.kind = REQUEST_BLOCK});
    }
}
