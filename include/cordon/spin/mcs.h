/* cordon/spin/mcs.h - the MCS queue lock: first come, first served, each waits on its own word.
 *
 * Problem. Where all waiters read one word, each hand-over costs as many line transfers as there
 * are waiters.
 *
 * Idea. The waiters form a list; each waits on its own node, and a hand-over touches one of them.
 *
 *     lock.tail ---------------------------------+
 *                                                v
 *      [holder's node] --next--> [waiting=1] --next--> [waiting=1] --next--> NULL
 *
 * An arrival exchanges the tail for its node, and links itself behind the node it got back. Between
 * the two steps the list is torn: an unlock that finds no next node, yet is not the tail, waits for
 * the link.
 *
 * Invariants: tail is NULL if and only if the lock is free; else the nodes from the holder's to the
 * tail are in the order of arrival; node.waiting goes 1 -> 0 once, by its predecessor; node.next
 * goes NULL -> successor once, by its successor.
 *
 * A node is initialised before it can be reached: its next is set before the exchange that makes it
 * the tail (R1), its waiting flag before the link that shows it to the predecessor (R2). With
 * either order missing, the other thread's write may lose against the initialisation, and a waiter
 * hangs.
 *
 * There is no cordon_mcs_lock_until: to leave the middle of the list a thread needs the help of
 * both neighbours, and its node must outlive the call; clh.h has a lock_until.
 *
 * Fairness:      first come, first served, by the exchange of the tail.
 * Preemption:    a preempted holder delays all, and so does a preempted waiter once its turn comes.
 *                An arrival preempted between exchange and link delays those behind it, and the
 *                unlock whose successor it is.
 * Many threads:  as for every first-come-first-served lock, a hand-over may wait for the scheduler;
 *                waiters yield from step CORDON_WAIT_RELAXES on. Prefer sync/mutex.h there.
 * Bytes:         one pointer per lock; two words per waiter and per lock held (16 on a 64-bit
 *                machine). The node may live on the stack; it can be reused or freed as soon as the
 *                unlock returns. Pad nodes that lie side by side and belong to different threads.
 * Initially:     all zero, or CORDON_MCS_INIT. A node needs no initialisation.
 * Ownership:     the node given to lock is given to unlock, by any thread.
 * Lifetime:      no unlock touches the lock once another thread can enter. So whoever leaves last,
 *                and knows it, may free the lock.
 *
 * Source: J. M. Mellor-Crummey, M. L. Scott, "Algorithms for Scalable Synchronization on
 * Shared-Memory Multiprocessors", ACM TOCS 9(1), 1991.
 */
#ifndef CORDON_SPIN_MCS_H
#define CORDON_SPIN_MCS_H

#include <cordon/atomic.h>
#include <cordon/wait.h>

CORDON_BEGIN_DECLS

/* struct cordon_mcs_node - a thread's place in the queue of one lock, from lock to unlock. */
struct cordon_mcs_node {
    CORDON_ATOMIC(struct cordon_mcs_node *) next;
    CORDON_ATOMIC(uint32_t) waiting;
};

/* struct cordon_mcs - the lock. */
struct cordon_mcs {
    CORDON_ATOMIC(struct cordon_mcs_node *) tail;
};
#define CORDON_MCS_INIT CORDON_ZERO

/* cordon_mcs_try_lock - enter if the lock is free. The node is in use only if it returns true.
 * Order:  ACQUIRE if it returns true: all that precedes the last unlock happens before the return.
 *         None if false.
 * Waits:  never. It does not fail spuriously: false means that the lock was seen held.
 * Cost:   one read if held, one RMW more if free.
 * Edges:  A0 <- R0 (tail); R1 -> A1 (tail: node.next is initialised)
 */
static inline bool cordon_mcs_try_lock(struct cordon_mcs *lock, struct cordon_mcs_node *node)
{
    struct cordon_mcs_node *expected = NULL;
    if (atomic_load_explicit(&lock->tail, memory_order_relaxed) != NULL) {
        return false;
    }
    atomic_store_explicit(&node->next, NULL, memory_order_relaxed);
    return atomic_compare_exchange_strong_explicit(&lock->tail, &expected, node,
                                                   memory_order_acq_rel, /* A0 <- R0; R1 -> A1 */
                                                   memory_order_relaxed);
}

/* cordon_mcs_lock - enter; first come, first served.
 * Order:  ACQUIRE: all that precedes the unlock that admits us happens before the return.
 * Not:    earlier stores against later loads (this is no full fence).
 * Waits:  on its own node, for as many hand-overs as threads came before.
 * Cost:   one RMW when free; one line transfer per hand-over.
 * Edges:  A1 <- R0 (tail: the lock was free), A1 <- R1, R2 (tail: the predecessor's node.next is
 *         initialised); A2 <- R4 (node.waiting); R2 -> A1 (tail), R3 -> A3, A4 (node.next)
 */
static inline void cordon_mcs_lock(struct cordon_mcs *lock, struct cordon_mcs_node *node)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    struct cordon_mcs_node *pred;
    atomic_store_explicit(&node->next, NULL, memory_order_relaxed);
    pred = atomic_exchange_explicit(&lock->tail, node,
                                    memory_order_acq_rel); /* A1 <- R0, R1, R2; R2 -> A1 */
    if (pred == NULL) {
        return;
    }
    atomic_store_explicit(&node->waiting, 1, memory_order_relaxed);
    atomic_store_explicit(&pred->next, node, memory_order_release);           /* R3 -> A3, A4 */
    while (atomic_load_explicit(&node->waiting, memory_order_acquire) != 0) { /* A2 <- R4 */
        cordon_wait_step(&waiter);
    }
}

/* cordon_mcs_unlock - leave; the longest waiter is next.
 * Order:  RELEASE: all that precedes it happens before the return of the lock that follows.
 * Waits:  only while the next thread is between its two steps of arriving.
 * Cost:   one RMW if nobody waits, else one read and one store.
 * Edges:  R0 -> A0, A1 (tail), R4 -> A2 (the next node's waiting);
 *         A3, A4 <- R3 (node.next: the next node's waiting flag is initialised)
 */
static inline void cordon_mcs_unlock(struct cordon_mcs *lock, struct cordon_mcs_node *node)
{
    struct cordon_mcs_node *next =
        atomic_load_explicit(&node->next, memory_order_acquire); /* A3 <- R3 */
    if (next == NULL) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        struct cordon_mcs_node *expected = node;
        if (atomic_compare_exchange_strong_explicit(&lock->tail, &expected, NULL,
                                                    memory_order_release, /* R0 -> A0, A1 */
                                                    memory_order_relaxed)) {
            return;
        }
        do {
            cordon_wait_step(&waiter);
            next = atomic_load_explicit(&node->next, memory_order_acquire); /* A4 <- R3 */
        } while (next == NULL);
    }
    atomic_store_explicit(&next->waiting, 0, memory_order_release); /* R4 -> A2 */
}

CORDON_END_DECLS

#endif
