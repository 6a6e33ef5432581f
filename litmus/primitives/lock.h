/* lock.h - the client of a lock. Nobody is inside with another; who enters sees what those before
 * wrote, inside and before they locked; whoever wants to enter does; a try fails only for a reason;
 * and what the lock has given back is its user's again.
 *
 * The including file defines
 *
 *     LOCK_STATE            members of the state: the lock, and what its users bring
 *     OWN(s, self)          declares and prepares what thread `self` brings: a node, a handle
 *     LOCK(s), UNLOCK(s)
 *
 * and where there is more to say
 *
 *     INIT(s)               sets the lock up, if zero bytes do not
 *     TRY(s)                true: inside. It fails only if somebody is, or was meanwhile
 *     UNTIL(s, deadline)    the same, at a time
 *     BORROW(s, self)       as OWN, but as `self` has left it, to go on from there
 *     DISOWN(s, self)       what OWN declared is memory as any other: write to it
 *     ARRIVED(s)            thread 1 waits, as the lock's own words say, for who locked in init
 *
 * OWN and DISOWN write plainly, so that whatever looks too early or too late is a data race.
 *
 * -DPARTS names what the threads do, of the functions in lock_parts.h. With -DFREED=N the lock is
 * overwritten by who comes as the N-th and last. With -DHELD thread 0 has it from the start; its
 * part is `holds`.
 */
#include <cordon/litmus.h>
#include <cordon/wait.h>

#include <string.h>

enum { LOCK_THREADS = 4, LOCK_VISITS = 2 };

struct cordon_litmus_state {
    LOCK_STATE
    volatile int inside; /* volatile: both writes are made, however short it is */
    int entered;         /* plain, as all that follows: a data race, if it is not ordered */
    int order[LOCK_THREADS * LOCK_VISITS];   /* the visits, as they entered */
    int brought[LOCK_THREADS * LOCK_VISITS]; /* for each: written before the lock is taken */
    int came[LOCK_THREADS];                  /* by each thread: visits, */
    int failed[LOCK_THREADS];                /* and how many ended outside */
    int missed;                              /* in all */
    CORDON_ATOMIC(int) passed;               /* what thread 0 brought is another's */
    CORDON_ATOMIC(int) gone;                 /* thread 1 has been inside */
};

#ifndef BORROW
#define BORROW(s, self)
#endif
#ifndef DISOWN
#define DISOWN(s, self)
#endif
#ifndef INIT
#define INIT(s) (void)(s)
#endif

/* Before the lock: a new visit. */
static inline int arrive(struct cordon_litmus_state *s, int self)
{
    const int visit = self * LOCK_VISITS + s->came[self]++;
    s->brought[visit] = 1;
    return visit;
}

/* Inside. */
static inline int enter(struct cordon_litmus_state *s, int visit)
{
    CORDON_EXPECT(s->inside == 0);
    s->inside = 1;
    for (int i = 0; i < s->entered; ++i) {
        CORDON_EXPECT(s->brought[s->order[i]] == 1);
    }
    s->order[s->entered++] = visit;
    s->inside = 0;
    return s->entered;
}

/* After the lock: so many had been inside. */
static inline void leave(struct cordon_litmus_state *s, int entered)
{
    (void)s;
    (void)entered;
#ifdef FREED
    if (entered == FREED) {
        memset(&s->lock, 0xff, sizeof s->lock);
    }
#endif
}

/* Enter by `way`, which is true if that worked. */
#define VISIT(s, self, way)                        \
    do {                                           \
        const int visit_ = arrive(s, self);        \
        if (way) {                                 \
            const int entered_ = enter(s, visit_); \
            UNLOCK(s);                             \
            leave(s, entered_);                    \
        } else {                                   \
            ++s->failed[self];                     \
        }                                          \
    } while (0)
#define WAIT(s) (LOCK(s), true)
#define SOON    cordon_deadline_after(1000)

#include "lock_parts.h"

static void init(struct cordon_litmus_state *s)
{
    INIT(s);
#ifdef HELD
    OWN(s, 0)
    const int visit = arrive(s, 0);
    LOCK(s);
    enter(s, visit);
#endif
}

static void check(struct cordon_litmus_state *s)
{
    int came = 0;
    for (int i = 0; i < LOCK_THREADS; ++i) {
        came += s->came[i];
        s->missed += s->failed[i];
    }
    CORDON_EXPECT(s->entered + s->missed == came);
    CORDON_EXPECT(s->entered > 0); /* nobody fails because of others that fail */
#ifndef FREED
    OWN(s, LOCK_THREADS) /* one more, now that all are outside */
#ifdef TRY
    CORDON_EXPECT(TRY(s));
    UNLOCK(s);
#endif
#ifdef UNTIL
    CORDON_EXPECT(UNTIL(s, 0)); /* it has passed; one attempt is made */
    UNLOCK(s);
#endif
    LOCK(s);
    UNLOCK(s);
#endif
}

static void (*const parts[])(struct cordon_litmus_state *, int) = {PARTS};
#define IS_THERE(number) (number < sizeof parts / sizeof *parts)
#define THREAD(number)                                         \
    static void thread_##number(struct cordon_litmus_state *s) \
    {                                                          \
        if (IS_THERE(number)) {                                \
            parts[number](s, number);                          \
        }                                                      \
    }
THREAD(0)
THREAD(1)
THREAD(2)
THREAD(3)
#define PART(number) (IS_THERE(number) ? thread_##number : NULL)

CORDON_LITMUS(.init = init, .threads = {PART(0), PART(1), PART(2), PART(3)}, .check = check,
              .outcomes = {CORDON_OUTCOME(entered), CORDON_OUTCOME(missed)})
