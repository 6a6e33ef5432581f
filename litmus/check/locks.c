/* locks.c - reader-writer locks, spin locks, barriers, semaphores and once: POSIX and C11. */
#define _GNU_SOURCE
#include "locks.h"

#include <errno.h>
#include <limits.h>
#include <semaphore.h>
#include <threads.h>

struct rwlock {
    uint32_t holders; /* atomic: WRITER + who, or how many readers */
    uint32_t mine;    /* the writer, known to be so by whom it names */
    uint32_t alive;
};
#define WRITER UINT32_C(0x80000000)

struct barrier {
    uint32_t arrived, round; /* atomic */
    uint32_t threads, alive;
};

struct semaphore {
    uint32_t value; /* atomic */
    uint32_t alive;
};
_Static_assert(sizeof(struct rwlock) <= sizeof(pthread_rwlock_t) &&
                   sizeof(struct barrier) <= sizeof(pthread_barrier_t) &&
                   sizeof(struct semaphore) <= sizeof(sem_t),
               "they live in the program's objects");

static int set_errno(int error)
{
    if (error == 0) {
        return 0;
    }
    LOCALS(error)->error = error;
    return -1;
}

/* Reader-writer locks */

static void must_not_write(const struct rwlock *lock, uintptr_t pc)
{
    must_live(&lock->alive, "locks a reader-writer lock", pc);
    if (lock->mine == self()) {
        fail(FOUND_DEADLOCK, pc, 0, "locks a reader-writer lock that the thread holds for writing");
    }
}

static int try_read(struct rwlock *lock, uintptr_t pc)
{
    must_not_write(lock, pc);
    const uint32_t holders = change(&lock->holders,
                                    (struct request){.op = OP_ADD,
                                                     .operand = 1,
                                                     .wait = WAIT_MASK_ZERO | WAIT_TRY,
                                                     .expected = WRITER,
                                                     .order = ACQUIRE},
                                    pc);
    return (holders & WRITER) == 0 ? 0 : EBUSY;
}

static int try_write(struct rwlock *lock, uintptr_t pc)
{
    must_live(&lock->alive, "locks a reader-writer lock", pc);
    if (!compare_and_set(&lock->holders, 0, WRITER + self(), false, pc)) {
        return EBUSY;
    }
    set(&lock->mine, self());
    return 0;
}

static int read_lock(struct rwlock *lock, uint64_t deadline, uintptr_t pc)
{
    must_not_write(lock, pc);
    if (deadline != NEVER) {
        if (try_read(lock, pc) == 0) {
            return 0;
        }
        if (sleep_gives_up(deadline, pc)) {
            instant_reach(deadline);
            return ETIMEDOUT;
        }
    }
    change(&lock->holders,
           (struct request){.op = OP_ADD,
                            .operand = 1,
                            .wait = WAIT_MASK_ZERO,
                            .expected = WRITER,
                            .timed = deadline != NEVER,
                            .order = ACQUIRE},
           pc);
    return 0;
}

static int write_lock(struct rwlock *lock, uint64_t deadline, uintptr_t pc)
{
    must_not_write(lock, pc);
    if (deadline != NEVER) {
        if (try_write(lock, pc) == 0) {
            return 0;
        }
        if (sleep_gives_up(deadline, pc)) {
            instant_reach(deadline);
            return ETIMEDOUT;
        }
    }
    change(&lock->holders,
           (struct request){.op = OP_CAS,
                            .operand = WRITER + self(),
                            .wait = WAIT_EQUAL,
                            .expected = 0,
                            .timed = deadline != NEVER,
                            .order = ACQUIRE,
                            .failure = RELAXED},
           pc);
    set(&lock->mine, self());
    return 0;
}

typedef int lock_function(struct rwlock *lock, uint64_t deadline, uintptr_t pc);

static int lock_until(lock_function *locker, pthread_rwlock_t *lock, clockid_t clock,
                      const struct timespec *time, uintptr_t pc)
{
    uint64_t deadline;
    return instant_of(clock, time, &deadline) ? locker((struct rwlock *)lock, deadline, pc)
                                              : EINVAL;
}

WRAP(int, pthread_rwlock_init, pthread_rwlock_t *object, const pthread_rwlockattr_t *attributes)
{
    ENTER();
    struct rwlock *lock = (struct rwlock *)object;
    (void)attributes;
    fiber_write(lock, sizeof *lock);
    *lock = (struct rwlock){0};
    return 0;
}

WRAP(int, pthread_rwlock_destroy, pthread_rwlock_t *object)
{
    ENTER();
    struct rwlock *lock = (struct rwlock *)object;
    must_live(&lock->alive, "destroys a reader-writer lock", pc);
    if (lock->holders != 0) {
        fail(FOUND_MISUSE, pc, 0, "destroys a reader-writer lock that is locked");
    }
    set(&lock->alive, DESTROYED);
    return 0;
}

WRAP(int, pthread_rwlock_rdlock, pthread_rwlock_t *lock)
{
    ENTER();
    return read_lock((struct rwlock *)lock, NEVER, pc);
}

WRAP(int, pthread_rwlock_wrlock, pthread_rwlock_t *lock)
{
    ENTER();
    return write_lock((struct rwlock *)lock, NEVER, pc);
}

WRAP(int, pthread_rwlock_tryrdlock, pthread_rwlock_t *lock)
{
    ENTER();
    return try_read((struct rwlock *)lock, pc);
}

WRAP(int, pthread_rwlock_trywrlock, pthread_rwlock_t *lock)
{
    ENTER();
    return try_write((struct rwlock *)lock, pc);
}

WRAP(int, pthread_rwlock_timedrdlock, pthread_rwlock_t *lock, const struct timespec *time)
{
    ENTER();
    return lock_until(read_lock, lock, CLOCK_REALTIME, time, pc);
}

WRAP(int, pthread_rwlock_timedwrlock, pthread_rwlock_t *lock, const struct timespec *time)
{
    ENTER();
    return lock_until(write_lock, lock, CLOCK_REALTIME, time, pc);
}

WRAP(int, pthread_rwlock_clockrdlock, pthread_rwlock_t *lock, clockid_t clock,
     const struct timespec *time)
{
    ENTER();
    return lock_until(read_lock, lock, clock, time, pc);
}

WRAP(int, pthread_rwlock_clockwrlock, pthread_rwlock_t *lock, clockid_t clock,
     const struct timespec *time)
{
    ENTER();
    return lock_until(write_lock, lock, clock, time, pc);
}

WRAP(int, pthread_rwlock_unlock, pthread_rwlock_t *object)
{
    ENTER();
    struct rwlock *lock = (struct rwlock *)object;
    must_live(&lock->alive, "unlocks a reader-writer lock", pc);
    if (lock->mine == self()) {
        set(&lock->mine, 0);
        put(&lock->holders, sizeof lock->holders, 0, RELEASE, pc);
        return 0;
    }
    const uint32_t holders =
        change(&lock->holders, (struct request){.op = OP_SUB, .operand = 1, .order = RELEASE}, pc);
    if (holders == 0 || (holders & WRITER) != 0) {
        fail(FOUND_MISUSE, pc, 0, "unlocks a reader-writer lock that the thread does not hold");
    }
    return 0;
}

/* Spin locks */

WRAP(int, pthread_spin_init, pthread_spinlock_t *lock, int shared)
{
    ENTER();
    (void)shared;
    fiber_write(lock, sizeof *lock);
    *lock = 0;
    return 0;
}

WRAP(int, pthread_spin_destroy, pthread_spinlock_t *lock)
{
    ENTER();
    if (*lock != 0) {
        fail(FOUND_MISUSE, pc, 0, "destroys a spin lock that is locked");
    }
    return 0;
}

WRAP(int, pthread_spin_lock, pthread_spinlock_t *lock)
{
    ENTER();
    change((uint32_t *)(uintptr_t)lock,
           (struct request){.op = OP_CAS,
                            .operand = self(),
                            .wait = WAIT_EQUAL,
                            .expected = 0,
                            .order = ACQUIRE,
                            .failure = RELAXED},
           pc);
    return 0;
}

WRAP(int, pthread_spin_trylock, pthread_spinlock_t *lock)
{
    ENTER();
    return compare_and_set((uint32_t *)(uintptr_t)lock, 0, self(), false, pc) ? 0 : EBUSY;
}

WRAP(int, pthread_spin_unlock, pthread_spinlock_t *lock)
{
    ENTER();
    const uint32_t holder = change((uint32_t *)(uintptr_t)lock,
                                   (struct request){.op = OP_EXCHANGE, .order = RELEASE}, pc);
    if (holder != self()) {
        fail(FOUND_MISUSE, pc, 0, "unlocks a spin lock that the thread does not hold");
    }
    return 0;
}

/* Barriers. The last to arrive is the one that is told so; as threads arrive in every order,
 * everybody is. It opens the round, and there is no other write that could end a wait for it.
 */

WRAP(int, pthread_barrier_init, pthread_barrier_t *object, const pthread_barrierattr_t *attributes,
     unsigned threads)
{
    ENTER();
    struct barrier *barrier = (struct barrier *)object;
    (void)attributes;
    if (threads == 0) {
        return EINVAL;
    }
    fiber_write(barrier, sizeof *barrier);
    *barrier = (struct barrier){.threads = threads};
    return 0;
}

WRAP(int, pthread_barrier_destroy, pthread_barrier_t *object)
{
    ENTER();
    struct barrier *barrier = (struct barrier *)object;
    must_live(&barrier->alive, "destroys a barrier", pc);
    if (barrier->threads != 0 && barrier->arrived % barrier->threads != 0) {
        fail(FOUND_MISUSE, pc, 0, "destroys a barrier at which a thread waits");
    }
    set(&barrier->alive, DESTROYED);
    return 0;
}

WRAP(int, pthread_barrier_wait, pthread_barrier_t *object)
{
    ENTER();
    struct barrier *barrier = (struct barrier *)object;
    must_live(&barrier->alive, "waits at a barrier", pc);
    if (barrier->threads == 0) {
        fail(FOUND_MISUSE, pc, 0, "waits at a barrier that was not initialised");
    }
    const uint32_t arrived = change(
        &barrier->arrived, (struct request){.op = OP_ADD, .operand = 1, .order = ACQ_REL}, pc);
    const uint32_t round = arrived / barrier->threads;
    if (arrived % barrier->threads == barrier->threads - 1) {
        put(&barrier->round, sizeof barrier->round, round + 1, RELEASE, pc);
        return PTHREAD_BARRIER_SERIAL_THREAD;
    }
    change(&barrier->round,
           (struct request){.wait = WAIT_UNEQUAL, .expected = round, .order = ACQUIRE}, pc);
    return 0;
}

/* Semaphores */

static int try_wait(struct semaphore *semaphore, uintptr_t pc)
{
    must_live(&semaphore->alive, "waits for a semaphore", pc);
    const uint32_t value = change(&semaphore->value,
                                  (struct request){.op = OP_SUB,
                                                   .operand = 1,
                                                   .wait = WAIT_UNEQUAL | WAIT_TRY,
                                                   .expected = 0,
                                                   .order = ACQUIRE},
                                  pc);
    return value > 0 ? 0 : EAGAIN;
}

static int semaphore_wait(struct semaphore *semaphore, uint64_t deadline, uintptr_t pc)
{
    must_live(&semaphore->alive, "waits for a semaphore", pc);
    if (deadline != NEVER) {
        if (try_wait(semaphore, pc) == 0) {
            return 0;
        }
        if (sleep_gives_up(deadline, pc)) {
            instant_reach(deadline);
            return ETIMEDOUT;
        }
    }
    change(&semaphore->value,
           (struct request){.op = OP_SUB,
                            .operand = 1,
                            .wait = WAIT_UNEQUAL,
                            .expected = 0,
                            .timed = deadline != NEVER,
                            .order = ACQUIRE},
           pc);
    return 0;
}

static int semaphore_wait_until(sem_t *semaphore, clockid_t clock, const struct timespec *time,
                                uintptr_t pc)
{
    uint64_t deadline;
    return set_errno(instant_of(clock, time, &deadline)
                         ? semaphore_wait((struct semaphore *)semaphore, deadline, pc)
                         : EINVAL);
}

WRAP(int, sem_init, sem_t *object, int shared, unsigned value)
{
    ENTER();
    struct semaphore *semaphore = (struct semaphore *)object;
    (void)shared;
    if (value > SEM_VALUE_MAX) {
        return set_errno(EINVAL);
    }
    fiber_write(semaphore, sizeof *semaphore);
    *semaphore = (struct semaphore){.value = value};
    return 0;
}

WRAP(int, sem_destroy, sem_t *object)
{
    ENTER();
    struct semaphore *semaphore = (struct semaphore *)object;
    must_live(&semaphore->alive, "destroys a semaphore", pc);
    set(&semaphore->alive, DESTROYED);
    return 0;
}

WRAP(int, sem_wait, sem_t *semaphore)
{
    ENTER();
    return set_errno(semaphore_wait((struct semaphore *)semaphore, NEVER, pc));
}

WRAP(int, sem_trywait, sem_t *semaphore)
{
    ENTER();
    return set_errno(try_wait((struct semaphore *)semaphore, pc));
}

WRAP(int, sem_timedwait, sem_t *semaphore, const struct timespec *time)
{
    ENTER();
    return semaphore_wait_until(semaphore, CLOCK_REALTIME, time, pc);
}

WRAP(int, sem_clockwait, sem_t *semaphore, clockid_t clock, const struct timespec *time)
{
    ENTER();
    return semaphore_wait_until(semaphore, clock, time, pc);
}

WRAP(int, sem_post, sem_t *object)
{
    ENTER();
    struct semaphore *semaphore = (struct semaphore *)object;
    must_live(&semaphore->alive, "posts a semaphore", pc);
    change(&semaphore->value, (struct request){.op = OP_ADD, .operand = 1, .order = RELEASE}, pc);
    return 0;
}

WRAP(int, sem_getvalue, sem_t *object, int *value)
{
    ENTER();
    struct semaphore *semaphore = (struct semaphore *)object;
    must_live(&semaphore->alive, "looks at a semaphore", pc);
    const uint32_t now = (uint32_t)get(&semaphore->value, sizeof now, RELAXED, pc);
    fiber_write(value, sizeof *value);
    *value = (int)now;
    return 0;
}

/* Once. One event decides who runs the function; the others wait in it until it is done. */
enum { IDLE, RUNNING, DONE };

bool once_begin(uint32_t *state, uintptr_t pc)
{
    return change(state,
                  (struct request){.op = OP_CAS,
                                   .expected = IDLE,
                                   .operand = RUNNING,
                                   .wait = WAIT_OTHER,
                                   .order = ACQUIRE,
                                   .failure = ACQUIRE},
                  pc) == IDLE;
}

void once_end(uint32_t *state, bool done, uintptr_t pc)
{
    put(state, sizeof *state, done ? DONE : IDLE, RELEASE, pc);
}

static void run_once(uint32_t *state, void (*function)(void), uintptr_t pc)
{
    if (once_begin(state, pc)) {
        function();
        once_end(state, true, pc);
    }
}

WRAP(int, pthread_once, pthread_once_t *once, void (*function)(void))
{
    ENTER();
    run_once((uint32_t *)once, function, pc);
    return 0;
}

WRAP(void, call_once, once_flag *once, void (*function)(void))
{
    ENTER();
    run_once((uint32_t *)(void *)once, function, pc);
}
