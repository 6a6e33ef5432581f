/* trace.h - what one thread may do, given what its loads see. */
#ifndef CORDON_LITMUS_GEN_TRACE_H
#define CORDON_LITMUS_GEN_TRACE_H

#include "execution.h"

#define TRACE_MOST_EVENTS 12u
#define TRACE_MOST_VALUES 16u /* of one location, in all executions together */
#define TRACE_MOST        256u
#define TRACE_MOST_RUNS   100000ul

struct trace {
    unsigned count;
    struct execution_event event[TRACE_MOST_EVENTS];
    int64_t reg[LITMUS_MOST_REGISTERS];
};

/* What each location may hold. */
struct trace_values {
    unsigned count[LITMUS_MOST_LOCATIONS];
    int64_t value[LITMUS_MOST_LOCATIONS][TRACE_MOST_VALUES];
};

/* trace_values_add - false if there is no room. */
bool trace_values_add(struct trace_values *values, unsigned location, int64_t value);

/* trace_each - all of a thread's ways, its loads seeing any of the values, each handed to `take` with
 * the context. False if the thread does what is not judged, does too much, or `take` said so.
 * `all`: branches are taken both, whatever their condition, to see what is ever stored.
 */
bool trace_each(const struct litmus_test *test, unsigned thread, const struct trace_values *values,
                bool all, bool (*take)(void *context, const struct trace *trace), void *context);

#endif
