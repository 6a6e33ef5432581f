/* mpmc_close.c - the MPMC ring: its end, and its size.
 *
 * A push comes before the close, or fails. CLOSED is said to a pop when nothing is left, and
 * whoever hears of the close knows what was written before it.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DSLOTS=1 -DA=push -DB=shut -DC=pop,pop             what came before it comes out
 * quick: -DSLOTS=2 -DA=push,push -DB=shut,pop                no push after it
 * quick: -DSLOTS=2 -DHELD=1 -DA=shut -DB=pop,pop -DC=pop     the rest is shared out
 * quick: -DSLOTS=2 -DHELD=1 -DA=shut -DB=pop_2,pop -DC=push_2   two at once: CLOSED, and one is
 *     left
 * quick: -DSLOTS=1 -DRESERVED=1 -DA=shut -DB=pop,pop -DC=commit   what was reserved before it
 *     comes out
 * quick: -DSLOTS=1 -DA=shut -DB=is_shut,push -DC=pop,is_shut    known: then it is for all
 * quick: -DSLOTS=1 -DCLOSERS=2 -DA=shut,push -DB=shut -DC=push,pop   twice
 * quick: -DSLOTS=2 -DMOST=1 -DA=push,pop -DB=size   the size: not of what went before it came
 * quick: -DSLOTS=2 -DHELD=1 -DMOST=1 -DA=shut -DB=pop -DC=size   the size of one that closes
 */
#include "mpmc.h"
