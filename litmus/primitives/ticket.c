/* ticket.c - the ticket lock.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks               two, one of them twice
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DPARTS=passes_lock,takes_lock,locks  another thread unlocks than locked
 * quick: -DPARTS=locks,locks,tries -DNEXT=0xffffffffu  the numbers wrap around
 * quick: -DPARTS=locks,locks,locks,tries --no-mutate  four threads, one of which only tries
 * full: -DPARTS=returns,returns,returns,returns --no-mutate  four, each of them twice
 * full: -DPARTS=returns,returns,insists,tries_again --no-mutate  four, each of them twice
 */
#include <cordon/spin/ticket.h>

#ifndef NEXT
#define NEXT 0
#endif
#define LOCK_STATE struct cordon_ticket lock;
#define INIT(s)                        \
    (s)->lock = (struct cordon_ticket) \
    {                                  \
        NEXT, NEXT                     \
    }
#define OWN(s, self)
#define LOCK(s)    cordon_ticket_lock(&(s)->lock)
#define TRY(s)     cordon_ticket_try_lock(&(s)->lock)
#define UNLOCK(s)  cordon_ticket_unlock(&(s)->lock)
#define ARRIVED(s) (atomic_load_explicit(&(s)->lock.next, memory_order_relaxed) == 2)
#include "lock.h"
