/* system.c - what the program asks of the operating system, and how it ends itself. */
#define _GNU_SOURCE
#include "environment.h"

#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

WRAP(int *, __errno_location, void)
{
    return &LOCALS(error)->error;
}

static long result_of(int error)
{
    if (error == 0) {
        return 0;
    }
    LOCALS(error)->error = error;
    return -1;
}

/* From linux/futex.h. */
enum {
    FUTEX_WAIT,
    FUTEX_WAKE,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET,
    FUTEX_PRIVATE = 128,
    FUTEX_REALTIME = 256
};

static long futex(const uintptr_t *argument, uintptr_t pc)
{
    const uintptr_t address = argument[0];
    const int operation = (int)argument[1] & ~(FUTEX_PRIVATE | FUTEX_REALTIME);
    const clockid_t clock =
        ((int)argument[1] & FUTEX_REALTIME) != 0 ? CLOCK_REALTIME : CLOCK_MONOTONIC;
    const uint32_t value = (uint32_t)argument[2];
    const struct timespec *time = (const struct timespec *)argument[3];
    const bool bits = operation == FUTEX_WAIT_BITSET || operation == FUTEX_WAKE_BITSET;
    const uint32_t mask = bits ? (uint32_t)argument[5] : UINT32_MAX;
    uint64_t deadline = NEVER;
    if (address % sizeof value != 0 || mask == 0) {
        return result_of(EINVAL);
    }
    switch (operation) {
    case FUTEX_WAIT:
    case FUTEX_WAIT_BITSET: /* whose time is not a duration but an instant */
        if (time != NULL &&
            !(bits ? instant_of(clock, time, &deadline) : instant_after(time, &deadline))) {
            return result_of(EINVAL);
        }
        return result_of(sleep_on_futex(address, value, deadline, mask, pc));
    case FUTEX_WAKE:
    case FUTEX_WAKE_BITSET:
        return sleep_wake_futex(address, (int)value < 1 ? 1 : value, mask, pc);
    default:
        fail(FOUND_UNSUPPORTED, pc, 0, "futex operation %d", operation);
        return result_of(ENOSYS);
    }
}

/* From linux/membarrier.h. The barrier is the heavy side of an asymmetric pair of fences. */
enum {
    MEMBARRIER_QUERY = 0,
    MEMBARRIER_PRIVATE_EXPEDITED = 1 << 3,
    MEMBARRIER_REGISTER_PRIVATE_EXPEDITED = 1 << 4
};

static long membarrier(int command, uintptr_t pc)
{
    if (options.no_membarrier) {
        return result_of(ENOSYS);
    }
    switch (command) {
    case MEMBARRIER_QUERY:
        return MEMBARRIER_PRIVATE_EXPEDITED | MEMBARRIER_REGISTER_PRIVATE_EXPEDITED;
    case MEMBARRIER_REGISTER_PRIVATE_EXPEDITED:
        return 0;
    case MEMBARRIER_PRIVATE_EXPEDITED:
        ask((struct request){.kind = FENCE, .order = HEAVY}, pc);
        ask((struct request){.kind = FENCE, .order = HEAVY_END}, pc);
        return 0;
    default:
        fail(FOUND_UNSUPPORTED, pc, 0, "membarrier command %d", command);
        return result_of(EINVAL);
    }
}

enum { PROCESS = 1000 };

static pid_t thread_id(void)
{
    return PROCESS + (running < 0 ? 0 : running);
}

WRAP(long, syscall, long number, ...)
{
    ENTER();
    uintptr_t argument[6];
    va_list arguments;
    va_start(arguments, number);
    for (int i = 0; i < 6; ++i) {
        argument[i] = va_arg(arguments, uintptr_t);
    }
    va_end(arguments);
    switch (number) {
    case SYS_futex:
        return futex(argument, pc);
    case SYS_membarrier:
        return membarrier((int)argument[0], pc);
    case SYS_gettid:
        return thread_id();
    case SYS_getpid:
        return PROCESS;
    case SYS_sched_yield:
        return 0;
    default:
        fail(FOUND_UNSUPPORTED, pc, 0, "system call %ld", number);
        return result_of(ENOSYS);
    }
}

WRAP(pid_t, gettid, void)
{
    return thread_id();
}

WRAP(pid_t, getpid, void)
{
    return PROCESS;
}

/* An execution must not depend on the machine at hand. */
WRAP(long, sysconf, int name)
{
    ENTER();
    switch (name) {
    case _SC_NPROCESSORS_CONF:
    case _SC_NPROCESSORS_ONLN:
        return 2;
    case _SC_PAGESIZE:
        return 4096;
    case _SC_LEVEL1_DCACHE_LINESIZE:
        return 64;
    case _SC_CLK_TCK:
        return 100;
    default:
        fail(FOUND_UNSUPPORTED, pc, 0, "sysconf(%d)", name);
        return result_of(EINVAL);
    }
}

WRAP(int, get_nprocs, void)
{
    return 2;
}

WRAP(int, get_nprocs_conf, void)
{
    return 2;
}

WRAP(int, getpagesize, void)
{
    return 4096;
}

WRAP(char *, getenv, const char *name)
{
    (void)name;
    return NULL;
}

WRAP(char *, secure_getenv, const char *name)
{
    (void)name;
    return NULL;
}

/* The end */

static void end_process(int status, const char *how, uintptr_t pc)
{
    if (status != 0) {
        fail(FOUND_EXIT, pc, 0, "%s(%d)", how, status);
    }
    if (!threads_are_joined()) {
        fail(FOUND_UNSUPPORTED, pc, 0,
             "%s(0) while other threads may run; let main join them and return", how);
    }
    thread_end(pc);
}

WRAP(void, exit, int status)
{
    ENTER();
    end_process(status, "exit", pc);
}

WRAP(void, _exit, int status)
{
    ENTER();
    end_process(status, "_exit", pc);
}

WRAP(void, _Exit, int status)
{
    ENTER();
    end_process(status, "_Exit", pc);
}

WRAP(void, quick_exit, int status)
{
    ENTER();
    end_process(status, "quick_exit", pc);
}

WRAP(void, abort, void)
{
    ENTER();
    fail(FOUND_ABORT, pc, 0, "abort()");
}

WRAP(void, __assert_fail, const char *expression, const char *file, unsigned line,
     const char *function)
{
    ENTER();
    fail(FOUND_ASSERTION, pc, 0, "%s:%u: %s: assertion '%s' failed", file, line, function,
         expression);
}

WRAP(void, __assert_perror_fail, int error, const char *file, unsigned line, const char *function)
{
    ENTER();
    fail(FOUND_ASSERTION, pc, 0, "%s:%u: %s: unexpected error: %s", file, line, function,
         strerror(error));
}

WRAP(void, __stack_chk_fail, void)
{
    ENTER();
    fail(FOUND_OVERFLOW, pc, 0, "an array on the stack was written beyond its end");
}
