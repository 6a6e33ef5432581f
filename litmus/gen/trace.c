/* trace.c - a thread, interpreted: each load takes the next of its choices, and all are tried. */
#include "trace.h"

#include <string.h>

struct interpreter {
    const struct litmus_test *test;
    const struct trace_values *values;
    struct trace *trace;
    int thread;
    unsigned choice[TRACE_MOST_EVENTS], choices[TRACE_MOST_EVENTS], used;
    bool all, failed;
};

bool trace_values_add(struct trace_values *values, unsigned location, int64_t value)
{
    for (unsigned i = 0; i < values->count[location]; ++i) {
        if (values->value[location][i] == value) {
            return true;
        }
    }
    if (values->count[location] == TRACE_MOST_VALUES) {
        return false;
    }
    values->value[location][values->count[location]++] = value;
    return true;
}

static struct execution_event *new_event(struct interpreter *in, unsigned location,
                                         enum litmus_order order)
{
    static struct execution_event spare;
    if (in->trace->count == TRACE_MOST_EVENTS || order == LITMUS_PLAIN || order == LITMUS_CONSUME) {
        in->failed = true;
        return &spare;
    }
    struct execution_event *e = &in->trace->event[in->trace->count++];
    memset(e, 0, sizeof *e);
    e->thread = in->thread;
    e->location = location;
    e->order = order;
    return e;
}

static int64_t see(struct interpreter *in, unsigned location)
{
    if (in->used == TRACE_MOST_EVENTS) {
        in->failed = true;
        return 0;
    }
    in->choices[in->used] = in->values->count[location];
    return in->values->value[location][in->choice[in->used++]];
}

/* Of ints. Arithmetic wraps, as -fwrapv makes it in what runs. */
static int32_t compute(enum litmus_operator operator, int64_t wide_left, int64_t wide_right)
{
    const int32_t left = (int32_t)wide_left, right = (int32_t)wide_right;
    const uint32_t a = (uint32_t)left, b = (uint32_t)right;
    switch (operator) {
    case LITMUS_OR_ELSE:
        return left || right;
    case LITMUS_AND_THEN:
        return left && right;
    case LITMUS_OR:
        return (int32_t)(a | b);
    case LITMUS_XOR:
        return (int32_t)(a ^ b);
    case LITMUS_AND:
        return (int32_t)(a & b);
    case LITMUS_EQUAL:
        return left == right;
    case LITMUS_UNEQUAL:
        return left != right;
    case LITMUS_LESS:
        return left < right;
    case LITMUS_LESS_EQUAL:
        return left <= right;
    case LITMUS_GREATER:
        return left > right;
    case LITMUS_GREATER_EQUAL:
        return left >= right;
    case LITMUS_SHIFT_LEFT:
        return (int32_t)(a << (b & 31));
    case LITMUS_SHIFT_RIGHT:
        return left >> (b & 31);
    case LITMUS_ADD:
        return (int32_t)(a + b);
    case LITMUS_SUBTRACT:
        return (int32_t)(a - b);
    case LITMUS_MULTIPLY:
        return (int32_t)(a * b);
    case LITMUS_DIVIDE:
        return right > 0 ? left / right : 0;
    case LITMUS_REMAINDER:
        return right > 0 ? left % right : 0;
    case LITMUS_NEGATE:
        return (int32_t)(0u - a);
    case LITMUS_NOT:
        return !left;
    case LITMUS_COMPLEMENT:
        return (int32_t)~a;
    case LITMUS_EXCHANGE:
        return right;
    }
    return 0;
}

static int64_t evaluate(struct interpreter *in, const struct litmus_expression *e)
{
    switch (e->kind) {
    case LITMUS_CONSTANT:
        return e->value;
    case LITMUS_REGISTER:
        return in->trace->reg[e->reg];
    case LITMUS_UNARY:
        return compute(e->operator, evaluate(in, e->left), 0);
    case LITMUS_BINARY: {
        const int64_t left = evaluate(in, e->left);
        if ((e->operator== LITMUS_AND_THEN && left == 0) ||
            (e->operator== LITMUS_OR_ELSE && left != 0)) {
            return left != 0;
        }
        return compute(e->operator, left, evaluate(in, e->right));
    }
    case LITMUS_LOAD: {
        struct execution_event *event = new_event(in, e->location, e->order);
        event->reads = true;
        return event->read = see(in, e->location);
    }
    case LITMUS_RMW: {
        const int64_t operand = evaluate(in, e->left);
        struct execution_event *event = new_event(in, e->location, e->order);
        event->reads = event->writes = true;
        event->read = see(in, e->location);
        event->written = compute(e->operator, event->read, operand);
        return event->read;
    }
    case LITMUS_CAST: /* to int, from int */
        return evaluate(in, e->left);
    case LITMUS_CHOICE:
        return evaluate(in, evaluate(in, e->condition) != 0 ? e->left : e->right);
    case LITMUS_CAS:
    case LITMUS_POINTER:
        break;
    }
    in->failed = true;
    return 0;
}

static void execute(struct interpreter *in, const struct litmus_statement *s)
{
    for (; s != NULL && !in->failed; s = s->next) {
        switch (s->kind) {
        case LITMUS_ASSIGN:
            in->trace->reg[s->reg] = evaluate(in, s->expression);
            break;
        case LITMUS_EVALUATE:
            (void)evaluate(in, s->expression);
            break;
        case LITMUS_STORE: {
            const int64_t value = evaluate(in, s->expression);
            struct execution_event *event = new_event(in, s->location, s->order);
            event->writes = true;
            event->written = value;
            break;
        }
        case LITMUS_FENCE:
            new_event(in, 0, s->order)->fence = true;
            break;
        case LITMUS_SIGNAL_FENCE:
            break;
        case LITMUS_WHILE:
        case LITMUS_DO:
        case LITMUS_BREAK:
        case LITMUS_CONTINUE:
            in->failed = true;
            break;
        case LITMUS_IF:
            if (evaluate(in, s->expression) != 0) {
                execute(in, s->body);
                execute(in, in->all ? s->otherwise : NULL);
            } else {
                execute(in, in->all ? s->body : NULL);
                execute(in, s->otherwise);
            }
            break;
        }
    }
}

/* The next combination of choices: the last load that has another one takes it. */
static bool advance(struct interpreter *in)
{
    for (unsigned i = in->used; i-- > 0;) {
        if (++in->choice[i] < in->choices[i]) {
            memset(in->choice + i + 1, 0, (TRACE_MOST_EVENTS - i - 1) * sizeof *in->choice);
            return true;
        }
    }
    return false;
}

bool trace_each(const struct litmus_test *test, unsigned thread, const struct trace_values *values,
                bool all, bool (*take)(void *context, const struct trace *trace), void *context)
{
    struct trace trace;
    struct interpreter in = {
        .test = test, .values = values, .trace = &trace, .thread = (int)thread, .all = all};
    unsigned long runs = 0;
    do {
        memset(&trace, 0, sizeof trace);
        for (unsigned i = 0; i < test->thread[thread].register_count; ++i) {
            trace.reg[i] = test->thread[thread].reg[i].initial;
        }
        in.used = 0;
        execute(&in, test->thread[thread].body);
        if (in.failed || ++runs > TRACE_MOST_RUNS || !take(context, &trace)) {
            return false;
        }
    } while (advance(&in));
    return true;
}
