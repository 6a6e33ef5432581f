/* cordon/spin/clh.h - the CLH queue lock: unlock is one store, and a waiter may give up.
 *
 * Problem. An MCS unlock must find its successor, and nobody can leave an MCS queue.
 *
 * Idea. Each waiter watches its predecessor's node; so the unlock need know nobody: it marks its
 * own node, and takes the predecessor's, which no one watches any more, for its next time. Nodes
 * wander from thread to thread; a handle remembers which one is a thread's at present.
 *
 *     lock.tail ---------------------------------------------+
 *                                                            v
 *     [unlocked] <---- [holder's] <---- [waiter 1's] <---- [waiter 2's]
 *
 *     where [a] <---- [b] says that the owner of b watches a.
 *
 * Each node says in one word what its watcher shall do:
 *
 *     node.ahead == the node itself   wait: its owner holds the lock or waits for it
 *     node.ahead == NULL              enter: its owner has unlocked
 *     node.ahead == another node      its owner has given up: watch that one instead
 *
 * Giving up is one store: it turns our node into a forwarding address, that of the node we watched.
 * From then on either of two parties takes it back, by the same CAS from the address to the node
 * itself:
 *
 *   - the watcher, when it passes on to the address: the node is out of the queue, its owner's;
 *   - the owner, when it comes again: as nobody has passed by, it goes on waiting in its former
 *     place, which is further ahead than a new one.
 *
 * So nobody ever waits for an acknowledgement, and who polls with try_lock or short deadlines keeps
 * its turn and touches no lines but its own and the watched one. The address and the state are one
 * word; so the CAS is sound even if the node was left, resumed and left again since it was read: it
 * succeeds only for the address that holds now.
 *
 * try_lock joins, looks and gives up, rather than look and then join, which is wrong: between a
 * look at the tail's node, found free, and a CAS on the tail that node may have been taken, used in
 * a new round, and be the tail again, with its owner inside.
 *
 * Orders. Only NULL passes the lock on (R1 -> A1), and only unlock writes it. That a watcher never
 * mistakes what a node said in an earlier life for what it says now rests on the tail. It changes
 * by exchanges alone, each of which acquires from the one before (R0 -> A0); so an arrival's store
 * of node.ahead = node happens before all that later arrivals do, and a thread meets no other nodes
 * in the queue than those of earlier arrivals. This is why giving up, passing by and resuming need
 * no order of their own: they only move watchers among such nodes.
 *
 * Memory. A handle serves one lock, and one thread at a time. Its first node is supplied by the
 * user; after that the node it holds may be anybody's, or the lock's own, and its first node may be
 * anywhere in the queue. Hence: the lock and all nodes given to its handles stay valid until the
 * last operation of any thread on the lock has returned and none will follow; then all may be
 * freed, in any order. A thread that ends earlier lets its node lie, or passes its handle on to
 * another thread. The handle itself is its user's alone.
 *
 * Fairness:      first come, first served, by the exchange of the tail; who resumes keeps its turn.
 * Preemption:    a preempted holder delays all, and so does a preempted waiter once its turn comes.
 *                Who gave up delays nobody.
 * Many threads:  as for every first-come-first-served lock, a hand-over may wait for the scheduler;
 *                waiters yield from step CORDON_WAIT_RELAXES on. Prefer sync/mutex.h there.
 * Bytes:         two pointers per lock; per thread and lock a node of one pointer and a handle of
 *                two. Pad nodes that lie side by side.
 * Initially:     lock and node all zero, or CORDON_CLH_INIT and CORDON_CLH_NODE_INIT; a handle
 *                CORDON_CLH_HANDLE_INIT(&node), with a node of its own.
 * Ownership:     the handle given to lock is given to unlock.
 *
 * Source: T. S. Craig, "Building FIFO and Priority-Queuing Spin Locks from Atomic Swap", University
 * of Washington TR 93-02-02, 1993; P. Magnussen, A. Landin, E. Hagersten, "Queue Locks on Cache
 * Coherent Multiprocessors", IPPS 1994; M. L. Scott, W. N. Scherer III, "Scalable Queue-Based Spin
 * Locks with Timeout", PPoPP 2001 (leaving the queue; there an acknowledgement is awaited).
 */
#ifndef CORDON_SPIN_CLH_H
#define CORDON_SPIN_CLH_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* struct cordon_clh_node - one place in the queue. */
struct cordon_clh_node {
    CORDON_ATOMIC(struct cordon_clh_node *) ahead; /* itself, NULL, or a forwarding address */
};
#define CORDON_CLH_NODE_INIT CORDON_ZERO

/* struct cordon_clh - the lock. */
struct cordon_clh {
    CORDON_ATOMIC(struct cordon_clh_node *) tail; /* NULL stands for &first */
    struct cordon_clh_node first;                 /* what the first arrival watches */
};
#define CORDON_CLH_INIT CORDON_ZERO

/* struct cordon_clh_handle - a thread's part in one lock. */
struct cordon_clh_handle {
    struct cordon_clh_node *mine; /* in no queue, or standing for us, or left behind */
    struct cordon_clh_node *pred; /* while we hold the lock: the node that becomes ours */
};
#define CORDON_CLH_HANDLE_INIT(node) \
    {                                \
        (node), NULL                 \
    }

/* Join the queue, or resume the place left behind. Returns the node to watch. */
static inline struct cordon_clh_node *cordon_clh_join_(struct cordon_clh *lock,
                                                       struct cordon_clh_node *mine)
{
    struct cordon_clh_node *pred = atomic_load_explicit(&mine->ahead, memory_order_relaxed);
    if (pred != NULL && pred != mine &&
        atomic_compare_exchange_strong_explicit(&mine->ahead, &pred, mine, memory_order_relaxed,
                                                memory_order_relaxed)) {
        return pred;
    }
    atomic_store_explicit(&mine->ahead, mine, memory_order_relaxed);
    pred = atomic_exchange_explicit(&lock->tail, mine,
                                    memory_order_acq_rel); /* A0 <- R0; R0 -> A0, A2 */
    return pred != NULL ? pred : &lock->first;
}

/* Look at the node ahead, passing by those left behind. True: the lock is ours. */
static inline bool cordon_clh_look_(struct cordon_clh_node **pred)
{
    for (;;) {
        struct cordon_clh_node *ahead =
            atomic_load_explicit(&(*pred)->ahead, memory_order_acquire); /* A1 <- R1 */
        if (ahead == NULL || ahead == *pred) {
            return ahead == NULL;
        }
        if (atomic_compare_exchange_strong_explicit(&(*pred)->ahead, &ahead, *pred,
                                                    memory_order_relaxed, memory_order_relaxed)) {
            *pred = ahead;
        }
    }
}

/* Give up: forward our watcher, if there is one, or comes to be, to the node we watched. */
static inline void cordon_clh_leave_(struct cordon_clh_node *mine, struct cordon_clh_node *pred)
{
    atomic_store_explicit(&mine->ahead, pred, memory_order_relaxed);
}

/* cordon_clh_try_lock - enter if the lock is free.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It may fail although the lock is free, while another thread is giving up or has
 *         not yet noticed that it may enter.
 * Cost:   two reads if the latest arrival is still there; else as cordon_clh_lock_until.
 * Edges:  A2 <- R0 (tail: the node read next is initialised), A0 <- R0 (tail), A1 <- R1 (ahead)
 */
static inline bool cordon_clh_try_lock(struct cordon_clh *lock, struct cordon_clh_handle *handle)
{
    struct cordon_clh_node *pred =
        atomic_load_explicit(&lock->tail, memory_order_acquire); /* A2 <- R0 */
    if (pred != NULL && atomic_load_explicit(&pred->ahead, memory_order_relaxed) == pred) {
        return false; /* a hint: the latest arrival still holds or waits */
    }
    pred = cordon_clh_join_(lock, handle->mine);
    if (!cordon_clh_look_(&pred)) {
        cordon_clh_leave_(handle->mine, pred);
        return false;
    }
    handle->pred = pred;
    return true;
}

/* cordon_clh_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the unlock that admits us happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on its predecessor's node, for as many hand-overs as threads came before.
 * Cost:   one RMW and one read of another line when free; one line transfer per hand-over.
 * Edges:  A0 <- R0 (tail: the predecessor's node says what it says now), R0 -> A0, A2;
 *         A1 <- R1 (node.ahead)
 */
static inline void cordon_clh_lock(struct cordon_clh *lock, struct cordon_clh_handle *handle)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_clh_node *pred = cordon_clh_join_(lock, handle->mine);
    while (!cordon_clh_look_(&pred)) {
        cordon_wait_step(&waiter);
    }
    handle->pred = pred;
}

#if __STDC_HOSTED__
/* cordon_clh_lock_until - enter, or give up once the deadline has passed; true: entered.
 * Order:  ACQUIRE if it returns true, none if false.
 * Waits:  as cordon_clh_lock, until the deadline; a passed one still allows one look.
 * Cost:   as cordon_clh_lock; giving up is one store. Whoever passes the place left behind pays one
 *         RMW; else the next call with the same handle resumes it, for one RMW.
 * Edges:  A0 <- R0 (tail), R0 -> A0, A2; A1 <- R1 (node.ahead)
 */
static inline bool cordon_clh_lock_until(struct cordon_clh *lock, struct cordon_clh_handle *handle,
                                         uint64_t deadline)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_clh_node *pred = cordon_clh_join_(lock, handle->mine);
    while (!cordon_clh_look_(&pred)) {
        if (cordon_wait_expired(&waiter, deadline)) {
            cordon_clh_leave_(handle->mine, pred);
            return false;
        }
        cordon_wait_step(&waiter);
    }
    handle->pred = pred;
    return true;
}
#endif

/* cordon_clh_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  never.
 * Cost:   one store.
 * Edges:  R1 -> A1 (node.ahead)
 */
static inline void cordon_clh_unlock(struct cordon_clh *lock, struct cordon_clh_handle *handle)
{
    struct cordon_clh_node *mine = handle->mine;
    (void)lock; /* the node alone knows who is next */
    handle->mine = handle->pred;
    atomic_store_explicit(&mine->ahead, NULL, memory_order_release); /* R1 -> A1 */
}

CORDON_END_DECLS

#endif
