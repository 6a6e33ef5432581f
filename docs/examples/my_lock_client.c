/* my_lock_client.c - is my_lock.h a lock? One is inside at a time, and sees what others did there. */
#include "my_lock.h"

#include <cordon/litmus.h>

struct cordon_litmus_state {
    struct my_lock lock;
    int inside, entered; /* plain: a lock that does not order lets them race */
};

static void enters(struct cordon_litmus_state *s)
{
    my_lock_lock(&s->lock);
    CORDON_EXPECT(s->inside == 0);
    s->inside = 1;
    ++s->entered;
    s->inside = 0;
    my_lock_unlock(&s->lock);
}

static void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->entered == 2);
}

CORDON_LITMUS(.threads = {enters, enters}, .check = check, .outcomes = {CORDON_OUTCOME(entered)})
