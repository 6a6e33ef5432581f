/* k42.c - the K42 lock. Once a thread is inside it writes over the stack that its waiter was on.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks -DFREED=3  three enter; the last of them overwrites the lock
 * quick: -DPARTS=returns,locks               two, one of them twice
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DPARTS=passes_lock,takes_lock,locks  another thread unlocks than locked
 * quick: -DPARTS=returns,locks,locks --no-mutate  three, one of them twice
 * quick: -DPARTS=locks,locks,locks,tries --no-mutate  four threads, one of which only tries
 * quick: -DPARTS=returns,locks,locks --cxx20 --no-mutate  three, one of them twice, with the
 *     release sequences of C++20, which are shorter
 * full: -DHELD -DPARTS=holds,returns,locks,locks --no-mutate  a waiter is the tail again, at the
 *     address it was at, while an arrival hesitates
 * full: -DPARTS=returns,returns,locks --no-mutate  three, two of them twice
 * full: -DPARTS=returns,locks,locks,tries --no-mutate  four, one of them twice
 * exempt: k42.h R0 -> k42.h A4: incidental: an arrival behind the lock's own link has to know what
 *     was last written there, and that R3 says, whose release sequence goes on to here, too
 * exempt: k42.h R1 -> k42.h A0: incidental: its release sequence goes on to R0, by which the lock
 *     became free, and which alone tells the next holder what it has to know
 * exempt: k42.h R1 -> k42.h A3: the same
 * exempt: k42.h R3 -> k42.h A0: the same
 * exempt: k42.h R3 -> k42.h A3: the same
 */
#include <cordon/spin/k42.h>

#include <string.h>

/* Two functions whose frames are in the same place. What is written through a volatile pointer is
 * written, and seen.
 */
static __attribute__((noinline)) void lock_below(struct cordon_k42 *lock)
{
    cordon_k42_lock(lock);
}

static __attribute__((noinline)) void write_below(void)
{
    unsigned char frame[128];
    unsigned char *volatile where = frame;
    memset(where, 0xff, sizeof frame);
}

#define LOCK_STATE struct cordon_k42 lock;
#define OWN(s, self)
#define LOCK(s)    (lock_below(&(s)->lock), write_below())
#define TRY(s)     cordon_k42_try_lock(&(s)->lock)
#define UNLOCK(s)  cordon_k42_unlock(&(s)->lock)
#define ARRIVED(s) arrived(&(s)->lock)

static inline bool arrived(struct cordon_k42 *lock)
{
    struct cordon_k42_link *tail = atomic_load_explicit(&lock->tail, memory_order_relaxed);
    return tail != NULL && tail != &lock->holder;
}
#include "lock.h"
