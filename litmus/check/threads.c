/* threads.c - threads, what is specific to them, and their end: POSIX and C11. */
#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <threads.h>

uintptr_t program_entry;

enum { DETACHED = 1, JOINED = 2 };

/* Changed by fiber_set. */
static struct thread {
    uint64_t exists, fate;
    uint64_t value; /* what it returned */
} threads[MAX_THREADS];

/* While the program's constructors run there is nobody else, and nothing to explore. */
static uint64_t do_alone(const struct request *request)
{
    const int size = request->size;
    uint64_t value = 0, next = request->operand;
    if (request->kind == READ) {
        value = native_read_location(request->address, size);
        switch (request->op) {
        case OP_NONE:
            return value;
        case OP_CAS:
            next = value == request->expected ? next : value;
            break;
        case OP_ADD:
            next = value + next;
            break;
        case OP_SUB:
            next = value - next;
            break;
        case OP_OR:
            next = value | next;
            break;
        default:
            break;
        }
    } else if (request->kind != WRITE) {
        fail(FOUND_UNSUPPORTED, request->pc, 0, "a constructor that starts or joins threads");
        return 0;
    }
    native_write_location(request->address, size, next);
    return value;
}

uint64_t ask(struct request request, uintptr_t pc)
{
    request.pc = pc;
    const uint64_t answer = running < 0 ? do_alone(&request) : fiber_ask(request);
    program_entry = pc; /* others have run */
    return answer;
}

uint64_t choose(unsigned count, uintptr_t pc)
{
    const uint64_t chosen = running < 0 ? 0 : fiber_choose(count);
    program_entry = pc;
    return chosen;
}

/* A handle is the thread's number plus one: none is zero. */
static pthread_t handle_of(int thread)
{
    return (pthread_t)thread + 1;
}

static int thread_of(pthread_t handle, const char *what, uintptr_t pc)
{
    const pthread_t thread = handle - 1;
    if (thread >= MAX_THREADS || (thread != 0 && !threads[thread].exists)) {
        fail(FOUND_MISUSE, pc, 0, "%s a thread that does not exist", what);
        return 0;
    }
    return (int)thread;
}

static int start(uintptr_t function, uintptr_t argument, bool detached, uintptr_t pc)
{
    const int thread =
        (int)ask((struct request){.kind = CREATE, .operand = function, .expected = argument}, pc);
    struct thread *new = &threads[thread];
    fiber_set(&new->exists, 1);
    fiber_set(&new->fate, detached ? DETACHED : 0);
    fiber_set(&new->value, 0);
    return thread;
}

pthread_t thread_start(uintptr_t function, uintptr_t argument, uintptr_t pc)
{
    return handle_of(start(function, argument, false, pc));
}

uint64_t thread_join(pthread_t handle, uintptr_t pc)
{
    const int t = thread_of(handle, "joins", pc);
    if (t == running) {
        fail(FOUND_DEADLOCK, pc, 0, "a thread joins itself");
    }
    if (threads[t].fate != 0) {
        fail(FOUND_MISUSE, pc, 0, "joins a thread that was %s before",
             threads[t].fate == DETACHED ? "detached" : "joined");
    }
    fiber_set(&threads[t].fate, JOINED);
    ask((struct request){.kind = JOIN, .other = (uint8_t)t}, pc);
    return threads[t].value;
}

void thread_detach(pthread_t handle, uintptr_t pc)
{
    const int t = thread_of(handle, "detaches", pc);
    if (threads[t].fate != 0) {
        fail(FOUND_MISUSE, pc, 0, "detaches a thread that was %s before",
             threads[t].fate == DETACHED ? "detached" : "joined");
    }
    fiber_set(&threads[t].fate, DETACHED);
}

bool threads_are_joined(void)
{
    for (int t = 1; t < MAX_THREADS; ++t) {
        if (threads[t].exists && threads[t].fate != JOINED) {
            return false;
        }
    }
    return running == 0;
}

/* What is specific to a thread. A key's number tells who made it, so that threads which make keys
 * at the same time cannot affect each other; those of constructors have numbers of their own.
 */
enum { KEYS = (MAX_THREADS + 1) * MOST_KEYS };
static struct key {
    uint64_t exists, destructor;
} keys[KEYS];
static unsigned keys_of_constructors;

static unsigned make_key(uintptr_t destructor, uintptr_t pc)
{
    const unsigned number = running < 0 ? keys_of_constructors++ : LOCALS(keys)->keys++;
    if (number >= MOST_KEYS) {
        fail(FOUND_BOUND, pc, 0, "a thread makes more than %d keys", MOST_KEYS);
    }
    const unsigned maker = running < 0 ? MAX_THREADS : (unsigned)running;
    const unsigned key = maker * MOST_KEYS + number % MOST_KEYS;
    fiber_set(&keys[key].exists, 1);
    fiber_set(&keys[key].destructor, destructor);
    return key;
}

static bool key_exists(uint64_t key)
{
    return key < KEYS && keys[key].exists;
}

static void **value_of(uint64_t key)
{
    struct locals *mine = LOCALS(specifics);
    for (unsigned i = 0; i < mine->specifics; ++i) {
        if (mine->specific[i].key == key) {
            return &mine->specific[i].value;
        }
    }
    return NULL;
}

static int set_value(uint64_t key, void *value, uintptr_t pc)
{
    if (!key_exists(key)) {
        fail(FOUND_MISUSE, pc, 0, "sets the value of a key that does not exist");
        return EINVAL;
    }
    void **where = value_of(key);
    if (where == NULL && value != NULL) {
        struct locals *mine = LOCALS(specific);
        if (mine->specifics == MOST_KEYS) {
            fail(FOUND_BOUND, pc, 0, "a thread has values of more than %d keys", MOST_KEYS);
            return ENOMEM;
        }
        mine->specific[mine->specifics].key = key;
        where = &mine->specific[mine->specifics++].value;
    }
    if (where != NULL) {
        *where = value;
    }
    return 0;
}

static void run_destructors(void)
{
    while (LOCALS(exits)->exits > 0) {
        struct locals *mine = LOCALS(exit);
        const unsigned last = --mine->exits;
        mine->exit[last].function(mine->exit[last].object);
    }
    bool again = true;
    for (int round = 0; again && round < PTHREAD_DESTRUCTOR_ITERATIONS; ++round) {
        again = false;
        for (unsigned i = 0; i < LOCALS(specifics)->specifics; ++i) {
            struct locals *mine = LOCALS(specific);
            const struct key *key = &keys[mine->specific[i].key];
            void (*destructor)(void *) = (void (*)(void *))(uintptr_t)key->destructor;
            void *value = mine->specific[i].value;
            mine->specific[i].value = NULL;
            if (key->exists && destructor != NULL && value != NULL) {
                destructor(value);
                again = true;
            }
        }
    }
}

bool thread_on_exit(void (*function)(void *), void *object)
{
    struct locals *mine = LOCALS(exit);
    if (mine->exits == MOST_EXITS) {
        return false;
    }
    mine->exit[mine->exits].function = function;
    mine->exit[mine->exits++].object = object;
    return true;
}

/* Returning from main is exit(): what is specific to the thread stays. */
void threads_at_exit(uint64_t value)
{
    if (running == 0) {
        return;
    }
    run_destructors();
    fiber_set(&threads[running].value, value);
}

void thread_end(uintptr_t pc)
{
    ask((struct request){.kind = END}, pc);
    for (;;) {
        fiber_ask((struct request){.kind = REQUEST_BLOCK});
    }
}

/* POSIX */

WRAP(int, pthread_create, pthread_t *thread, const pthread_attr_t *attributes,
     void *(*function)(void *), void *argument)
{
    ENTER();
    const bool detached = attributes != NULL && attributes_detached(attributes);
    const int made = start((uintptr_t)function, (uintptr_t)argument, detached, pc);
    fiber_write(thread, sizeof *thread);
    *thread = handle_of(made);
    return 0;
}

WRAP(int, pthread_join, pthread_t thread, void **value_at)
{
    ENTER();
    const uint64_t value = thread_join(thread, pc);
    if (value_at != NULL) {
        fiber_write(value_at, sizeof *value_at);
        *value_at = (void *)(uintptr_t)value;
    }
    return 0;
}

WRAP(int, pthread_detach, pthread_t thread)
{
    ENTER();
    thread_detach(thread, pc);
    return 0;
}

WRAP(pthread_t, pthread_self, void)
{
    return handle_of(running < 0 ? 0 : running);
}

WRAP(int, pthread_equal, pthread_t a, pthread_t b)
{
    return a == b;
}

WRAP(void, pthread_exit, void *value)
{
    ENTER();
    run_destructors();
    program_entry = pc;
    fiber_set(&threads[running].value, (uintptr_t)value);
    thread_end(pc);
}

WRAP(int, pthread_key_create, pthread_key_t *key, void (*destructor)(void *))
{
    ENTER();
    const unsigned made = make_key((uintptr_t)destructor, pc);
    fiber_write(key, sizeof *key);
    *key = made;
    return 0;
}

WRAP(int, pthread_key_delete, pthread_key_t key)
{
    ENTER();
    if (!key_exists(key)) {
        fail(FOUND_MISUSE, pc, 0, "deletes a key that does not exist");
        return EINVAL;
    }
    fiber_set(&keys[key].exists, 0);
    return 0;
}

WRAP(int, pthread_setspecific, pthread_key_t key, const void *value)
{
    ENTER();
    return set_value(key, (void *)(uintptr_t)value, pc);
}

WRAP(void *, pthread_getspecific, pthread_key_t key)
{
    void **where = value_of(key);
    return where != NULL ? *where : NULL;
}

/* Nobody can cancel, so everybody may be as it likes. */
WRAP(int, pthread_setcancelstate, int state, int *old)
{
    ENTER();
    (void)state;
    if (old != NULL) {
        fiber_write(old, sizeof *old);
        *old = PTHREAD_CANCEL_ENABLE;
    }
    return 0;
}

WRAP(int, pthread_setcanceltype, int type, int *old)
{
    ENTER();
    (void)type;
    if (old != NULL) {
        fiber_write(old, sizeof *old);
        *old = PTHREAD_CANCEL_DEFERRED;
    }
    return 0;
}

WRAP(void, pthread_testcancel, void)
{
}

WRAP(int, pthread_setname_np, pthread_t thread, const char *name)
{
    (void)thread;
    (void)name;
    return 0;
}

WRAP(int, sched_yield, void)
{
    return 0;
}

WRAP(int, pthread_yield, void)
{
    return 0;
}

WRAP(int, sched_getcpu, void)
{
    return 0;
}

/* Where threads run makes no difference. */
WRAP(int, pthread_setaffinity_np, pthread_t thread, size_t size, const cpu_set_t *set)
{
    (void)thread;
    (void)size;
    (void)set;
    return 0;
}

WRAP(int, sched_setaffinity, pid_t process, size_t size, const cpu_set_t *set)
{
    (void)process;
    (void)size;
    (void)set;
    return 0;
}

/* C11 */

WRAP(int, thrd_create, thrd_t *thread, thrd_start_t function, void *argument)
{
    ENTER();
    const int made = start((uintptr_t)function, (uintptr_t)argument, false, pc);
    fiber_write(thread, sizeof *thread);
    *thread = handle_of(made);
    return thrd_success;
}

WRAP(int, thrd_join, thrd_t thread, int *value_at)
{
    ENTER();
    const uint64_t value = thread_join(thread, pc);
    if (value_at != NULL) {
        fiber_write(value_at, sizeof *value_at);
        *value_at = (int)(uint32_t)value;
    }
    return thrd_success;
}

WRAP(int, thrd_detach, thrd_t thread)
{
    ENTER();
    thread_detach(thread, pc);
    return thrd_success;
}

WRAP(thrd_t, thrd_current, void)
{
    return handle_of(running < 0 ? 0 : running);
}

WRAP(int, thrd_equal, thrd_t a, thrd_t b)
{
    return a == b;
}

WRAP(void, thrd_exit, int value)
{
    ENTER();
    run_destructors();
    program_entry = pc;
    fiber_set(&threads[running].value, (uint32_t)value);
    thread_end(pc);
}

WRAP(void, thrd_yield, void)
{
}

WRAP(int, tss_create, tss_t *key, tss_dtor_t destructor)
{
    ENTER();
    const unsigned made = make_key((uintptr_t)destructor, pc);
    fiber_write(key, sizeof *key);
    *key = made;
    return thrd_success;
}

WRAP(void, tss_delete, tss_t key)
{
    ENTER();
    if (!key_exists(key)) {
        fail(FOUND_MISUSE, pc, 0, "deletes a key that does not exist");
        return;
    }
    fiber_set(&keys[key].exists, 0);
}

WRAP(int, tss_set, tss_t key, void *value)
{
    ENTER();
    return set_value(key, value, pc) == 0 ? thrd_success : thrd_error;
}

WRAP(void *, tss_get, tss_t key)
{
    void **where = value_of(key);
    return where != NULL ? *where : NULL;
}
