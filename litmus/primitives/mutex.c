/* mutex.c - cordon_mutex: those inside are alone, and see what those before them wrote; whoever
 * wants to enter does, asleep or not; a try fails only if somebody is there; who gives up is gone
 * from the queue, and takes no call along; a waiter is overtaken so often and no more. When all
 * have left, no bit is left behind.
 *
 * Each thread, having left, writes over the stack that it slept on: whoever called it, or was its
 * neighbour in the queue, must be done with it. With -DFREED the last to enter writes over the
 * mutex, as soon as its own unlock has returned: the unlocks before must be done with that. All
 * these writes are plain: what is late, or not ordered, is a data race.
 *
 * with: src/mutex.c src/wait.c
 * quick: -DPARTS=locks,gives_up -DVISITS=2                  one gives up, perhaps just when called
 * quick: -DPARTS=returns,locks -DVISITS=3 -DFREED           one comes back; the last frees it
 * quick: -DPARTS=hands_over,takes_over,locks -DVISITS=2     another thread unlocks
 * quick: -DPARTS=leaves,tries_then -DVISITS=4               what is free is found free
 * quick: -DPARTS=lets_go,tries,gives_up -DVISITS=2 -DHELD   one tries, one gives up
 * quick: -DPARTS=overtakes,locks -DVISITS=2 -DHELD -DCORDON_MUTEX_OVERTAKES=0   reserved at once
 * quick: -DPARTS=tries_past,stays -DVISITS=2 -DHELD         a try finds free what others wait for
 * quick: -DPARTS=lets_go,locks,follows -DVISITS=2 -DHELD -DCORDON_MUTEX_OVERTAKES=0 --no-mutate
 *     first come, first called
 * quick: -DPARTS=lets_go,locks,locks -DVISITS=2 -DHELD --no-mutate   two sleepers
 * quick: -DPARTS=locks,gives_up -DVISITS=2 --spurious --no-mutate    weak CAS fail, sleepers rise
 * quick: -DPARTS=locks,gives_up -DVISITS=2 -DCORDON_FUTEX=0 --no-mutate   sleeps without a futex
 * quick: -DPARTS=barges,waits,barges_too -DVISITS=3 -DHELD -DCORDON_MUTEX_OVERTAKES=0 --no-mutate
 *     two try past one who waits
 * full: -DPARTS=barges,waits,barges_too -DVISITS=3 -DHELD -DCORDON_MUTEX_OVERTAKES=1 --no-mutate
 *     the same: the count is one for both
 * full: -DPARTS=locks,locks,locks -DVISITS=3 -DFREED --no-mutate   three; the last frees it
 * full: -DPARTS=locks,locks,tries -DVISITS=3 --no-mutate             three, one of which only tries
 * full: -DPARTS=locks,locks,gives_up -DVISITS=3 --no-mutate          three, one of which gives up
 * full: -DPARTS=lets_go,locks,gives_up -DVISITS=2 -DHELD --no-mutate  two sleepers, one gives up
 * full: -DPARTS=lets_go,locks,gives_up -DVISITS=2 -DHELD -DCORDON_MUTEX_OVERTAKES=0 --no-mutate
 *     the same, reserved at once
 * full: -DPARTS=overtakes,locks -DVISITS=3 -DHELD -DCORDON_MUTEX_OVERTAKES=1 --no-mutate
 *     overtaken once, and then no more
 * full: -DPARTS=barges,waits,sleeps_behind -DVISITS=3 -DHELD -DCORDON_MUTEX_OVERTAKES=1 --no-mutate
 *     overtaken by one who tries, it is still before who sleeps behind it
 *
 * exempt: mutex.h R0 -> mutex.c A2: incidental: an editor needs the queue as the last one left
 *     it, which is R2's; that the word hands on an unlock as well, nobody relies on
 * exempt: mutex.c R1 -> mutex.c A2: the same
 */
#include <cordon/litmus.h>
#include <cordon/sync/mutex.h>

#include <string.h>

struct cordon_litmus_state {
    struct cordon_mutex mutex;
    volatile int inside; /* volatile: both writes are made */
    int entered;         /* guarded; those that follow are of one thread each */
    int missed, late, late_too, overtaken;
    CORDON_ATOMIC(int) told;
};

static void enter(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->inside == 0);
    s->inside = 1;
    ++s->entered;
    s->inside = 0;
}

static void leave(struct cordon_litmus_state *s)
{
#ifdef FREED
    const bool last = s->entered == VISITS;
    cordon_mutex_unlock(&s->mutex);
    if (last) {
        memset((void *)&s->mutex, 0xff, sizeof s->mutex);
    }
#else
    cordon_mutex_unlock(&s->mutex);
#endif
}

/* Deep enough for the node of cordon_mutex_lock_slow_; by a call that no compiler sees through. */
static __attribute__((noinline)) void spoil_stack(void)
{
    static void *(*const volatile fill)(void *, int, size_t) = memset;
    unsigned char below[512];
    (void)fill(below, 0xff, sizeof below);
}

static inline void locks(struct cordon_litmus_state *s)
{
    cordon_mutex_lock(&s->mutex);
    enter(s);
    leave(s);
    spoil_stack();
}

static inline void returns(struct cordon_litmus_state *s)
{
    locks(s);
    locks(s);
}

static inline void tries(struct cordon_litmus_state *s)
{
    if (cordon_mutex_try_lock(&s->mutex)) {
        enter(s);
        leave(s);
    } else {
        ++s->missed;
    }
}

static inline void until(struct cordon_litmus_state *s, uint64_t deadline, int *late)
{
    if (cordon_mutex_lock_until(&s->mutex, deadline)) {
        enter(s);
        leave(s);
    } else {
        ++*late;
    }
    spoil_stack();
}

static inline void gives_up(struct cordon_litmus_state *s)
{
    until(s, cordon_deadline_after(1000), &s->late);
}

static inline void gives_up_too(struct cordon_litmus_state *s)
{
    until(s, cordon_deadline_after(1000), &s->late_too);
}

/* Has had the mutex from the start. */
static inline void lets_go(struct cordon_litmus_state *s)
{
    leave(s);
}

/* Comes when another is in the queue, and no other will enter before that one: 1 has entered. */
static inline void follows(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->mutex.word, memory_order_relaxed) & CORDON_MUTEX_QUEUED_) {
        cordon_mutex_lock(&s->mutex);
        CORDON_EXPECT(s->entered == 1);
        enter(s);
        leave(s);
        spoil_stack();
    } else {
        s->missed = 1;
    }
}

/* One locks, another unlocks. */
static inline void hands_over(struct cordon_litmus_state *s)
{
    cordon_mutex_lock(&s->mutex);
    enter(s);
    atomic_store_explicit(&s->told, 1, memory_order_release);
    spoil_stack();
}

static inline void takes_over(struct cordon_litmus_state *s)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (!atomic_load_explicit(&s->told, memory_order_acquire)) {
        cordon_wait_step(&waiter);
    }
    CORDON_EXPECT(!cordon_mutex_try_lock(&s->mutex));
    leave(s);
}

/* One has left and says so; the other has been there, too: then the mutex is free. */
static inline void leaves(struct cordon_litmus_state *s)
{
    locks(s);
    atomic_store_explicit(&s->told, 1, memory_order_release);
}

static inline void tries_then(struct cordon_litmus_state *s)
{
    locks(s);
    if (atomic_load_explicit(&s->told, memory_order_acquire)) {
        CORDON_EXPECT(cordon_mutex_try_lock(&s->mutex));
        enter(s);
        leave(s);
        CORDON_EXPECT(cordon_mutex_lock_until(&s->mutex, 0));
        enter(s);
        leave(s);
    } else {
        s->missed = 2;
    }
}

static void await_queue(struct cordon_litmus_state *s)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    while (!(atomic_load_explicit(&s->mutex.word, memory_order_relaxed) & CORDON_MUTEX_QUEUED_)) {
        cordon_wait_step(&waiter);
    }
}

/* Has the mutex from the start; lets go of it when another is asleep, or about to be, in the queue,
 * and then enters time and again: how often past that one?
 */
static inline void overtakes(struct cordon_litmus_state *s)
{
    await_queue(s);
    cordon_mutex_unlock(&s->mutex);
    for (int i = 0; i <= CORDON_MUTEX_OVERTAKES; ++i) {
        cordon_mutex_lock(&s->mutex);
        s->overtaken += s->entered == i;
        enter(s);
        leave(s);
    }
    CORDON_EXPECT(s->overtaken <= CORDON_MUTEX_OVERTAKES);
    spoil_stack();
}

/* Tries when another waits, who will not let go of the mutex before being told: if the try is in
 * vain, the mutex must be found locked thereafter.
 */
static inline void tries_past(struct cordon_litmus_state *s)
{
    await_queue(s);
    cordon_mutex_unlock(&s->mutex);
    if (cordon_mutex_try_lock(&s->mutex)) {
        enter(s);
        leave(s);
    } else {
        CORDON_EXPECT(atomic_load_explicit(&s->mutex.word, memory_order_relaxed) &
                      CORDON_MUTEX_LOCKED_);
        s->missed = 1;
    }
    atomic_store_explicit(&s->told, 1, memory_order_relaxed);
}

static inline void stays(struct cordon_litmus_state *s)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    cordon_mutex_lock(&s->mutex);
    enter(s);
    while (!atomic_load_explicit(&s->told, memory_order_relaxed)) {
        cordon_wait_step(&waiter);
    }
    leave(s);
    spoil_stack();
}

/* Two others try when one is in the queue: how often past that one, in all? */
static inline bool tries_past_queue(struct cordon_litmus_state *s)
{
    const bool in =
        (atomic_load_explicit(&s->mutex.word, memory_order_relaxed) & CORDON_MUTEX_QUEUED_) &&
        cordon_mutex_try_lock(&s->mutex);
    if (in) {
        enter(s);
        leave(s);
    }
    return in;
}

static inline void barges(struct cordon_litmus_state *s)
{
    await_queue(s);
    cordon_mutex_unlock(&s->mutex);
    s->missed += !tries_past_queue(s);
}

static inline void barges_too(struct cordon_litmus_state *s)
{
    s->late += !tries_past_queue(s);
}

/* Comes when another is in the queue and the mutex held, and may have to sleep behind that one. */
static inline void sleeps_behind(struct cordon_litmus_state *s)
{
    if (atomic_load_explicit(&s->mutex.word, memory_order_relaxed) ==
        (CORDON_MUTEX_LOCKED_ | CORDON_MUTEX_QUEUED_)) {
        locks(s);
    } else {
        ++s->late;
    }
}

static inline void waits(struct cordon_litmus_state *s)
{
    cordon_mutex_lock(&s->mutex);
    CORDON_EXPECT(s->entered <= CORDON_MUTEX_OVERTAKES);
    enter(s);
    leave(s);
    spoil_stack();
}

static void init(struct cordon_litmus_state *s)
{
#ifdef HELD
    cordon_mutex_lock(&s->mutex);
#else
    (void)s;
#endif
}

static void check(struct cordon_litmus_state *s)
{
    CORDON_EXPECT(s->entered + s->missed + s->late + s->late_too == VISITS);
#ifndef FREED
    CORDON_EXPECT(atomic_load_explicit(&s->mutex.word, memory_order_relaxed) == 0);
    CORDON_EXPECT(s->mutex.queue == NULL);
#endif
}

CORDON_LITMUS(.init = init, .threads = {PARTS}, .check = check,
              .outcomes = {CORDON_OUTCOME(entered), CORDON_OUTCOME(missed), CORDON_OUTCOME(late),
                           CORDON_OUTCOME(overtaken)})
