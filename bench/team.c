/* team.c - threads that do the same work at the same time, block after block. */
#define _GNU_SOURCE
#include "team.h"
#include "clock.h"
#include "machine/disturbance.h"
#include "cli/cli.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LONGEST_SLEEP = 50000000 }; /* ns, until an interrupt is noticed */

struct team {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) block; /* how many were begun */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) ready; /* members at the start of it */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) done;  /* members that have ended it */
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) stop;
    CORDON_ALIGNED(CORDON_LINE) team_work *work; /* NULL: end */
    unsigned threads, started, cpu_count;
    const unsigned *cpus;
    CORDON_ATOMIC(int) error; /* why one of them could not be pinned */
    pthread_t *thread;
    struct team_member *member;
};

struct recruit {
    struct team *team;
    unsigned index;
};

/* All members pass at about the same time: the last to come opens the gate. */
static void line_up(struct team *team)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    atomic_fetch_add_explicit(&team->ready, 1, memory_order_acq_rel); /* A0 <- R0; R0 -> A0, A1 */
    while (atomic_load_explicit(&team->ready, memory_order_acquire) <
           team->threads) { /* A1 <- R0 */
        cordon_wait_step(&waiter);
    }
}

static int bind_to(const struct team *team, struct team_member *member)
{
    cpu_set_t set;
    if (team->threads <= team->cpu_count) {
        member->cpu = team->cpus[member->index];
        return machine_pin(member->cpu) == 0 ? 0 : errno;
    }
    member->cpu = MACHINE_UNKNOWN;
    CPU_ZERO(&set);
    for (unsigned i = 0; i < team->cpu_count; ++i) {
        CPU_SET(team->cpus[i], &set);
    }
    return sched_setaffinity(0, sizeof set, &set) == 0 ? 0 : errno;
}

static void report(struct team *team)
{
    /* Only the last one wakes the waiting thread: it would take a core from one that still works. */
    if (atomic_fetch_add_explicit(&team->done, 1, memory_order_release) + 1 == /* R1 -> A2 */
        team->threads) {
        cordon_wake_all_u32(&team->done);
    }
}

static void await_all(struct team *team)
{
    uint32_t done;
    while ((done = atomic_load_explicit(&team->done, memory_order_acquire)) !=
           team->threads) { /* A2 <- R1 */
        (void)cordon_park_u32(&team->done, done, CORDON_NEVER);
    }
}

static void *entry(void *opaque)
{
    const struct recruit recruit = *(struct recruit *)opaque;
    struct team *team = recruit.team;
    struct team_member *member = &team->member[recruit.index];
    free(opaque);
    const int error = bind_to(team, member);
    if (error != 0) {
        atomic_store_explicit(&team->error, error,
                              memory_order_relaxed); /* `report` publishes it */
    }
    report(team);
    for (uint32_t block = 0;; ++block) {
        (void)cordon_wait_u32(&team->block, block, CORDON_NEVER); /* acquires from R2 */
        if (team->work == NULL) {
            return NULL;
        }
        line_up(team);
        const long before = machine_preemptions();
        member->began = cordon_now();
        team->work(member);
        member->ended = cordon_now();
        member->preempted = machine_preemptions() - before;
        report(team);
    }
}

static void begin(struct team *team, team_work *work)
{
    team->work = work;
    atomic_store_explicit(&team->ready, 0, memory_order_relaxed);
    atomic_store_explicit(&team->done, 0, memory_order_relaxed);
    atomic_store_explicit(&team->stop, 0, memory_order_relaxed);
    atomic_fetch_add_explicit(&team->block, 1, memory_order_release); /* R2 -> cordon_wait_u32 */
    cordon_wake_all_u32(&team->block);
}

static bool recruit(struct team *team, unsigned index)
{
    struct recruit *recruit = malloc(sizeof *recruit);
    if (recruit == NULL) {
        errno = ENOMEM;
        return false;
    }
    *recruit = (struct recruit){team, index};
    team->member[index].index = index;
    const int error = pthread_create(&team->thread[index], NULL, entry, recruit);
    if (error != 0) {
        free(recruit);
        errno = error;
        return false;
    }
    ++team->started;
    return true;
}

struct team *team_start(unsigned threads, const unsigned *cpus, unsigned cpu_count)
{
    struct team *team = cordon_aligned_alloc(CORDON_LINE, sizeof *team);
    struct team_member *members = cordon_aligned_alloc(CORDON_LINE, threads * sizeof *members);
    pthread_t *thread = calloc(threads, sizeof *thread);
    if (team == NULL || members == NULL || thread == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(team, 0, sizeof *team);
    memset(members, 0, threads * sizeof *members);
    team->threads = threads;
    team->cpus = cpus;
    team->cpu_count = cpu_count;
    team->member = members;
    team->thread = thread;
    for (unsigned i = 0; i < threads; ++i) {
        if (!recruit(team, i)) {
            cli_progress_clear();
            cli_error("cannot start thread %u of %u: %s", i + 1, threads, strerror(errno));
            team_end(team);
            return NULL;
        }
    }
    await_all(team);
    const int error = atomic_load_explicit(&team->error, memory_order_relaxed);
    if (error != 0) {
        cli_progress_clear();
        cli_error("cannot pin a thread to CPU %u%s: %s", cpus[0],
                  cpu_count > 1 ? " and the others" : "", strerror(error));
        team_end(team);
        return NULL;
    }
    return team;
}

void team_go(struct team *team, team_work *work, void *context)
{
    for (unsigned i = 0; i < team->threads; ++i) {
        team->member[i].context = context;
        team->member[i].stop = &team->stop;
        team->member[i].operations = 0;
    }
    begin(team, work);
}

void team_sleep(uint64_t ns)
{
    const uint64_t deadline = cordon_deadline_after(ns);
    for (uint64_t now; !cli_interrupted && (now = cordon_now()) < deadline;) {
        const uint64_t left = deadline - now < LONGEST_SLEEP ? deadline - now : LONGEST_SLEEP;
        const struct timespec nap = {0, (long)left};
        nanosleep(&nap, NULL);
    }
}

uint64_t team_halt(struct team *team)
{
    atomic_store_explicit(&team->stop, 1, memory_order_relaxed);
    return team_await(team);
}

uint64_t team_await(struct team *team)
{
    await_all(team);
    uint64_t began = 0, ended = 0;
    for (unsigned i = 0; i < team->threads; ++i) {
        began = team->member[i].began > began ? team->member[i].began : began;
        ended = team->member[i].ended > ended ? team->member[i].ended : ended;
    }
    return ended > began ? ended - began : 1;
}

uint64_t team_run(struct team *team, team_work *work, void *context, uint64_t ns)
{
    team_go(team, work, context);
    if (ns == 0) {
        return team_await(team);
    }
    team_sleep(ns);
    return team_halt(team);
}

unsigned team_threads(const struct team *team)
{
    return team->threads;
}

const struct team_member *team_member(const struct team *team, unsigned index)
{
    return &team->member[index];
}

void team_end(struct team *team)
{
    if (team == NULL) {
        return;
    }
    begin(team, NULL);
    for (unsigned i = 0; i < team->started; ++i) {
        pthread_join(team->thread[i], NULL);
    }
    free(team->thread);
    free(team->member);
    free(team);
}
