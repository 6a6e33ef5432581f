/* team.h - threads that do the same work at the same time, block after block.
 *
 * The threads are started once and wait between the blocks, so that a block costs a wake-up and not a
 * thread's birth. With as many CPUs as threads each is pinned to one of its own. With fewer, all of them
 * are bound to the set of CPUs and the scheduler moves them about, as it would a program's threads.
 */
#ifndef CORDON_BENCH_TEAM_H
#define CORDON_BENCH_TEAM_H

#include "machine/machine.h"

#include <cordon/atomic.h>
#include <cordon/cpu.h>
#include <cordon/wait.h>

/* What a member of the team is given in a block, and what it gives back. */
struct team_member {
    CORDON_ALIGNED(CORDON_LINE) unsigned index; /* 0 to threads - 1 */
    unsigned cpu;                               /* os number; MACHINE_UNKNOWN if it is not pinned */
    const CORDON_ATOMIC(uint32_t) * stop;       /* leave soon after it became other than zero */
    void *context;                              /* of team_run */
    uint64_t operations;                        /* the work sets it */
    uint64_t began, ended;                      /* ns, of CLOCK_MONOTONIC: around the work */
    long preempted; /* how often its core was taken from it in the work */
};

/* The work of one member. It reads *stop once an operation or so. */
typedef void team_work(struct team_member *member);

struct team;

/* team_start - so many threads on these CPUs (os numbers); NULL after saying why not. */
struct team *team_start(unsigned threads, const unsigned *cpus, unsigned cpu_count);

/* team_run - all of them work at once for so many ns, less if the program is interrupted.
 * Returns the time from when all had begun until the last one had ended, in ns. With ns == 0 the stop
 * is never set, and the work ends by itself.
 */
uint64_t team_run(struct team *team, team_work *work, void *context, uint64_t ns);

/* team_run in its parts, for who looks in between: all begin; a pause, shorter if the program is
 * interrupted; the stop is set, and all are awaited; or they are awaited without it.
 */
void team_go(struct team *team, team_work *work, void *context);
void team_sleep(uint64_t ns);
uint64_t team_halt(struct team *team);
uint64_t team_await(struct team *team);

unsigned team_threads(const struct team *team);

/* team_member - what that one gave back in the last block. */
const struct team_member *team_member(const struct team *team, unsigned index);

/* team_end - the threads end; NULL is no team. */
void team_end(struct team *team);

/* TEAM_LOOK_AWAY - Begin and End of work that is built without ThreadSanitizer. That sees none of its
 * atomics, then, but sees what it lets libc do (memcpy): it is told to look away.
 */
#if CORDON_TSAN
void AnnotateIgnoreReadsBegin(const char *file, int line);
void AnnotateIgnoreReadsEnd(const char *file, int line);
void AnnotateIgnoreWritesBegin(const char *file, int line);
void AnnotateIgnoreWritesEnd(const char *file, int line);
#define TEAM_LOOK_AWAY(what) \
    (AnnotateIgnoreReads##what(__FILE__, __LINE__), AnnotateIgnoreWrites##what(__FILE__, __LINE__))
#else
#define TEAM_LOOK_AWAY(what) ((void)0)
#endif

#endif
