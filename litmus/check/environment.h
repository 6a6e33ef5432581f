/* environment.h - what the runtime's stand-ins for the C and C++ libraries share.
 *
 * The program's call to NAME arrives at __wrap_NAME, on the fiber of the thread that makes it. What
 * such a function remembers between events lies in the program's own objects (announced by
 * fiber_write), in the thread's `struct locals`, in words that only events change, or is changed by
 * fiber_set: all of it goes back in time with the execution.
 */
#ifndef CORDON_CHECK_ENVIRONMENT_H
#define CORDON_CHECK_ENVIRONMENT_H

#include "check.h"
#include "graph.h"
#include "native.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

/* WRAP(type, name, parameters...) - the head of the function that stands in for `name`. */
#define WRAP(type, name, ...)        \
    type __wrap_##name(__VA_ARGS__); \
    type __wrap_##name(__VA_ARGS__)

/* The first thing in each of them: the place of the program's call. */
#define ENTER()                                                  \
    const uintptr_t pc = (uintptr_t)__builtin_return_address(0); \
    program_entry = pc

enum { MOST_KEYS = 8, MOST_EXITS = 8, MOST_EXCEPTIONS = 3, EXCEPTION_BYTES = 192 };

/* What a thread has of its own, zero at its start. What is seldom used comes last: only as much as
 * has been used is looked after.
 */
struct locals {
    int error;         /* errno */
    bool jumped;       /* its clock has jumped ahead */
    bool woken_early;  /* it has had its spurious wake-up */
    uint8_t keys;      /* made by this thread */
    uint8_t specifics; /* in use, below */
    uint8_t exits;
    uint64_t clock;            /* nanoseconds since the start of time */
    unsigned char foreign[64]; /* thread-local variables of libstdc++ */
    struct {
        uint64_t key;
        void *value;
    } specific[MOST_KEYS];
    struct {
        void (*function)(void *);
        void *object;
    } exit[MOST_EXITS]; /* destructors of thread_local objects */
    uint64_t exception_globals[2];
    uint8_t exceptions_used;
    _Alignas(16) unsigned char exceptions[MOST_EXCEPTIONS][EXCEPTION_BYTES];
};

/* Only the first `size` bytes of the structure are needed. */
static inline struct locals *locals_upto(size_t size)
{
    return fiber_local(0, size);
}
#define LOCALS(last_member) \
    locals_upto(offsetof(struct locals, last_member) + sizeof((struct locals *)0)->last_member)

/* ask - an event for the program's call at pc. In the program's constructors, which run before there
 * is anything to explore, it is simply done.
 */
uint64_t ask(struct request request, uintptr_t pc);
uint64_t choose(unsigned count, uintptr_t pc);

static inline void put(volatile void *where, size_t size, uint64_t value, int order, uintptr_t pc)
{
    ask((struct request){.kind = WRITE,
                         .order = (uint8_t)order,
                         .size = (uint8_t)size,
                         .address = (uintptr_t)where,
                         .operand = value},
        pc);
}

static inline uint64_t get(const volatile void *where, size_t size, int order, uintptr_t pc)
{
    return ask((struct request){.kind = READ,
                                .order = (uint8_t)order,
                                .size = (uint8_t)size,
                                .address = (uintptr_t)where},
               pc);
}

/* A plain word of the program's own, changed by the runtime. */
static inline void set(uint32_t *where, uint32_t value)
{
    fiber_write(where, sizeof *where);
    *where = value;
}

/* threads_at_exit - the core calls it on the fiber of a thread whose function has returned this,
 * before it asks for END.
 */
void threads_at_exit(uint64_t value);

/* thread_foreign_local - the running thread's instance of a thread-local variable of libstdc++'s, by
 * its offset there.
 */
void *thread_foreign_local(size_t offset);

/* thread_end - the running thread ends here. */
_Noreturn void thread_end(uintptr_t pc);

/* threads_are_joined - is the caller main, and has every other thread been joined? */
bool threads_are_joined(void);

/* What POSIX, C11 and C++ threads share; a handle is a pthread_t. */
pthread_t thread_start(uintptr_t function, uintptr_t argument, uintptr_t pc);
uint64_t thread_join(pthread_t handle, uintptr_t pc);
void thread_detach(pthread_t handle, uintptr_t pc);
bool attributes_detached(const pthread_attr_t *attributes);
bool thread_on_exit(void (*function)(void *), void *object);

/* Time (clock.c). Each thread has a clock of its own; an instant is in its nanoseconds. */
#define NEVER UINT64_MAX

/* instant_of, instant_after - when that is: false if it is no valid time. */
bool instant_of(clockid_t clock, const struct timespec *time, uint64_t *instant);
bool instant_after(const struct timespec *time, uint64_t *instant);

/* clock_now - a look at a clock, in nanoseconds: every look may find that much time has passed. */
int64_t clock_now(clockid_t clock, uintptr_t pc);

/* instant_past - has the thread seen, without another look at its clock, that the instant is past? */
bool instant_past(uint64_t instant);

/* instant_reach - the thread has waited until then. */
void instant_reach(uint64_t instant);

/* Sets of sleeping threads (sleep.c): a word each, zero when empty. `order` is ACQ_REL, or RELAXED
 * where going to sleep and waking order nothing else.
 */
bool sleep_gives_up(uint64_t deadline, uintptr_t pc);
bool sleep_early(uintptr_t pc);
void sleep_enter(uint64_t *set, int order, uintptr_t pc);
void sleep_until_woken(uint64_t deadline, int order, uintptr_t pc);
unsigned sleep_wake(uint64_t *set, unsigned most, uint32_t mask, int order, uintptr_t pc);
int sleep_on_futex(uintptr_t address, uint32_t value, uint64_t deadline, uint32_t mask,
                   uintptr_t pc);
unsigned sleep_wake_futex(uintptr_t address, unsigned most, uint32_t mask, uintptr_t pc);

/* The program's memory (libc.c), for the call at program_entry. */
void *allocate(size_t size, size_t alignment, bool zeroed);
void deallocate(void *block);

/* output_wanted - print what the program prints. */
extern bool output_wanted;

#endif
