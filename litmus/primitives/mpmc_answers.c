/* mpmc_answers.c - the MPMC ring: FULL, EMPTY and BUSY are true at one moment each.
 *
 * Each of the following changes one end of the ring and then asks about the other, or sees what a
 * third thread changed: it is an order of the slow paths that keeps the answers from being old.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DSLOTS=2 -DHELD=1 -DA=pop,pop -DB=push,push        not EMPTY and FULL at once
 * quick: -DSLOTS=2 -DHELD=1 -DA=pop,pop -DB=push -DC=push    nor if a third one pushes
 * quick: -DSLOTS=2 -DHELD=1 -DA=push,push -DB=pop -DC=pop    nor if a third one pops
 * quick: -DSLOTS=2 -DHELD=2 -DA=pop,push,push -DB=pop,push   not FULL and BUSY at once
 * quick: -DSLOTS=2 -DA=push,pop,pop -DB=push,pop             not EMPTY and BUSY at once
 * quick: -DSLOTS=2 -DHELD=1 -DA=pop,push -DB=push            not FULL of one that never was
 * quick: -DSLOTS=2 -DHELD=1 -DA=push,pop -DB=pop             not EMPTY of one that never was
 * quick: -DSLOTS=4 -DHELD=3 -DA=pop,pop -DB=pop,push -DC=push   not BUSY with what was long given
 *     back
 * quick: -DSLOTS=4 -DHELD=1 -DA=push,push -DB=push,pop -DC=pop  nor with what is long there
 * quick: -DSLOTS=1 -DA=push,tell -DB=hear,pop   of what is known to be there: not EMPTY
 * quick: -DSLOTS=1 -DHELD=1 -DA=pop,tell -DB=hear,push       of what is known to be gone: not FULL
 * quick: -DSLOTS=1 -DHELD=1 -DPEEKED=1 -DA=push -DB=pop -DC=release   BUSY until it is given back
 * quick: -DSLOTS=1 -DRESERVED=1 -DA=pop -DB=push -DC=commit  BUSY until it is there
 * quick: -DSLOTS=3 -DHELD=2 -DA=push,push_2 -DB=push,pop   two at once: FULL if there is room for
 *     one
 * quick: -DSLOTS=3 -DHELD=1 -DA=pop,pop_2 -DB=pop,push       two at once: EMPTY if there is one
 * quick: -DSLOTS=2 -DHELD=2 -DA=pop,push_2 -DB=push   the same, not BUSY: nobody reads
 * quick: -DSLOTS=2 -DA=push,pop_2 -DB=pop   the same, not BUSY: nobody writes
 * quick: -DSLOTS=2 -DHELD=2 -DPEEKED=1 -DTAKEN=1 -DA=push -DB=push,pop -DC=release   not FULL of one
 *     from which others have popped what they have pushed
 */
#include "mpmc.h"
