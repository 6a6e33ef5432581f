/* clh_leave.c - the CLH lock, and threads that give up: their nodes are passed by, now or later; or
 * they come again, and go on where they were.
 *
 * with: src/wait.c
 * quick: -DPARTS=locks,locks,gives_up                three, one with a deadline
 * quick: -DPARTS=locks,resumes,locks                 it comes again, and waits
 * quick: -DPARTS=resumes,gives_up,never_gives_up  three with deadlines, one of which never passes
 * quick: -DPARTS=gives_up_again,gives_up_again       two with deadlines, twice
 * quick: -DPARTS=locks,insists,gives_up              one tries and comes again, one gives up
 * quick: -DPARTS=passes_place,takes_place,locks      a handle that gave up goes to another thread
 * quick: -DHELD -DPARTS=holds,gives_up,gives_up,locks  two of three waiters give up
 * quick: -DHELD -DPARTS=holds,resumes,resumes,locks --no-mutate  two give up and come again
 * quick: -DHELD -DPARTS=holds,tries_again,resumes,locks --no-mutate  one polls, one comes again
 * quick: -DHELD -DPARTS=holds,gives_up,gives_up_again,locks --no-mutate  the second gives up twice,
 *     before the first and after it is passed: where it says to look changes
 * full: -DPARTS=gives_up_again,gives_up_again,resumes --no-mutate  three with deadlines, twice
 * full: -DPARTS=returns,resumes,gives_up_again,locks --no-mutate  four, two with deadlines
 * full: -DPARTS=locks,resumes,gives_up,insists --no-mutate  four, each in another way
 */
#include "clh.h"
