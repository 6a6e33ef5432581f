/* hemlock.c - Hemlock. Each thread's self is written plainly before, and is overwritten as soon as
 * the unlock has returned, or the try has failed. hemlock_two.c: a thread that holds two locks.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks,locks         three, one of them twice, with the same self
 * quick: -DPARTS=renews,locks                two, one of them twice, with a self in the same memory
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DPARTS=locks,locks,locks,tries --no-mutate  four threads, one of which only tries
 * full: -DPARTS=returns,returns,returns,locks --no-mutate  four, three of them twice
 * full: -DPARTS=returns,returns,insists,tries --no-mutate  four, two of which try
 * exempt: hemlock.h R1 -> hemlock.h A0: incidental: its release sequence goes on to R0, by which
 *     the lock became free, and which alone tells try_lock what it has to know
 * exempt: hemlock.h R2 -> hemlock.h A0: the same
 */
#include <cordon/spin/hemlock.h>

#define LOCK_STATE              \
    struct cordon_hemlock lock; \
    struct cordon_hemlock_self selves[5];
#define BORROW(s, self) struct cordon_hemlock_self *const own = &(s)->selves[self];
#define OWN(s, self)    BORROW(s, self) memset(own, 0, sizeof *own);
#define DISOWN(s, self) memset(own, 0xff, sizeof *own);
#define LOCK(s)         cordon_hemlock_lock(&(s)->lock, own)
#define TRY(s)          cordon_hemlock_try_lock(&(s)->lock, own)
#define UNLOCK(s)       cordon_hemlock_unlock(&(s)->lock, own)

#define ARRIVED(s) (atomic_load_explicit(&(s)->lock.tail, memory_order_relaxed) == &(s)->selves[1])
#include "lock.h"
