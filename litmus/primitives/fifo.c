/* fifo.c - the lock that is first come, first served, and whose waiters sleep: they do so at once here,
 * so that each is woken.
 *
 * with: src/fifo.c src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks               two, one of them twice
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DHELD -DPARTS=holds,locks,locks    two sleepers
 * quick: -DPARTS=passes_lock,takes_lock,locks  another thread unlocks than locked
 * quick: -DPARTS=locks,locks,tries -DNEXT=0xfffffffeu  the numbers wrap around
 * quick: -DPARTS=locks,locks,locks --spurious --no-mutate  sleepers rise for no reason
 * quick: -DPARTS=locks,locks,locks -DCORDON_FUTEX=0 --no-mutate  sleep without a futex
 */
#include <cordon/sync/fifo.h>

#ifndef NEXT
#define NEXT 0
#endif
#define LOCK_STATE struct cordon_fifo lock;
#define INIT(s)                      \
    (s)->lock = (struct cordon_fifo) \
    {                                \
        NEXT, NEXT                   \
    }
#define OWN(s, self)
#define LOCK(s)   cordon_fifo_lock(&(s)->lock)
#define TRY(s)    cordon_fifo_try_lock(&(s)->lock)
#define UNLOCK(s) cordon_fifo_unlock(&(s)->lock)
#define ARRIVED(s) \
    (atomic_load_explicit(&(s)->lock.next, memory_order_relaxed) == 2 * CORDON_FIFO_ONE_)
#include "lock.h"
