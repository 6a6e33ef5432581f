/* crowd.c - threads on other CPUs that run a kernel over and over while this one does. */
#define _GNU_SOURCE
#include "fences.h"
#include "cli/cli.h"
#include "machine/disturbance.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

struct member {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) orders; /* odd: run, even: stop */
    CORDON_ALIGNED(CORDON_LINE) struct fence_crowd *crowd;
    struct fence_work *work;
    unsigned cpu;
    int error; /* why it could not be pinned, or 0 */
    long preemptions;
    pthread_t thread;
};

struct fence_crowd {
    CORDON_ALIGNED(CORDON_LINE) CORDON_ATOMIC(uint32_t) reports;
    unsigned count, running;
    bool end;
    fence_kernel *kernel;
    uint64_t rounds;
    struct member *member;
};

static void report(struct fence_crowd *crowd)
{
    atomic_fetch_add_explicit(&crowd->reports, 1, memory_order_release); /* R1 -> A1 */
    cordon_wake_all_u32(&crowd->reports);
}

static void await_reports(struct fence_crowd *crowd, uint32_t from, uint32_t count)
{
    uint32_t now;
    while ((now = atomic_load_explicit(&crowd->reports, memory_order_acquire)) - /* A1 <- R1 */
               from <
           count) {
        (void)cordon_wait_u32(&crowd->reports, now, CORDON_NEVER);
    }
}

static void order(struct member *member)
{
    atomic_fetch_add_explicit(&member->orders, 1, memory_order_release); /* R0 -> A0 */
    cordon_wake_all_u32(&member->orders);
}

static void *member_entry(void *opaque)
{
    struct member *member = opaque;
    struct fence_crowd *crowd = member->crowd;
    member->error = machine_pin(member->cpu) == 0 ? 0 : errno;
    /* By this thread: the pages are near its CPU. */
    member->work = member->error == 0 ? cordon_aligned_alloc(4096, sizeof *member->work) : NULL;
    if (member->work != NULL) {
        memset(member->work, 0, sizeof *member->work);
    } else if (member->error == 0) {
        member->error = ENOMEM;
    }
    report(crowd);
    for (uint32_t seen = 0;; seen += 2) {
        while (atomic_load_explicit(&member->orders, memory_order_acquire) == seen) { /* A0 <- R0 */
            (void)cordon_wait_u32(&member->orders, seen, CORDON_NEVER);
        }
        if (crowd->end) {
            return NULL;
        }
        const long before = machine_preemptions();
        report(crowd);
        do {
            crowd->kernel(member->work, crowd->rounds);
        } while (atomic_load_explicit(&member->orders, memory_order_acquire) == /* A0 <- R0 */
                 seen + 1);
        member->preemptions = machine_preemptions() - before;
        report(crowd);
    }
}

struct fence_crowd *fence_crowd_start(const unsigned *cpu, unsigned count)
{
    struct fence_crowd *crowd = cordon_aligned_alloc(CORDON_LINE, sizeof *crowd);
    struct member *member = cordon_aligned_alloc(CORDON_LINE, (count + 1) * sizeof *member);
    int error = 0;
    if (crowd == NULL || member == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
    memset(crowd, 0, sizeof *crowd);
    memset(member, 0, (count + 1) * sizeof *member);
    crowd->member = member;
    for (; crowd->count < count && error == 0; crowd->count += error == 0) {
        member[crowd->count].crowd = crowd;
        member[crowd->count].cpu = cpu[crowd->count];
        error =
            pthread_create(&member[crowd->count].thread, NULL, member_entry, &member[crowd->count]);
    }
    if (error != 0) {
        cli_error("cannot start a thread: %s", strerror(error));
    }
    await_reports(crowd, 0, crowd->count);
    for (unsigned i = 0; i < crowd->count && error == 0; ++i) {
        error = member[i].error;
        if (error != 0) {
            cli_error("cannot pin a thread to CPU %u: %s", member[i].cpu, strerror(error));
        }
    }
    if (error != 0) {
        fence_crowd_end(crowd);
        return NULL;
    }
    return crowd;
}

void fence_crowd_run(struct fence_crowd *crowd, unsigned count, uint32_t stores,
                     fence_kernel *kernel, uint64_t rounds)
{
    const uint32_t from = atomic_load_explicit(&crowd->reports, memory_order_relaxed);
    crowd->kernel = kernel;
    crowd->rounds = rounds;
    crowd->running = count < crowd->count ? count : crowd->count;
    for (unsigned i = 0; i < crowd->running; ++i) {
        crowd->member[i].work->stores = stores;
        order(&crowd->member[i]);
    }
    await_reports(crowd, from, crowd->running);
}

long fence_crowd_stop(struct fence_crowd *crowd)
{
    const uint32_t from = atomic_load_explicit(&crowd->reports, memory_order_relaxed);
    long preemptions = 0;
    for (unsigned i = 0; i < crowd->running; ++i) {
        order(&crowd->member[i]);
    }
    await_reports(crowd, from, crowd->running);
    for (unsigned i = 0; i < crowd->running; ++i) {
        preemptions += crowd->member[i].preemptions;
    }
    crowd->running = 0;
    return preemptions;
}

void fence_crowd_end(struct fence_crowd *crowd)
{
    crowd->end = true;
    for (unsigned i = 0; i < crowd->count; ++i) {
        order(&crowd->member[i]);
    }
    for (unsigned i = 0; i < crowd->count; ++i) {
        pthread_join(crowd->member[i].thread, NULL);
        free(crowd->member[i].work);
    }
    free(crowd->member);
    free(crowd);
}
