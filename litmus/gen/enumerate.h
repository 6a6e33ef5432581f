/* enumerate.h - all critical cycles up to a size, each in its variants. */
#ifndef CORDON_LITMUS_GEN_ENUMERATE_H
#define CORDON_LITMUS_GEN_ENUMERATE_H

#include "cycle.h"

#define ENUMERATE_MOST 100000u

struct enumerate_options {
    unsigned edges, threads;   /* at most */
    bool orders[LITMUS_PLAIN]; /* which orders accesses take, each as far as C permits it */
    bool fences[LITMUS_PLAIN]; /* which fences stand between a thread's two accesses */
    bool data, control;        /* which dependencies */
    bool uniform;              /* all threads alike */
};

struct enumerate_list {
    struct gen_cycle *cycle;
    size_t count, room;
};

/* enumerate - every test once, in the order of edges, threads and names; free() the cycles. False if
 * there are more than ENUMERATE_MOST.
 *
 * A cycle is critical (D. Shasha, M. Snir, "Efficient and Correct Execution of Parallel Programs that
 * Share Memory", TOPLAS 1988) if no shorter one is in it: a thread has two accesses, to different
 * locations, or one store, which another thread reads; a location's accesses follow one another. A
 * thread of two accesses may have orders on them, or, both relaxed, a fence or a dependency between
 * them.
 */
bool enumerate(const struct enumerate_options *options, struct enumerate_list *list);

#endif
