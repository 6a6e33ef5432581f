/* label.c - one event in a few words, as its author would say it. */
#define _GNU_SOURCE
#include "label.h"

#include "names.h"
#include "stack.h"

#include <inttypes.h>
#include <string.h>

enum { NAME = 160, VALUE = 64 };

static const char *const operations[] = {
    [OP_NONE] = "load",     [OP_CAS] = "cas",       [OP_EXCHANGE] = "exchange",
    [OP_ADD] = "fetch_add", [OP_SUB] = "fetch_sub", [OP_AND] = "fetch_and",
    [OP_OR] = "fetch_or",   [OP_XOR] = "fetch_xor", [OP_NAND] = "fetch_nand",
};

const char *label_order(int order)
{
    static const char *const names[] = {"relaxed", "consume", "acquire", "release", "acq_rel",
                                        "seq_cst", "plain",   "light",   "heavy",   "heavy end"};
    return order >= 0 && order <= HEAVY_END ? names[order] : "?";
}

const char *label_name(int kind, int op)
{
    if (kind == FENCE) {
        return "fence";
    }
    return kind == WRITE ? "store" : operations[op];
}

void label_operation(int kind, int op, int order, struct text *text)
{
    if (order == PLAIN) {
        text_add(text, "plain %s", kind == WRITE ? "write" : "read");
    } else {
        text_add(text, "%s %s", label_name(kind, op), label_order(order));
    }
}

/* Without debug information: where in the file of the program, for who disassembles it. */
static void add_place(uintptr_t pc, bool whole, struct text *text)
{
    const struct source_line line = names_line(pc);
    if (pc == 0) {
        return;
    }
    if (line.file == NULL) {
        text_add(text, "+0x%" PRIxPTR, pc - names_base());
        return;
    }
    const char *slash = whole ? NULL : strrchr(line.file, '/');
    text_add(text, "%s:%d", slash != NULL ? slash + 1 : line.file, line.line);
}

void label_line(uintptr_t pc, struct text *text)
{
    add_place(pc, true, text);
}

void label_place(uintptr_t pc, struct text *text)
{
    add_place(pc, false, text);
}

static const struct stack *stack_of(const struct event *e)
{
    /* Both parts of a read-modify-write are one request. */
    return stack_of_event(e->thread, e->index - label_is_hidden(e));
}

/* What the runtime asks for by itself has no pc: then that of the call that it serves. */
static uintptr_t pc_of(const struct event *e)
{
    const struct stack *stack = e->pc == 0 ? stack_of(e) : NULL;
    return stack != NULL ? stack->pc[0] : e->pc;
}

void label_event_place(const struct event *e, struct text *text)
{
    label_place(stack_place(stack_of(e), pc_of(e)), text);
}

bool label_is_known(uintptr_t address)
{
    char name[NAME];
    names_brief(address, 1, name, sizeof name);
    return strncmp(name, "0x", 2) != 0;
}

void label_variable(const struct event *e, struct text *text)
{
    char name[NAME];
    const struct location *location = &locations[e->location];
    text_add(text, "%s", names_brief(location->address, location->size, name, sizeof name));
}

static void add_value(const struct event *e, uint64_t value, struct text *text)
{
    char name[VALUE];
    const struct location *location = &locations[e->location];
    text_add(text, "%s", names_value(location->address, location->size, value, name, sizeof name));
}

const struct event *label_written(const struct event *e)
{
    const struct names *thread = &graph->thread[e->thread];
    if (e->kind != READ || !e->rmw || e->index + 1 >= thread->count) {
        return NULL;
    }
    const struct event *next = &events[thread->at[e->index + 1]];
    return next->kind == WRITE && next->rmw ? next : NULL;
}

bool label_is_hidden(const struct event *e)
{
    const struct event *previous = po_previous(e);
    return e->kind == WRITE && e->rmw && previous != NULL && label_written(previous) == e;
}

/* A function that the runtime stands in for, such as pthread_mutex_lock; or NULL. */
static const char *library_call(const struct event *e)
{
    const uintptr_t pc = pc_of(e);
    const char *called = pc != 0 ? names_called(pc) : NULL;
    return called != NULL && strncmp(called, "__tsan_", 7) != 0 ? called : NULL;
}

static void add_access(const struct event *e, struct text *text)
{
    const struct event *written = label_written(e);
    label_operation(e->kind, e->op, e->order, text);
    text_add(text, " ");
    label_variable(e, text);
    if (written != NULL) {
        text_add(text, " ");
        add_value(e, e->value, text);
        text_add(text, " -> ");
        add_value(e, written->value, text);
        return;
    }
    text_add(text, " = ");
    add_value(e, e->value, text);
    if (e->kind == READ && e->op == OP_CAS) {
        if (e->spurious) {
            text_add(text, ", fails spuriously");
        } else if (!e->rmw) {
            text_add(text, ", not ");
            add_value(e, e->expected, text);
        }
    }
}

void label_event(const struct event *e, struct text *text)
{
    const char *call = library_call(e);
    const char *function;
    switch (e->kind) {
    case READ:
    case WRITE:
        if (call == NULL) {
            add_access(e, text);
        } else if (label_is_known(locations[e->location].address)) {
            text_add(text, "%s ", call);
            label_variable(e, text);
        } else {
            text_add(text, "%s", call);
        }
        break;
    case FENCE:
        label_operation(FENCE, OP_NONE, e->order, text);
        break;
    case START:
        function = label_thread(e->thread);
        text_add(text, "begin%s%s", function != NULL ? " " : "", function != NULL ? function : "");
        break;
    case END:
        text_add(text, "end");
        break;
    case CREATE:
        function = label_thread(e->other);
        text_add(text, "create T%d%s%s", e->other, function != NULL ? " " : "",
                 function != NULL ? function : "");
        break;
    case JOIN:
        text_add(text, "join T%d", e->other);
        break;
    default:
        text_add(text, "%s%schoice %llu", call != NULL ? call : "", call != NULL ? ": " : "",
                 (unsigned long long)e->value);
        break;
    }
}

const char *label_deed(const struct event *e)
{
    const char *call = library_call(e);
    if (call != NULL) {
        return call;
    }
    if (e->order == PLAIN) {
        return e->kind == WRITE ? "plain write" : "plain read";
    }
    return e->rmw && e->kind == WRITE ? operations[po_previous(e)->op] : label_name(e->kind, e->op);
}

bool label_waits(const struct event *e)
{
    return e->kind == READ && e->wait != WAIT_NOT && last_of(e->thread) == e &&
           thread_states[e->thread].status == THREAD_BLOCKED;
}

const char *label_thread(int thread)
{
    const int32_t creator = graph->creator[thread];
    if (creator == INITIAL) {
        return "main";
    }
    const char *name = creator >= 0 ? names_function((uintptr_t)events[creator].operand) : NULL;
    if (name == NULL) { /* std::thread runs one of its own first */
        name = stack_outermost(stack_of_event(thread, 1));
    }
    return name != NULL && strcmp(name, "operator()") != 0 ? name : NULL;
}
