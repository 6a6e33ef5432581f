/* share.c - see share.h */
#define _GNU_SOURCE
#include "share.h"

#include "check.h"
#include "edges.h"
#include "explore.h"
#include "graph.h"
#include "sites.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <signal.h>
#include <unistd.h>

enum {
    WORTH =
        4096 /* executions that a process explores before it forks: what a fork costs, and more */
};

struct counts counted;
static bool forked;
static uint64_t since; /* the start, or the last fork */

static void add(_Atomic double *sum, double share)
{
    double old = atomic_load_explicit(sum, memory_order_relaxed);
    while (!atomic_compare_exchange_weak_explicit(sum, &old, old + share, memory_order_relaxed,
                                                  memory_order_relaxed)) {
    }
}

void share_flush(void)
{
    atomic_fetch_add_explicit(&result->complete, counted.complete, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->blocked, counted.blocked, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->dropped, counted.dropped, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->inconsistent, counted.inconsistent, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->events, counted.events, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->bounded, counted.bounded, memory_order_relaxed);
    atomic_fetch_add_explicit(&result->random, counted.random, memory_order_relaxed);
    add(&result->explored, counted.explored);
    counted = (struct counts){0};
}

bool share_stop(void)
{
    return atomic_load_explicit(&result->stop, memory_order_relaxed) ||
           atomic_load_explicit(&result->finding, memory_order_relaxed) != FOUND_NOTHING;
}

/* The frame nearest to the root that has an item left: its items lead to the largest parts. */
static struct frame *outermost(void)
{
    for (int i = 0; i < frame_depth(); ++i) {
        if (frame_at(i)->item_count > 0) {
            return frame_at(i);
        }
    }
    return NULL;
}

void share_work(void)
{
    since = since ? since : explore_now();
    if (options.jobs < 2 || explore_now() - since < WORTH ||
        atomic_load_explicit(&result->working, memory_order_relaxed) >= options.jobs) {
        return;
    }
    struct frame *from = outermost();
    if (!from || (from == graph && from->item_count < 2)) {
        return;
    }
    if (atomic_fetch_add_explicit(&result->working, 1, memory_order_relaxed) >= options.jobs) {
        atomic_fetch_sub_explicit(&result->working, 1, memory_order_relaxed);
        return;
    }
    share_flush();
    const int given = (from->item_count + 1) / 2;
    const pid_t parent = getpid();
    const pid_t child = fork();
    since = explore_now();
    if (child < 0) {
        atomic_fetch_sub_explicit(&result->working, 1, memory_order_relaxed);
        return; /* no more processes: go on alone */
    }
    if (child > 0) {
        from->item_count -= given;
        memmove(from->items, from->items + given, (size_t)from->item_count * sizeof *from->items);
        return;
    }
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(EXIT_FAILURE);
    }
    forked = true;
    sites_forget();
    edges_forget();
    for (int i = 0; i < frame_depth(); ++i) {
        if (frame_at(i) != from) {
            frame_at(i)->item_count = 0;
        }
    }
    from->item_count = given;
}

void share_end(void)
{
    share_flush();
    sites_flush();
    edges_flush();
    atomic_fetch_sub_explicit(&result->working, 1, memory_order_relaxed);
    int status;
    bool lost = false;
    for (;;) {
        const pid_t pid = wait(&status);
        if (pid > 0) {
            lost = lost || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
        } else if (errno == ECHILD) {
            break;
        }
    }
    if (forked) {
        _exit(lost ? EXIT_FAILURE : EXIT_SUCCESS);
    }
    if (!lost && !share_stop()) {
        atomic_store_explicit(&result->finished, true, memory_order_relaxed);
    } else if (lost && !share_stop()) {
        fail(FOUND_BOUND, 0, 0, "one of the exploring processes died: its part is not explored");
    }
}
