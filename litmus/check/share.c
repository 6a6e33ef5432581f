/* share.c - see share.h */
#define _GNU_SOURCE
#include "share.h"

#include "check.h"
#include "edges.h"
#include "native.h"
#include "sites.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
    CLAIMS = 1 << 20,
    PER_SHARD = 64, /* parts for each, that they come out alike */
    PER_JOB = 1024
};

struct counts counted;
static unsigned worker;          /* 0: the first process */
static _Atomic uint64_t *claims; /* an open hash table of the paths of claimed items */

void share_start(void)
{
    if (options.jobs < 2 || options.random || options.replay) {
        return;
    }
    claims = mmap(NULL, CLAIMS * sizeof *claims, PROT_READ | PROT_WRITE,
                  MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (claims == MAP_FAILED) {
        abort();
    }
    const pid_t parent = getpid();
    for (unsigned i = 1; i < options.jobs; ++i) {
        const pid_t child = fork();
        if (child < 0) {
            return; /* no more processes: those that are there will do it */
        }
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (getppid() != parent) {
                _exit(EXIT_FAILURE);
            }
            worker = i;
            atomic_fetch_add_explicit(&result->working, 1, memory_order_relaxed);
            return;
        }
    }
}

/* What is thought to be larger belongs to the top of the tree. */
static bool is_top(double mass, unsigned parts, unsigned per_part)
{
    return parts > 1 && mass * per_part * parts >= 1;
}

bool share_counts(double mass)
{
    return (options.shard == 0 || !is_top(mass, options.shards, PER_SHARD)) &&
           (worker == 0 || !is_top(mass, options.jobs, PER_JOB * options.shards));
}

static bool claim(uint64_t path)
{
    path |= 1; /* 0 is an empty slot */
    for (size_t i = path >> 20, tried = 0; tried < CLAIMS; ++i, ++tried) {
        uint64_t there = 0;
        if (atomic_compare_exchange_strong_explicit(&claims[i % CLAIMS], &there, path,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            return true;
        }
        if (there == path) {
            return false;
        }
    }
    fail(FOUND_BOUND, 0, 0, "the table of parts is full: explore with -j 1 or more --shards");
    return false;
}

bool share_skips(const struct item *item)
{
    if (is_top(item->parent_mass, options.shards, PER_SHARD) &&
        !is_top(item->mass, options.shards, PER_SHARD) &&
        (item->path >> 8) % options.shards != options.shard) {
        return true;
    }
    return claims && is_top(item->parent_mass, options.jobs, PER_JOB * options.shards) &&
           !is_top(item->mass, options.jobs, PER_JOB * options.shards) && !claim(item->path);
}

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
    int threads = atomic_load_explicit(&result->threads, memory_order_relaxed);
    while (counted.threads > threads &&
           !atomic_compare_exchange_weak_explicit(&result->threads, &threads, counted.threads,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
    counted = (struct counts){0};
}

bool share_stop(void)
{
    return atomic_load_explicit(&result->stop, memory_order_relaxed) ||
           atomic_load_explicit(&result->finding, memory_order_relaxed) != FOUND_NOTHING;
}

void share_end(void)
{
    share_flush();
    sites_flush();
    edges_flush();
    atomic_fetch_sub_explicit(&result->working, 1, memory_order_relaxed);
    if (worker != 0) {
        _exit(EXIT_SUCCESS);
    }
    bool lost = false;
    for (;;) {
        int status;
        const pid_t child = wait(&status);
        if (child > 0) {
            lost = lost || !WIFEXITED(status) || WEXITSTATUS(status) != 0;
        } else if (errno != EINTR) {
            break;
        }
    }
    if (share_stop()) {
        return;
    }
    if (lost) {
        fail(FOUND_BOUND, 0, 0,
             "one of the exploring processes died, and its part is not explored");
    } else {
        atomic_store_explicit(&result->finished, true, memory_order_relaxed);
    }
}
