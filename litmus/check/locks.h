/* locks.h - what the locks, barriers and so on of POSIX and C11 share (an mtx_t is a pthread_mutex_t).
 *
 * Each lives in the program's own object, whose static initialisers are all zero but for the kind of
 * a mutex. Taking a lock is one event that waits: a thread that must wait has none before it gets
 * the lock, and N threads that take one lock in turn make N! executions.
 */
#ifndef CORDON_CHECK_LOCKS_H
#define CORDON_CHECK_LOCKS_H

#include "environment.h"

/* What `alive` says. The initialisers leave it zero. */
enum { DESTROYED = 0x0dead };

/* Who holds a lock: never zero. */
static inline uint32_t self(void)
{
    return (running < 0 ? 0 : (uint32_t)running) + 1;
}

/* must_live - reading what only initialising and destroying write finds races with these, too. */
void must_live(const uint32_t *alive, const char *what, uintptr_t pc);

/* change - an atomic operation on a word that may have to wait; returns the old value. */
uint32_t change(uint32_t *word, struct request request, uintptr_t pc);
bool compare_and_set(uint32_t *word, uint32_t from, uint32_t to, bool weak, uintptr_t pc);

int thrd_result(int error);

/* once_begin - true: the caller is to do it, and then calls once_end. False: it has been done. */
bool once_begin(uint32_t *state, uintptr_t pc);
void once_end(uint32_t *state, bool done, uintptr_t pc);

void condition_init(void *object, clockid_t clock);
void condition_destroy(void *object, uintptr_t pc);
int condition_wait(void *object, void *mutex, uint64_t deadline, int order, uintptr_t pc);
void condition_wake(void *object, unsigned most, int order, uintptr_t pc);

#endif
