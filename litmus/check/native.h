/* native.h - the program under test as it runs: its threads as fibers, and its memory.
 *
 * Each thread of the program is a fiber on a stack of its own. Whatever the explorer must decide
 * (an atomic access, a fence, a thread's birth and death) is a *request*: the fiber hands it over
 * and sleeps; the explorer makes it an event and resumes the fiber with the answer. What the program
 * does between two events is the *segment* of the first of them. A segment is never executed twice
 * for the same history: what it changed is written down, as the exclusive-or of old and new words,
 * so it can be undone, and done again, in any order in which the events themselves could be removed
 * and brought back. Locations with atomic accesses are apart: their memory is set from the graph.
 */
#ifndef CORDON_CHECK_NATIVE_H
#define CORDON_CHECK_NATIVE_H

#include "view.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event;

/* What a thread asks for. The kinds are those of events, and these, which become none. */
enum { REQUEST_WAIT_LOOP = 0x80, REQUEST_BLOCK, REQUEST_FAILED };

struct request {
    uint8_t kind, op, wait, order, failure, size;
    uint8_t other; /* JOIN: the thread */
    bool weak;
    bool timed; /* a wait that has a deadline: in another execution it gives up */
    uintptr_t address;
    uint64_t operand, expected; /* CREATE: function and argument; CHOICE: operand is the count */
    uintptr_t expected_at;      /* not 0: answer with success, and put the value there on failure */
    uintptr_t pc;               /* return address into the program */
};

enum thread_status {
    THREAD_NONE,
    THREAD_READY,   /* its request can be served, or waits for something in the graph */
    THREAD_BLOCKED, /* for good, in this execution: its waiting loop went round without effect */
    THREAD_CUT,     /* for good, in this execution: --unroll allows it no further round */
    THREAD_DONE
};

struct thread_state {
    uintptr_t sp;   /* where its registers are saved, while it does not run */
    uintptr_t heap; /* where its next allocation comes from */
    uint8_t status;
    struct request request;
};

/* What the program did after an event, up to its next request. */
struct segment {
    uint32_t change, changes; /* first and count, in the log of changed words */
    uint32_t note, notes;     /* in the log of changed notes */
    struct thread_state after;
};

struct native_mark {
    uint32_t change, note;
};

/* native_reserve - address space; its pages are made when they are touched. */
void *native_reserve(size_t bytes);

/* native_load - load the compiled program, a shared object. Returns NULL or what is wrong. */
const char *native_load(const char *path);

/* native_create - make this slot a thread that will call function(argument). */
void native_create(int thread, uintptr_t function, uint64_t argument);

/* native_base - where the program is loaded; reports name its places relative to it. */
uintptr_t native_base(void);

/* native_main - the address of the program's main. */
uintptr_t native_main(void);

/* native_run - resume e's thread with the answer to its request, which became this event, and let it
 * run to its next request. Fills e->segment.
 */
void native_run(struct event *e);

/* native_undo, native_redo - take the event's effects on memory back, or repeat them. Undo in the
 * reverse order of execution and redo in that order.
 */
void native_undo(struct event *e);
void native_redo(struct event *e);

/* native_restore - let the thread be as it was after this event (or just created: native_create). */
void native_restore(int thread, const struct thread_state *state);

/* native_locate - watch these bytes for plain accesses, as an atomic location. */
void native_locate(uintptr_t address, int size);

/* Memory of an atomic location. */
void native_write_location(uintptr_t address, int size, uint64_t value);
uint64_t native_read_location(uintptr_t address, int size);

/* native_note - *where := value, in a way that is undone with the present segment. */
void native_note(uint32_t *where, uint32_t value);

/* native_same_state - would the thread's request find it in the very state of its earlier request
 * that became event `since`, nothing outside changed by it?
 */
bool native_same_state(int thread, const struct event *since);

/* native_mirror - bits of this word were flipped in memory: keep a stack's twin in step. */
void native_mirror(uintptr_t word, uint64_t bits);

/* native_on_stack_of - is the address in this thread's stack or thread-local storage? */
bool native_on_stack_of(int thread, uintptr_t address);

/* native_on_fiber - is the caller's own stack a fiber's? */
bool native_on_fiber(void);

/* native_replay - as native_run for an event that has run: the program must do what it did. Its
 * plain accesses are handed to replay_access. Returns false if it does something else.
 */
bool native_replay(struct event *e);

/* native_rewind - memory and stacks as they were before the event's segment; logs stay. */
void native_rewind(struct event *e);

enum { STACK_BYTES = 256 * 1024 }; /* of a fiber */

/* Where a fiber that is given up continues, on the stack `explorer_sp`. */
extern char fiber_leave[];
extern uintptr_t explorer_sp, fiber_sp;
extern uint64_t fiber_answer;

/* What fiber_trap leaves where a waiting fiber's stack ends. */
struct fiber_saved {
    uint32_t mxcsr;
    uint16_t x87, unused;
    uint64_t r15, r14, r13, r12, rbx, rbp;
    uint64_t pc;
};

/* fiber_trap - on a fiber: `asked` is what it wants; returns the answer. */
extern struct request asked;
uint64_t fiber_trap(void);

struct native_mark native_marked(void);
void native_release(struct native_mark mark); /* forget logs after the mark */

extern struct thread_state thread_states[MAX_THREADS];
extern int running;    /* the thread whose segment is being executed, or -1 */
extern bool replaying; /* a known execution is repeated, for a report: check nothing, log nothing */

/* For the runtime's own functions that run on a fiber in the program's place (threads.c, libc.c). */

/* fiber_ask - hand over a request; returns the answer. pc 0 stands for the caller of the runtime. */
uint64_t fiber_ask(struct request request);

/* fiber_choose - 0 ... count - 1, each in some execution; 0 first. */
uint64_t fiber_choose(unsigned count);

/* Plain accesses that the runtime makes for the program: checked for races and undone like those
 * of instrumented code. Call fiber_write before writing.
 */
void fiber_read(const volatile void *address, size_t size);
void fiber_write(volatile void *address, size_t size);

/* fiber_set - *where := value, a word of the runtime's own that goes back in time with the segment. */
void fiber_set(uint64_t *where, uint64_t value);

/* fiber_local - the running thread's instance of this block of zeroed memory of the runtime's, such
 * as errno; every thread's is at a distance of its own, and is undone like its stack.
 */
void *fiber_local(size_t offset, size_t size);

/* The heap. Addresses are a function of the thread and of what it allocated before, and are never
 * used twice in an execution.
 */
void *fiber_allocate(size_t size, size_t alignment, bool zeroed);
void fiber_free(void *block);
size_t fiber_block_size(const void *block);

/* For reports. native_stack_of - is this in the stack of one of the program's threads, and how far
 * below its top (its highest address)? native_block_of - the block that this is in, or was before it
 * was freed; pc: the call that allocated it.
 */
bool native_stack_of(uintptr_t address, int *thread, size_t *from_top);
bool native_block_of(uintptr_t address, uintptr_t *base, size_t *size, uintptr_t *pc);

/* program_entry - the program's own call into the runtime that is being served: its return address. */
extern uintptr_t program_entry;

#endif
