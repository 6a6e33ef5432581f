/* lock.h - the client of a lock: nobody is inside with another, what was written inside is seen inside,
 * and whoever wants to enter does.
 *
 * The including file defines LOCK(), UNLOCK(), and if the lock has them TRY() and UNTIL(deadline); all
 * may use the variables that OWN declares in each thread.
 */
#include "client.h"

/* Who takes part: CASE. */
#if CASE == 5
#define PARTIES 4
#else
#define PARTIES 3
#endif

static int inside,
    entered; /* plain: a thread that is not kept out, or not ordered, is a data race */

static inline void enter(void)
{
    assert(inside == 0);
    inside = 1;
    ++entered;
    inside = 0;
}

static void locks(void)
{
    OWN LOCK();
    enter();
    UNLOCK();
}

#ifdef TRY
static int missed;
static void tries(void)
{
    OWN if (TRY())
    {
        enter();
        UNLOCK();
    }
    else
    {
        missed = 1;
    }
}
#endif

#ifdef UNTIL
static int late;
static void gives_up(void)
{
    OWN if (UNTIL(cordon_deadline_after(1000)))
    {
        enter();
        UNLOCK();
    }
    else
    {
        late = 1;
    }
}
#endif

/* A second time, with the same node, handle or self. */
static void returns(void)
{
    OWN for (int i = 0; i < 2; ++i)
    {
        LOCK();
        enter();
        UNLOCK();
    }
}

static void check(void)
{
#ifdef TRY
    (void)tries;
#else
    const int missed = 0;
#endif
#ifdef UNTIL
    (void)gives_up;
#else
    const int late = 0;
#endif
    (void)locks;
    (void)returns;
    assert(entered + missed + late == PARTIES);
}

#if CASE == 1
CLIENT(check, locks, locks, locks)
#elif CASE == 2
CLIENT(check, returns, locks)
#elif CASE == 3
CLIENT(check, locks, locks, tries)
#elif CASE == 4
CLIENT(check, locks, locks, gives_up)
#else
CLIENT(check, returns, locks, locks)
#endif
