/* lock.h - the client of a lock: nobody is inside with another, what was written inside is seen inside,
 * and whoever wants to enter does.
 *
 * The including file defines LOCK_STATE (members of the state), LOCK(s), UNLOCK(s), and if the lock
 * has them TRY(s) and UNTIL(s, deadline). All may use what OWN(s, self) declares in each thread, where
 * `self` is the thread's number. INIT(s) sets the lock up if zero bytes do not.
 */
#include <cordon/litmus.h>

struct cordon_litmus_state {
    LOCK_STATE
    int inside, entered; /* plain: a thread that is not kept out, or not ordered, is a data race */
    int missed, late;
};

static inline void enter(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->inside == 0);
    s->inside = 1;
    ++s->entered;
    s->inside = 0;
}

static inline void locks(struct cordon_litmus_state *s, int self)
{
    (void)self;
    OWN(s, self)
    LOCK(s);
    enter(s);
    UNLOCK(s);
}

/* A second time, with the same node, handle or self. */
static inline void returns(struct cordon_litmus_state *s, int self)
{
    (void)self;
    OWN(s, self)
    for (int i = 0; i < 2; ++i) {
        LOCK(s);
        enter(s);
        UNLOCK(s);
    }
}

#ifdef TRY
static inline void tries(struct cordon_litmus_state *s, int self)
{
    (void)self;
    OWN(s, self)
    if (TRY(s)) {
        enter(s);
        UNLOCK(s);
    } else {
        s->missed = 1;
    }
}
#endif

#ifdef UNTIL
static inline void gives_up(struct cordon_litmus_state *s, int self)
{
    (void)self;
    OWN(s, self)
    if (UNTIL(s, cordon_deadline_after(1000))) {
        enter(s);
        UNLOCK(s);
    } else {
        s->late = 1;
    }
}
#endif

#ifndef INIT
#define INIT(s) (void)(s)
#endif
static void init(struct cordon_litmus_state *s)
{
    INIT(s);
}

/* Who takes part: CASE. PARTIES: how often somebody enters, or does not. */
#if CASE == 1
#define PARTIES 3
#define PARTS   locks, locks, locks
#elif CASE == 2
#define PARTIES 3
#define PARTS   returns, locks
#elif CASE == 3
#define PARTIES 3
#define PARTS   locks, locks, tries
#elif CASE == 4
#define PARTIES 3
#define PARTS   locks, locks, gives_up
#else
#define PARTIES 4
#define PARTS   returns, locks, locks
#endif

static void (*const parts[])(struct cordon_litmus_state *, int) = {PARTS};
#define THREAD(number)                                         \
    static void thread_##number(struct cordon_litmus_state *s) \
    {                                                          \
        if (number < sizeof parts / sizeof *parts) {           \
            parts[number](s, number);                          \
        }                                                      \
    }
THREAD(0)
THREAD(1)
THREAD(2)

static void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->entered + s->missed + s->late == PARTIES);
}

CORDON_LITMUS(.init = init, .threads = {thread_0, thread_1, thread_2}, .check = check,
              .outcomes = {CORDON_OUTCOME(entered), CORDON_OUTCOME(missed), CORDON_OUTCOME(late)})
