/* sync.c - mutexes and condition variables: POSIX and C11. */
#define _GNU_SOURCE
#include "locks.h"

#include <errno.h>
#include <threads.h>

/* A word that events change, and words that whoever holds the lock changes. */
struct mutex {
    uint32_t holder; /* atomic: thread + 1 */
    uint32_t again;  /* locked so many times more */
    uint32_t mine;   /* as holder, known to be so by whom it names */
    uint32_t alive;
    int32_t kind;
};
_Static_assert(sizeof(struct mutex) <= sizeof(pthread_mutex_t) &&
                   sizeof(struct mutex) <= sizeof(mtx_t) &&
                   offsetof(struct mutex, kind) == offsetof(pthread_mutex_t, __data.__kind),
               "the initialisers set the kind there");

struct condition {
    uint64_t sleepers; /* atomic */
    uint32_t clock, alive;
};
_Static_assert(sizeof(struct condition) <= sizeof(pthread_cond_t) &&
                   sizeof(struct condition) <= sizeof(cnd_t),
               "");

void must_live(const uint32_t *alive, const char *what, uintptr_t pc)
{
    fiber_read(alive, sizeof *alive);
    if (*alive == DESTROYED) {
        fail(FOUND_MISUSE, pc, 0, "%s that has been destroyed", what);
    }
}

uint32_t change(uint32_t *word, struct request request, uintptr_t pc)
{
    request.kind = READ;
    request.size = sizeof *word;
    request.address = (uintptr_t)word;
    return (uint32_t)ask(request, pc);
}

bool compare_and_set(uint32_t *word, uint32_t from, uint32_t to, bool weak, uintptr_t pc)
{
    return change(word,
                  (struct request){.op = OP_CAS,
                                   .expected = from,
                                   .operand = to,
                                   .weak = weak,
                                   .order = ACQUIRE,
                                   .failure = RELAXED},
                  pc) == from;
}

/* Mutexes */

static void mutex_init(struct mutex *m, int kind)
{
    fiber_write(m, sizeof *m);
    *m = (struct mutex){.kind = kind};
}

static void mutex_destroy(struct mutex *m, uintptr_t pc)
{
    must_live(&m->alive, "destroys a mutex", pc);
    if (m->holder != 0) {
        fail(FOUND_MISUSE, pc, 0, "destroys a mutex that is locked");
    }
    set(&m->alive, DESTROYED);
}

static int mutex_kind(const struct mutex *m, uintptr_t pc)
{
    const int kind = m->kind & 3;
    if ((m->kind & 0x70) != 0) {
        fail(FOUND_UNSUPPORTED, pc, 0, "mutexes that are robust or know of priorities");
    }
    return kind == PTHREAD_MUTEX_ADAPTIVE_NP ? PTHREAD_MUTEX_NORMAL : kind;
}

/* Locked by this thread already: what then? -1: it is not. */
static int mutex_again(struct mutex *m, bool try, uintptr_t pc)
{
    must_live(&m->alive, "locks a mutex", pc);
    const int kind = mutex_kind(m, pc);
    if (m->mine != self()) {
        return -1;
    }
    if (kind == PTHREAD_MUTEX_RECURSIVE) {
        set(&m->again, m->again + 1);
        return 0;
    }
    if (try) {
        return EBUSY;
    }
    if (kind != PTHREAD_MUTEX_ERRORCHECK) {
        fail(FOUND_DEADLOCK, pc, 0, "locks a mutex that the thread holds already");
    }
    return EDEADLK;
}

static void mutex_take(struct mutex *m, uint64_t deadline, uintptr_t pc)
{
    change(&m->holder,
           (struct request){.op = OP_CAS,
                            .wait = WAIT_EQUAL,
                            .expected = 0,
                            .operand = self(),
                            .timed = deadline != NEVER,
                            .order = ACQUIRE,
                            .failure = RELAXED},
           pc);
    set(&m->mine, self());
}

static int mutex_try_lock(struct mutex *m, bool weak, uintptr_t pc)
{
    const int again = mutex_again(m, true, pc);
    if (again >= 0) {
        return again;
    }
    if (!compare_and_set(&m->holder, 0, self(), weak, pc)) {
        return EBUSY;
    }
    set(&m->mine, self());
    return 0;
}

/* A lock that is free is taken, whatever the time. */
static int mutex_lock(struct mutex *m, uint64_t deadline, uintptr_t pc)
{
    const int again = mutex_again(m, false, pc);
    if (again >= 0) {
        return again;
    }
    if (deadline != NEVER) {
        if (mutex_try_lock(m, false, pc) == 0) {
            return 0;
        }
        if (sleep_gives_up(deadline, pc)) {
            instant_reach(deadline);
            return ETIMEDOUT;
        }
    }
    mutex_take(m, deadline, pc);
    return 0;
}

static int mutex_unlock(struct mutex *m, uintptr_t pc)
{
    must_live(&m->alive, "unlocks a mutex", pc);
    if (m->mine != self()) {
        if (mutex_kind(m, pc) == PTHREAD_MUTEX_NORMAL) {
            fail(FOUND_MISUSE, pc, 0, "unlocks a mutex that the thread does not hold");
        }
        return EPERM;
    }
    if (m->again > 0) {
        set(&m->again, m->again - 1);
        return 0;
    }
    set(&m->mine, 0);
    put(&m->holder, sizeof m->holder, 0, RELEASE, pc);
    return 0;
}

static int mutex_lock_until(struct mutex *m, clockid_t clock, const struct timespec *time,
                            uintptr_t pc)
{
    uint64_t deadline;
    return instant_of(clock, time, &deadline) ? mutex_lock(m, deadline, pc) : EINVAL;
}

WRAP(int, pthread_mutex_init, pthread_mutex_t *mutex, const pthread_mutexattr_t *attributes)
{
    ENTER();
    int kind = PTHREAD_MUTEX_NORMAL, robust = 0, protocol = 0;
    if (attributes != NULL) {
        pthread_mutexattr_gettype(attributes, &kind);
        pthread_mutexattr_getrobust(attributes, &robust);
        pthread_mutexattr_getprotocol(attributes, &protocol);
    }
    if (robust != PTHREAD_MUTEX_STALLED || protocol != PTHREAD_PRIO_NONE) {
        fail(FOUND_UNSUPPORTED, pc, 0, "mutexes that are robust or know of priorities");
    }
    mutex_init((struct mutex *)mutex, kind);
    return 0;
}

WRAP(int, pthread_mutex_destroy, pthread_mutex_t *mutex)
{
    ENTER();
    mutex_destroy((struct mutex *)mutex, pc);
    return 0;
}

WRAP(int, pthread_mutex_lock, pthread_mutex_t *mutex)
{
    ENTER();
    return mutex_lock((struct mutex *)mutex, NEVER, pc);
}

WRAP(int, pthread_mutex_trylock, pthread_mutex_t *mutex)
{
    ENTER();
    return mutex_try_lock((struct mutex *)mutex, false, pc);
}

WRAP(int, pthread_mutex_timedlock, pthread_mutex_t *mutex, const struct timespec *time)
{
    ENTER();
    return mutex_lock_until((struct mutex *)mutex, CLOCK_REALTIME, time, pc);
}

WRAP(int, pthread_mutex_clocklock, pthread_mutex_t *mutex, clockid_t clock,
     const struct timespec *time)
{
    ENTER();
    return mutex_lock_until((struct mutex *)mutex, clock, time, pc);
}

WRAP(int, pthread_mutex_unlock, pthread_mutex_t *mutex)
{
    ENTER();
    return mutex_unlock((struct mutex *)mutex, pc);
}

int thrd_result(int error)
{
    return error == 0           ? thrd_success
           : error == EBUSY     ? thrd_busy
           : error == ETIMEDOUT ? thrd_timedout
                                : thrd_error;
}

WRAP(int, mtx_init, mtx_t *mutex, int type)
{
    ENTER();
    mutex_init((struct mutex *)mutex,
               (type & mtx_recursive) != 0 ? PTHREAD_MUTEX_RECURSIVE : PTHREAD_MUTEX_NORMAL);
    return thrd_success;
}

WRAP(void, mtx_destroy, mtx_t *mutex)
{
    ENTER();
    mutex_destroy((struct mutex *)mutex, pc);
}

WRAP(int, mtx_lock, mtx_t *mutex)
{
    ENTER();
    return thrd_result(mutex_lock((struct mutex *)mutex, NEVER, pc));
}

/* C11 lets it fail for no reason. */
WRAP(int, mtx_trylock, mtx_t *mutex)
{
    ENTER();
    return thrd_result(mutex_try_lock((struct mutex *)mutex, true, pc));
}

WRAP(int, mtx_timedlock, mtx_t *mutex, const struct timespec *time)
{
    ENTER();
    return thrd_result(mutex_lock_until((struct mutex *)mutex, CLOCK_REALTIME, time, pc));
}

WRAP(int, mtx_unlock, mtx_t *mutex)
{
    ENTER();
    return thrd_result(mutex_unlock((struct mutex *)mutex, pc));
}

/* Condition variables. POSIX says that waiting and waking synchronise memory; C and C++ do not. */

void condition_init(void *object, clockid_t clock)
{
    struct condition *c = object;
    fiber_write(c, sizeof *c);
    *c = (struct condition){.clock = (uint32_t)clock};
}

void condition_destroy(void *object, uintptr_t pc)
{
    struct condition *c = object;
    must_live(&c->alive, "destroys a condition variable", pc);
    if (c->sleepers != 0) {
        fail(FOUND_MISUSE, pc, 0, "destroys a condition variable that a thread waits for");
    }
    set(&c->alive, DESTROYED);
}

int condition_wait(void *object, void *mutex, uint64_t deadline, int order, uintptr_t pc)
{
    struct condition *c = object;
    struct mutex *m = mutex;
    must_live(&c->alive, "waits for a condition variable", pc);
    if (m->mine != self()) {
        fail(FOUND_MISUSE, pc, 0, "waits for a condition variable with a mutex it does not hold");
    }
    if (m->again > 0) {
        fail(FOUND_MISUSE, pc, 0, "waits for a condition variable with a mutex locked twice");
    }
    const bool late = sleep_gives_up(deadline, pc);
    const bool sleeps = !late && !sleep_early(pc);
    if (sleeps) {
        sleep_enter(&c->sleepers, order, pc);
    }
    mutex_unlock(m, pc);
    if (sleeps) {
        sleep_until_woken(deadline, order, pc);
    }
    if (late) {
        instant_reach(deadline);
    }
    mutex_take(m, NEVER, pc);
    return late ? ETIMEDOUT : 0;
}

void condition_wake(void *object, unsigned most, int order, uintptr_t pc)
{
    struct condition *c = object;
    must_live(&c->alive, "signals a condition variable", pc);
    sleep_wake(&c->sleepers, most, UINT32_MAX, order, pc);
}

static int condition_wait_until(void *c, void *mutex, clockid_t clock, const struct timespec *time,
                                int order, uintptr_t pc)
{
    uint64_t deadline;
    return instant_of(clock, time, &deadline) ? condition_wait(c, mutex, deadline, order, pc)
                                              : EINVAL;
}

WRAP(int, pthread_cond_init, pthread_cond_t *condition, const pthread_condattr_t *attributes)
{
    ENTER();
    clockid_t clock = CLOCK_REALTIME;
    if (attributes != NULL) {
        pthread_condattr_getclock(attributes, &clock);
    }
    condition_init(condition, clock);
    return 0;
}

WRAP(int, pthread_cond_destroy, pthread_cond_t *condition)
{
    ENTER();
    condition_destroy(condition, pc);
    return 0;
}

WRAP(int, pthread_cond_wait, pthread_cond_t *condition, pthread_mutex_t *mutex)
{
    ENTER();
    return condition_wait(condition, mutex, NEVER, ACQ_REL, pc);
}

WRAP(int, pthread_cond_timedwait, pthread_cond_t *condition, pthread_mutex_t *mutex,
     const struct timespec *time)
{
    ENTER();
    const clockid_t clock = (clockid_t)((struct condition *)condition)->clock;
    return condition_wait_until(condition, mutex, clock, time, ACQ_REL, pc);
}

WRAP(int, pthread_cond_clockwait, pthread_cond_t *condition, pthread_mutex_t *mutex,
     clockid_t clock, const struct timespec *time)
{
    ENTER();
    return condition_wait_until(condition, mutex, clock, time, ACQ_REL, pc);
}

WRAP(int, pthread_cond_signal, pthread_cond_t *condition)
{
    ENTER();
    condition_wake(condition, 1, ACQ_REL, pc);
    return 0;
}

WRAP(int, pthread_cond_broadcast, pthread_cond_t *condition)
{
    ENTER();
    condition_wake(condition, MAX_THREADS, ACQ_REL, pc);
    return 0;
}

WRAP(int, cnd_init, cnd_t *condition)
{
    ENTER();
    condition_init(condition, CLOCK_REALTIME);
    return thrd_success;
}

WRAP(void, cnd_destroy, cnd_t *condition)
{
    ENTER();
    condition_destroy(condition, pc);
}

WRAP(int, cnd_wait, cnd_t *condition, mtx_t *mutex)
{
    ENTER();
    return thrd_result(condition_wait(condition, mutex, NEVER, RELAXED, pc));
}

WRAP(int, cnd_timedwait, cnd_t *condition, mtx_t *mutex, const struct timespec *time)
{
    ENTER();
    return thrd_result(condition_wait_until(condition, mutex, CLOCK_REALTIME, time, RELAXED, pc));
}

WRAP(int, cnd_signal, cnd_t *condition)
{
    ENTER();
    condition_wake(condition, 1, RELAXED, pc);
    return thrd_success;
}

WRAP(int, cnd_broadcast, cnd_t *condition)
{
    ENTER();
    condition_wake(condition, MAX_THREADS, RELAXED, pc);
    return thrd_success;
}
