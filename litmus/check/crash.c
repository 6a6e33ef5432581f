/* crash.c - when the program's own code faults, or runs on without ever asking for anything. */
#define _GNU_SOURCE
#include "crash.h"

#include "check.h"
#include "memory.h"
#include "names_program.h"
#include "native.h"
#include "sites.h"

#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <ucontext.h>

enum {
    PATIENCE = 3 /* seconds of processor time that a segment may take */
};

static uint32_t last_segment;
static int ticks;

/* Give the processor back to the explorer, as if the fiber had made a last request there: with its
 * registers on its stack, from where reports follow the calls.
 */
static void leave(ucontext_t *context)
{
    enum { RED_ZONE = 128, ROOM = 64 };
    static const int saved[] = {REG_R15, REG_R14, REG_R13, REG_R12, REG_RBX, REG_RBP, REG_RIP};
    enum { SAVED = sizeof saved / sizeof *saved };
    const greg_t *now = context->uc_mcontext.gregs;
    int thread = 0;
    size_t from_top = 0;
    native_stack_of((uintptr_t)now[REG_RSP], &thread, &from_top);
    uintptr_t sp = (uintptr_t)now[REG_RSP] - RED_ZONE;
    const bool full = from_top + RED_ZONE + ROOM > STACK_BYTES;
    if (full) { /* nothing leads on from a stack without room for it */
        sp = (uintptr_t)now[REG_RSP] + from_top - STACK_BYTES + ROOM;
    }
    uint64_t *at = (uint64_t *)(sp & ~(uintptr_t)7) - SAVED;
    for (int i = 0; i < SAVED; ++i) {
        at[i] = full ? 0 : (uint64_t)now[saved[i]];
    }
    fiber_sp = (uintptr_t)at;
    asked = (struct request){.kind = REQUEST_FAILED};
    context->uc_mcontext.gregs[REG_RSP] = (greg_t)explorer_sp;
    context->uc_mcontext.gregs[REG_RIP] = (greg_t)(uintptr_t)fiber_leave;
}

/* Where the program was, as a return address. The runtime looks at memory before the program does, and
 * faults in its place: then it is the first address of the program on the stack.
 */
static uintptr_t faulting_place(const ucontext_t *context)
{
    const struct names_program *program = names_program();
    const uintptr_t pc = (uintptr_t)context->uc_mcontext.gregs[REG_RIP] + 1;
    const uint64_t *stack = (const uint64_t *)context->uc_mcontext.gregs[REG_RSP];
    int thread;
    size_t from_top;
    if (program == NULL || (pc > program->from && pc <= program->to) ||
        !native_stack_of((uintptr_t)stack, &thread, &from_top)) {
        return pc;
    }
    for (; from_top > STACK_BYTES; from_top -= sizeof *stack) {
        ++stack; /* past what is beyond the end of a full stack */
    }
    for (size_t i = 0; i < from_top / sizeof *stack; ++i) {
        if (stack[i] > program->from && stack[i] <= program->to) {
            return stack[i];
        }
    }
    return pc;
}

static bool on_fiber(const ucontext_t *context)
{
    int thread;
    size_t from_top;
    return running >= 0 &&
           native_stack_of((uintptr_t)context->uc_mcontext.gregs[REG_RSP], &thread, &from_top);
}

static void fault(int signal, siginfo_t *info, void *opaque)
{
    ucontext_t *context = opaque;
    if (on_fiber(context)) {
        const uintptr_t sp = (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
        const uintptr_t at = (uintptr_t)info->si_addr;
        const uintptr_t pc = faulting_place(context);
        if (signal == SIGFPE || signal == SIGILL) {
            fail(FOUND_ABORT, pc, 0,
                 signal == SIGFPE ? "a division by zero" : "a trap instruction");
        } else if (at - sp + 4096 < 8192) {
            fail(FOUND_BOUND, pc, 0, "a thread's stack of %d KiB is full", STACK_BYTES / 1024);
        } else {
            fail(FOUND_WILD_POINTER, pc, 0, "access to address %#lx, where nothing is", (long)at);
        }
        leave(context);
        return;
    }
    if (sites_serving >= 0 && (signal == SIGSEGV || signal == SIGBUS)) {
        const struct request *request = &thread_states[sites_serving].request;
        fail(FOUND_WILD_POINTER, request->pc, 0,
             "an atomic access to address %#lx, where nothing is", (long)request->address);
        siglongjmp(explore_abandon, 1);
    }
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(signal, &action, NULL);
}

static void tick(int signal, siginfo_t *info, void *opaque)
{
    (void)signal;
    (void)info;
    const uint32_t segment = memory_segments();
    ticks = running >= 0 && segment == last_segment ? ticks + 1 : 0;
    last_segment = segment;
    if (ticks >= PATIENCE && on_fiber(opaque)) {
        fail(FOUND_BOUND, faulting_place(opaque), 0,
             "T%d has run for %d seconds without an atomic access: an endless loop", running,
             PATIENCE);
        leave(opaque);
    }
}

void catch_crashes(void)
{
    static char stack[64 * 1024];
    const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
    sigaltstack(&alternative, NULL);
    const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL};
    struct sigaction action = {.sa_sigaction = fault, .sa_flags = SA_SIGINFO | SA_ONSTACK};
    for (size_t i = 0; i < sizeof signals / sizeof *signals; ++i) {
        sigaction(signals[i], &action, NULL);
    }
    action.sa_sigaction = tick;
    action.sa_flags |= SA_RESTART;
    sigaction(SIGVTALRM, &action, NULL);
    const struct itimerval second = {{1, 0}, {1, 0}};
    setitimer(ITIMER_VIRTUAL, &second, NULL);
}
