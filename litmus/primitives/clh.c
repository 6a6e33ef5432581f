/* clh.c - the CLH lock. Each thread's node is written plainly before it is first used; whose it is
 * then, only the handles know. clh_leave.c is about who gives up.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,locks           three threads enter
 * quick: -DPARTS=returns,locks               two, one of them twice, with the same handle
 * quick: -DPARTS=locks,locks,tries           three, one of which only tries
 * quick: -DPARTS=tries,tries,tries           three try: one at least finds the lock free
 * quick: -DPARTS=insists,tries_again         one that tries, then waits; one that only tries, twice
 * quick: -DHELD -DPARTS=holds,first,second   first come, first served
 * quick: -DPARTS=passes_lock,takes_lock,locks  a locked handle goes to another thread
 * quick: -DPARTS=locks,locks,locks,tries --no-mutate  four threads, one of which only tries
 * full: -DPARTS=returns,returns,returns,locks --no-mutate  four, three of them twice
 * full: -DPARTS=returns,returns,insists,tries --no-mutate  four, two of which try
 */
#include "clh.h"
