/* message.c - one thread writes a message and sets a flag; is the message there for who sees the flag? */
#include <cordon/litmus.h>

#include <stdatomic.h>

#ifndef PUBLISH
#define PUBLISH memory_order_release
#endif
#ifndef LOOK
#define LOOK memory_order_acquire
#endif

struct cordon_litmus_state {
    int message; /* plain */
    atomic_int flag;
    int seen;
};

static void sends(struct cordon_litmus_state *s)
{
    s->message = 42;
    atomic_store_explicit(&s->flag, 1, PUBLISH);
}

static void receives(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->flag, LOOK) == 1) {
        CORDON_EXPECT(s->message == 42);
        s->seen = 1;
    }
}

CORDON_LITMUS(.threads = {sends, receives}, .outcomes = {CORDON_OUTCOME(seen)})
