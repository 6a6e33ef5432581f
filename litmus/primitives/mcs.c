/* mcs.c - the MCS lock. Each thread's node is garbage before, and is overwritten as soon as the
 * unlock has returned, or the try has failed.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks               two, one of them twice, with the same node
 * quick: -DPARTS=renews,locks                and with a node in the same memory
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DPARTS=passes_lock,takes_lock,locks  another thread unlocks than locked
 * quick: -DPARTS=locks,locks,locks,tries --no-mutate  four threads, one of which only tries
 * full: -DPARTS=returns,returns,returns,locks --no-mutate  four, three of them twice
 * full: -DPARTS=returns,returns,insists,tries --no-mutate  four, two of which try
 * exempt: mcs.h R1 -> mcs.h A0: incidental: its release sequence goes on to R0, by which the lock
 *     became free, and which alone tells try_lock what it has to know
 * exempt: mcs.h R2 -> mcs.h A0: the same
 */
#include <cordon/spin/mcs.h>

#define LOCK_STATE          \
    struct cordon_mcs lock; \
    struct cordon_mcs_node nodes[5];
#define BORROW(s, self) struct cordon_mcs_node *const node = &(s)->nodes[self];
#define OWN(s, self)    BORROW(s, self) memset(node, 0xff, sizeof *node);
#define DISOWN(s, self) memset(node, 0xfe, sizeof *node);
#define LOCK(s)         cordon_mcs_lock(&(s)->lock, node)
#define TRY(s)          cordon_mcs_try_lock(&(s)->lock, node)
#define UNLOCK(s)       cordon_mcs_unlock(&(s)->lock, node)

#define ARRIVED(s) (atomic_load_explicit(&(s)->lock.tail, memory_order_relaxed) == &(s)->nodes[1])
#include "lock.h"
