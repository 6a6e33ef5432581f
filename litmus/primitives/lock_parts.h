/* lock_parts.h - what a thread may do with a lock, for lock.h. */

static inline void locks(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, WAIT(s));
    DISOWN(s, self)
}

/* A second time, with what it has, as it is. */
static inline void returns(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, WAIT(s));
    VISIT(s, self, WAIT(s));
    DISOWN(s, self)
}

/* A second time, with all of it anew. */
static inline void renews(struct cordon_litmus_state *s, int self)
{
    locks(s, self);
    locks(s, self);
}

#ifdef TRY
static inline void tries(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, TRY(s));
    DISOWN(s, self)
}

static inline void tries_again(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, TRY(s));
    VISIT(s, self, TRY(s));
    DISOWN(s, self)
}

/* A try in vain has changed nothing. */
static inline void insists(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, TRY(s) || WAIT(s));
    DISOWN(s, self)
}
#endif

#ifdef UNTIL
static inline void gives_up(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, UNTIL(s, SOON));
    DISOWN(s, self)
}

static inline void gives_up_again(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, UNTIL(s, SOON));
    VISIT(s, self, UNTIL(s, SOON));
    DISOWN(s, self)
}

/* Who gave up may come again, and wait. */
static inline void resumes(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, UNTIL(s, SOON) || WAIT(s));
    DISOWN(s, self)
}

static inline void never_gives_up(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, UNTIL(s, CORDON_NEVER));
    CORDON_EXPECT(s->failed[self] == 0);
    DISOWN(s, self)
}
#endif

/* What thread 0 brought is now another's. */
static inline void pass(struct cordon_litmus_state *s)
{
    atomic_store_explicit(&s->passed, 1, memory_order_release);
}

static inline void wait_for_pass(struct cordon_litmus_state *s)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (!atomic_load_explicit(&s->passed, memory_order_acquire)) {
        cordon_wait_step(&waiter);
    }
}

/* Thread 0 locks, and another unlocks. */
static inline void passes_lock(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    const int visit = arrive(s, self);
    LOCK(s);
    enter(s, visit);
    pass(s);
}

static inline void takes_lock(struct cordon_litmus_state *s, int self)
{
    wait_for_pass(s);
    BORROW(s, 0)
    VISIT(s, self, true);
    DISOWN(s, 0)
}

#ifdef UNTIL
/* Thread 0 gives up, and another comes in its place. */
static inline void passes_place(struct cordon_litmus_state *s, int self)
{
    OWN(s, self)
    VISIT(s, self, UNTIL(s, SOON));
    pass(s);
}

static inline void takes_place(struct cordon_litmus_state *s, int self)
{
    wait_for_pass(s);
    BORROW(s, 0)
    VISIT(s, self, WAIT(s));
    DISOWN(s, 0)
}
#endif

#ifdef ARRIVED
/* First come, first served: thread 2 comes when thread 1 waits, or has been. */
static inline void first(struct cordon_litmus_state *s, int self)
{
    locks(s, self);
    atomic_store_explicit(&s->gone, 1, memory_order_release);
}

static inline void second(struct cordon_litmus_state *s, int self)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (!ARRIVED(s) && !atomic_load_explicit(&s->gone, memory_order_acquire)) {
        cordon_wait_step(&waiter);
    }
    OWN(s, self)
    VISIT(s, self, WAIT(s));
    CORDON_EXPECT(s->order[1] == LOCK_VISITS); /* thread 1's */
    DISOWN(s, self)
}
#endif

static inline void holds(struct cordon_litmus_state *s, int self)
{
    (void)self;
    BORROW(s, self)
    UNLOCK(s);
    DISOWN(s, self)
}
