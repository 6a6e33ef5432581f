/* check.h - what cordon-check is asked to do, and what it found.
 *
 * The process that explores (a child of the command) fills a `struct result` in memory it shares
 * with the command, so that nothing is lost however it ends.
 */
#ifndef CORDON_CHECK_CHECK_H
#define CORDON_CHECK_CHECK_H

#include "model.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum { MAX_EDGES = 4096, MAX_SITES = 4096 };

/* Gives the accesses and fences at these return addresses another order, without recompiling. */
struct mutation {
    bool strongest; /* seq_cst for all others */
    int count;
    struct {
        uintptr_t pc;    /* relative to the program's load address */
        uint8_t order;   /* an enum order; NO_FENCE removes a fence */
        uint8_t failure; /* compare-exchange: its failure order */
    } at[MAX_SITES];
};
enum { NO_FENCE = 0xff };

struct options {
    enum model model;
    bool cxx20;    /* release sequences as in C++20: without the thread's own later stores */
    bool spurious; /* compare_exchange_weak and condition variables may fail spuriously */
    bool ignore_races;
    bool no_membarrier; /* the kernel refuses membarrier(2) */
    unsigned unroll;    /* times a thread may come to one access from one call; 0: no bound */
    unsigned events;    /* of one execution, at most */
    uint64_t random;    /* so many random executions instead of all; 0: all */
    uint64_t seed;
    unsigned shard, shards; /* this part, of so many */
    unsigned jobs;
    uint64_t timeout;   /* nanoseconds; 0: none */
    bool edges;         /* collect synchronises-with edges */
    bool executions;    /* print every execution found */
    const char *replay; /* a recorded execution to repeat, and no other */
    const char *level;  /* how the program was compiled, for the record: "-O2"; or NULL */
    struct mutation mutation;
};
extern struct options options;

enum finding {
    FOUND_NOTHING,
    FOUND_ASSERTION,
    FOUND_ABORT,
    FOUND_RACE,
    FOUND_USE_AFTER_FREE,
    FOUND_DOUBLE_FREE,
    FOUND_BAD_FREE,
    FOUND_UNINITIALISED,
    FOUND_WILD_POINTER,
    FOUND_OVERFLOW, /* outside every block of the heap */
    FOUND_DEADLOCK,
    FOUND_ENDLESS_WAIT,
    FOUND_MISUSE, /* of a mutex, a barrier, ... */
    FOUND_NONDETERMINISM,
    FOUND_NO_EXECUTION, /* no execution completed */
    FOUND_EXIT,         /* the program ended itself with a non-zero status */
    /* Not the program's error, but no answer either. */
    FOUND_UNSUPPORTED, /* something that is not modelled */
    FOUND_BOUND        /* too many events, threads, or no progress */
};

/* An atomic operation of the program, by return address. */
struct site {
    uintptr_t pc;
    uint8_t kind; /* READ, WRITE, FENCE; an RMW is a READ with op */
    uint8_t op;
    uint8_t order, failure; /* as written */
    uint64_t count;
};

/* A synchronises-with edge between two operations, with the number of executions that show it. */
struct edge {
    uintptr_t release, acquire;
    uint64_t count;
    bool fences; /* two seq_cst fences instead, the first before the other: store buffering */
};

/* Written by the exploring processes, read by the command. */
struct result {
    _Atomic uint64_t complete, blocked, dropped; /* executions; dropped are found elsewhere */
    _Atomic uint64_t random;                     /* random walks made, complete or not */
    _Atomic uint64_t inconsistent, events;
    _Atomic uint64_t bounded; /* executions cut by --unroll */
    _Atomic double explored;  /* estimated share of the tree, 0 ... 1 */
    _Atomic int threads;      /* the most in one complete execution, main included */
    _Atomic unsigned working; /* processes that explore */
    _Atomic bool stop;        /* the command asks everybody to stop */
    _Atomic bool finished;    /* everything was explored */
    _Atomic int finding;      /* the first one; who sets it from 0 may write the rest */
    _Atomic bool reported;    /* the text is complete */
    char message[512];        /* one line */
    char report[1 << 18];     /* the execution, for a person */
    char dot[1 << 18];        /* the same for Graphviz */
    char replay[1 << 17];     /* what --replay needs */
    uintptr_t places[2];      /* relative pcs of the finding: the access, and the other one */
    _Atomic int lock;         /* for the tables below */
    int site_count, edge_count;
    struct site site[MAX_SITES];
    struct edge edge[MAX_EDGES];
    uint64_t started, ended; /* nanoseconds, CLOCK_MONOTONIC */
};
extern struct result *result;

/* fail - the present execution shows this. Does not return when a fiber is running; otherwise the
 * exploration stops at its next step. pc and other: places, 0 for none.
 */
__attribute__((format(printf, 4, 5))) void fail(enum finding finding, uintptr_t pc, uintptr_t other,
                                                const char *format, ...);

/* explore - everything that the options ask for, of the program that is loaded. Returns when done. */
void explore(void);

#endif
