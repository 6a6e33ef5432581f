/* clock.c - time, as the program sees it.
 *
 * A program that is explored has no time; what it may depend on is which deadlines have passed. So
 * the clock of a thread stands still, except that at any look it may be found to have jumped, once,
 * thirteen days ahead. Waiting moves it, too: a thread that slept, or whose deadline passed, sees a
 * clock that agrees. The clocks of two threads say nothing about each other.
 */
#define _GNU_SOURCE
#include "environment.h"

#include <errno.h>
#include <sys/time.h>
#include <unistd.h>

enum { SECOND = 1000000000 };
#define JUMP (UINT64_C(1) << 50)

/* What the clocks show at the start, in seconds. */
static uint64_t start_of(clockid_t clock)
{
    switch (clock) {
    case CLOCK_REALTIME:
    case CLOCK_REALTIME_COARSE:
    case CLOCK_TAI:
        return 1600000000;
    case CLOCK_PROCESS_CPUTIME_ID:
    case CLOCK_THREAD_CPUTIME_ID:
        return 0;
    default:
        return 1000;
    }
}

static uint64_t look(uintptr_t pc)
{
    struct locals *mine = LOCALS(clock);
    if (!mine->jumped && choose(2, pc) == 1) {
        mine->jumped = true;
        mine->clock += JUMP;
    }
    return mine->clock;
}

/* Saturates well below NEVER; what lies centuries ahead is never. */
static bool nanoseconds_of(const struct timespec *time, uint64_t less, uint64_t *nanoseconds)
{
    fiber_read(time, sizeof *time);
    if (time->tv_nsec < 0 || time->tv_nsec >= SECOND || time->tv_sec < 0) {
        return false;
    }
    if ((uint64_t)time->tv_sec > UINT64_C(10000000000)) {
        *nanoseconds = NEVER;
    } else if ((uint64_t)time->tv_sec < less) {
        *nanoseconds = 0;
    } else {
        *nanoseconds = ((uint64_t)time->tv_sec - less) * SECOND + (uint64_t)time->tv_nsec;
    }
    return true;
}

bool instant_of(clockid_t clock, const struct timespec *time, uint64_t *instant)
{
    return nanoseconds_of(time, start_of(clock), instant);
}

bool instant_after(const struct timespec *time, uint64_t *instant)
{
    if (!nanoseconds_of(time, 0, instant)) {
        return false;
    }
    if (*instant != NEVER) {
        *instant += LOCALS(clock)->clock;
    }
    return true;
}

bool instant_past(uint64_t instant)
{
    return instant <= LOCALS(clock)->clock;
}

void instant_reach(uint64_t instant)
{
    if (LOCALS(clock)->clock < instant) {
        LOCALS(clock)->clock = instant;
    }
}

static struct timespec shown(uint64_t start, uint64_t now)
{
    return (struct timespec){(time_t)(start + now / SECOND), (long)(now % SECOND)};
}

int64_t clock_now(clockid_t clock, uintptr_t pc)
{
    return (int64_t)(start_of(clock) * SECOND + look(pc));
}

WRAP(int, clock_gettime, clockid_t clock, struct timespec *time)
{
    ENTER();
    const uint64_t now = look(pc);
    fiber_write(time, sizeof *time);
    *time = shown(start_of(clock), now);
    return 0;
}

WRAP(int, clock_getres, clockid_t clock, struct timespec *time)
{
    ENTER();
    (void)clock;
    if (time != NULL) {
        fiber_write(time, sizeof *time);
        *time = (struct timespec){0, 1};
    }
    return 0;
}

WRAP(int, timespec_get, struct timespec *time, int base)
{
    ENTER();
    const uint64_t now = look(pc);
    fiber_write(time, sizeof *time);
    *time = shown(start_of(CLOCK_REALTIME), now);
    return base;
}

WRAP(int, gettimeofday, struct timeval *time, void *zone)
{
    ENTER();
    (void)zone;
    const struct timespec now = shown(start_of(CLOCK_REALTIME), look(pc));
    fiber_write(time, sizeof *time);
    *time = (struct timeval){now.tv_sec, now.tv_nsec / 1000};
    return 0;
}

WRAP(time_t, time, time_t *into)
{
    ENTER();
    const time_t now = shown(start_of(CLOCK_REALTIME), look(pc)).tv_sec;
    if (into != NULL) {
        fiber_write(into, sizeof *into);
        *into = now;
    }
    return now;
}

WRAP(clock_t, clock, void)
{
    ENTER();
    return (clock_t)(look(pc) / (SECOND / CLOCKS_PER_SEC));
}

/* Sleeping orders nothing, so that only the clock tells of it. */
static int sleep_for(const struct timespec *time)
{
    uint64_t until;
    if (!instant_after(time, &until)) {
        return EINVAL;
    }
    if (until != NEVER) {
        instant_reach(until);
    }
    return 0;
}

WRAP(int, nanosleep, const struct timespec *time, struct timespec *left)
{
    ENTER();
    (void)left;
    const int error = sleep_for(time);
    if (error != 0) {
        LOCALS(error)->error = error;
    }
    return error == 0 ? 0 : -1;
}

WRAP(int, clock_nanosleep, clockid_t clock, int flags, const struct timespec *time,
     struct timespec *left)
{
    ENTER();
    (void)left;
    uint64_t until;
    if ((flags & TIMER_ABSTIME) == 0) {
        return sleep_for(time);
    }
    if (!instant_of(clock, time, &until)) {
        return EINVAL;
    }
    if (until != NEVER) {
        instant_reach(until);
    }
    return 0;
}

WRAP(int, usleep, useconds_t microseconds)
{
    instant_reach(LOCALS(clock)->clock + (uint64_t)microseconds * 1000);
    return 0;
}

WRAP(unsigned, sleep, unsigned seconds)
{
    instant_reach(LOCALS(clock)->clock + (uint64_t)seconds * SECOND);
    return 0;
}

WRAP(int, thrd_sleep, const struct timespec *time, struct timespec *left)
{
    ENTER();
    (void)left;
    return sleep_for(time) == 0 ? 0 : -2;
}
