/* ttas.c - the test-and-test-and-set lock.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks               two, one of them twice
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DPARTS=locks,locks,gives_up        three, one with a deadline
 * quick: -DPARTS=resumes,gives_up,never_gives_up  three with deadlines
 * quick: -DPARTS=passes_lock,takes_lock,locks  another thread unlocks than locked
 * quick: -DPARTS=locks,locks,tries,gives_up --no-mutate  four threads, two of which may fail
 * full: -DPARTS=returns,returns,returns,returns --no-mutate  four, each of them twice
 * full: -DPARTS=returns,resumes,gives_up_again,tries --no-mutate  four, each in another way
 */
#include <cordon/spin/ttas.h>

#define LOCK_STATE struct cordon_ttas lock;
#define OWN(s, self)
#define LOCK(s)            cordon_ttas_lock(&(s)->lock)
#define TRY(s)             cordon_ttas_try_lock(&(s)->lock)
#define UNTIL(s, deadline) cordon_ttas_lock_until(&(s)->lock, deadline)
#define UNLOCK(s)          cordon_ttas_unlock(&(s)->lock)
#include "lock.h"
