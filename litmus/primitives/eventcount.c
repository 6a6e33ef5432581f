/* eventcount.c - cordon_eventcount: no wake-up is lost, whether the sleeper pays for the order or
 * both sides do; a signal wakes as many as it says, and who gives up swallows no token; who was
 * given one sees what came before the signal. In the end nobody is registered, and there is no
 * token left.
 *
 * The condition is that there are tickets, of which each sleeper takes one, or that all is closed.
 * With -DPROBED the process was registered for membarrier at the start; else who sleeps first does
 * that, and the fences before it are full ones on both sides, as they all are if it is refused.
 * With -DFROM the word says from the start that as many are registered as there is room for.
 * With -DPREPARED=2 two threads are registered in the eventcount from the start, too.
 *
 * with: src/eventcount.c src/wait.c src/fence.c
 * quick: -DPROBED -DPARTS=signals,takes_0                  one sleeps
 * quick: -DPARTS=signals,takes_0                           the same, who is the first that ever did
 * quick: -DPARTS=signals,takes_0 --no-membarrier           two full fences
 * quick: -DPROBED -DPARTS=signals,gives_up_0               a deadline
 * quick: -DPROBED -DPARTS=closes,drains_0                  closing time
 * quick: -DPROBED -DPARTS=signals,is_told                  the token's own order
 * quick: -DPARTS=signals,is_told_in_time                   the same with a deadline
 * quick: -DPARTS=signals,is_told --no-membarrier           the same between full fences
 * quick: -DPROBED -DPARTS=signals,signals_too,takes_0      two who signal
 * quick: -DPROBED -DPARTS=signals,takes_0 --spurious       sleepers rise for no reason
 * quick: -DPROBED -DPARTS=signals,takes_0 -DCORDON_FUTEX=0 --no-mutate   sleeps without a futex
 * quick: -DPROBED -DPREPARED=2 -DPARTS=tells_twice,waits_0,waits_1       a signal for each
 * quick: -DPROBED -DPREPARED=2 -DPARTS=tells,waits_0,cancels_1           one takes it back
 * quick: -DPROBED -DPREPARED=2 -DPARTS=tells_twice,waits_0,cancels_1     when both may be told
 * quick: -DPROBED -DPREPARED=2 -DPARTS=tells,waits_0,passes_on_1         one gives up
 * quick: -DPROBED -DPREPARED=2 -DPARTS=signals_2,takes_0,takes_1 --no-mutate    two by one signal
 * quick: -DPROBED -DPREPARED=2 -DPARTS=closes,drains_0,drains_1 --no-mutate     all by one signal
 * quick: -DPROBED -DPREPARED=2 -DPARTS=closes_many,drains_0,drains_1 --no-mutate   more than all
 * full: -DPROBED -DPARTS=closes,drains_0,drains_1 --no-mutate            two sleep, closing time
 * full: -DPROBED -DPARTS=signals_2,takes_0,takes_1 --no-mutate           two sleep, one signal
 * full: -DPROBED -DPREPARED=2 -DPARTS=tells_twice,waits_0,passes_on_1 --no-mutate   both are told
 * full: -DPROBED -DPREPARED=2 -DPARTS=signals_twice,takes_0,takes_1 --no-mutate   two sleep twice
 * full: -DPROBED -DPREPARED=2 -DPARTS=signals_2,gives_up_0,takes_1 --no-mutate   one gives up
 * full: -DPROBED -DPREPARED=2 -DPARTS=nudges,nudges,rises_0,rises_1 --no-mutate   two and two
 * quick: -DFROM=0xffff0000 -DPARTS=polls --no-mutate        no room: it naps, and registers nobody
 * quick: -DFROM=0xfffe0001 -DPARTS=polls --no-mutate        the same, with a token among them
 * quick: -DFROM=0xffff0000 -DPARTS=polls_late --no-mutate   its deadline is over
 *
 * exempt: eventcount.c F0 -> eventcount.c A0: who has registered two threads before; a sleeper need
 *     not know of another
 */
#include <cordon/litmus.h>
#include <cordon/sync/eventcount.h>

#ifndef FROM
#define FROM 0
#endif

struct cordon_litmus_state {
    struct cordon_eventcount ec;
    CORDON_ATOMIC(int) tickets; /* ready, and not taken yet */
    CORDON_ATOMIC(int) closed;  /* or no more will come */
    int data;                   /* plain: what is published with the first ticket */
    int made[2];                /* by each signaller */
    int taken[2];               /* by each sleeper */
    int told, late;             /* how a sleep of one round ended */
    uint32_t keys[2];           /* prepared before the start */
};

static void init(struct cordon_litmus_state *s)
{
    atomic_store_explicit(&s->ec.word, FROM, memory_order_relaxed);
#ifdef PROBED
    (void)cordon_fence_asymmetric_probe();
#endif
#ifdef PREPARED
    for (int i = 0; i < PREPARED; ++i) {
        s->keys[i] = cordon_eventcount_prepare(&s->ec);
    }
#endif
}

/* Who signals. */

static inline void publish(struct cordon_litmus_state *s, int tickets)
{
    (void)atomic_fetch_add_explicit(&s->tickets, tickets, memory_order_release);
}

static inline void signals(struct cordon_litmus_state *s)
{
    s->data = 1;
    s->made[0] = 1;
    publish(s, 1);
    cordon_eventcount_signal(&s->ec);
}

/* Another, at the same time; a signal each. */
static inline void signals_too(struct cordon_litmus_state *s)
{
    s->made[1] = 1;
    publish(s, 1);
    cordon_eventcount_signal(&s->ec);
}

static inline void signals_twice(struct cordon_litmus_state *s)
{
    signals(s);
    signals_too(s);
}

static inline void signals_2(struct cordon_litmus_state *s)
{
    s->data = 1;
    s->made[0] = 2;
    publish(s, 2);
    cordon_eventcount_signal_n(&s->ec, 2);
}

/* What holds from now on, for all: told to all, or one by one. */
static inline void close(struct cordon_litmus_state *s)
{
    s->data = 1;
    atomic_store_explicit(&s->closed, 1, memory_order_release);
}

static inline void closes(struct cordon_litmus_state *s)
{
    close(s);
    cordon_eventcount_signal_all(&s->ec);
}

/* More than there are waiting, and more than can be. */
static inline void closes_many(struct cordon_litmus_state *s)
{
    close(s);
    cordon_eventcount_signal_n(&s->ec, (size_t)1 << 20);
}

/* Who sleeps. */

static inline bool take(struct cordon_litmus_state *s)
{
    int tickets = atomic_load_explicit(&s->tickets, memory_order_relaxed);
    while (tickets > 0) {
        if (atomic_compare_exchange_weak_explicit(&s->tickets, &tickets, tickets - 1,
                                                  memory_order_acquire, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

static inline bool is_closed(struct cordon_litmus_state *s)
{
    return atomic_load_explicit(&s->closed, memory_order_acquire);
}

/* As the head of eventcount.h has it, but for the look that comes before all. False: too late. */
static inline bool sleep_until(struct cordon_litmus_state *s, uint32_t key,
                               bool (*condition)(struct cordon_litmus_state *), uint64_t deadline)
{
    while (!condition(s)) {
        if (cordon_eventcount_wait(&s->ec, key, deadline) == CORDON_TIMEDOUT) {
            return condition(s);
        }
        key = cordon_eventcount_prepare(&s->ec);
    }
    cordon_eventcount_cancel(&s->ec, key);
    return true;
}

static inline uint32_t key_of(struct cordon_litmus_state *s, int self)
{
#ifdef PREPARED
    return s->keys[self];
#else
    (void)self;
    return cordon_eventcount_prepare(&s->ec);
#endif
}

static inline void takes_0(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(sleep_until(s, key_of(s, 0), take, CORDON_NEVER));
    s->taken[0] = 1;
}

static inline void takes_1(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(sleep_until(s, key_of(s, 1), take, CORDON_NEVER));
    s->taken[1] = 1;
}

static inline void gives_up_0(struct cordon_litmus_state *s)
{
    s->taken[0] = sleep_until(s, key_of(s, 0), take, cordon_deadline_after(1000));
}

static inline void drains_0(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(sleep_until(s, key_of(s, 0), is_closed, CORDON_NEVER));
    CORDON_EXPECT(s->data == 1);
}

static inline void drains_1(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(sleep_until(s, key_of(s, 1), is_closed, CORDON_NEVER));
    CORDON_EXPECT(s->data == 1);
}

/* With -DPREPARED=2: who sleeps until given a token, and nothing else; one of two may give up, or
 * take its registration back. Then the other must be given the token, which is passed on if it has
 * to be.
 */
static inline void tells(struct cordon_litmus_state *s)
{
    s->data = 1;
    cordon_eventcount_signal(&s->ec);
}

static inline void tells_twice(struct cordon_litmus_state *s)
{
    tells(s);
    cordon_eventcount_signal(&s->ec);
}

static inline void waits_0(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, s->keys[0], CORDON_NEVER) == CORDON_OK);
    CORDON_EXPECT(s->data == 1);
}

static inline void waits_1(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, s->keys[1], CORDON_NEVER) == CORDON_OK);
    CORDON_EXPECT(s->data == 1);
}

/* Two signals of two threads, either of which may be a sleeper's. */
static inline void nudges(struct cordon_litmus_state *s)
{
    cordon_eventcount_signal(&s->ec);
}

static inline void rises_0(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, s->keys[0], CORDON_NEVER) == CORDON_OK);
}

static inline void rises_1(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, s->keys[1], CORDON_NEVER) == CORDON_OK);
}

static inline void passes_on_1(struct cordon_litmus_state *s)
{
    if (cordon_eventcount_wait(&s->ec, s->keys[1], cordon_deadline_after(1000)) == CORDON_OK) {
        CORDON_EXPECT(s->data == 1);
        s->told = 1;
        cordon_eventcount_signal(&s->ec);
    } else {
        s->late = 1;
    }
}

static inline void cancels_1(struct cordon_litmus_state *s)
{
    cordon_eventcount_cancel(&s->ec, s->keys[1]);
}

/* Looks without an order of its own: the token alone says what may be relied on. */
static inline void is_told_until(struct cordon_litmus_state *s, uint64_t deadline)
{
    const uint32_t key = key_of(s, 0);
    if (atomic_load_explicit(&s->tickets, memory_order_relaxed) > 0) {
        cordon_eventcount_cancel(&s->ec, key);
    } else if (cordon_eventcount_wait(&s->ec, key, deadline) == CORDON_OK) {
        CORDON_EXPECT(s->data == 1);
        s->told = 1;
    } else {
        CORDON_EXPECT(deadline != CORDON_NEVER);
        s->late = 1;
    }
}

static inline void is_told(struct cordon_litmus_state *s)
{
    is_told_until(s, CORDON_NEVER);
}

static inline void is_told_in_time(struct cordon_litmus_state *s)
{
    is_told_until(s, cordon_deadline_after(1000));
}

/* There is no room for it: nobody will wake it, so that its sleep ends by itself. */
static inline void polls(struct cordon_litmus_state *s)
{
    const uint32_t key = cordon_eventcount_prepare(&s->ec);
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, key, CORDON_NEVER) == CORDON_OK);
}

static inline void polls_late(struct cordon_litmus_state *s)
{
    const uint32_t key = cordon_eventcount_prepare(&s->ec);
    CORDON_EXPECT(cordon_eventcount_wait(&s->ec, key, 1) == CORDON_TIMEDOUT);
}

static void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(atomic_load_explicit(&s->ec.word, memory_order_relaxed) == FROM);
    CORDON_EXPECT(s->taken[0] + s->taken[1] +
                      atomic_load_explicit(&s->tickets, memory_order_relaxed) ==
                  s->made[0] + s->made[1]);
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = check,
              .outcomes = {CORDON_OUTCOME(taken[0]), CORDON_OUTCOME(taken[1]), CORDON_OUTCOME(told),
                           CORDON_OUTCOME(late)})
