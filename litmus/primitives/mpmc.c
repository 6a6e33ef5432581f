/* mpmc.c - the MPMC ring: what goes in comes out, once, in order and whole.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DSLOTS=1 -DA=push,push -DB=pop,pop                 one slot, handed back and forth
 * quick: -DSLOTS=1 -DHELD=1 -DA=push -DB=pop -DC=push,pop    one slot, for three
 * quick: -DSLOTS=1 -DHELD=1 -DA=pop -DB=push,pop -DC=pop    the same, seen from the other end
 * quick: -DSLOTS=2 -DA=push,push -DB=push -DC=pop,pop        two push: each one's come in order
 * quick: -DSLOTS=2 -DHELD=2 -DA=pop,pop -DB=pop -DC=push     two pop
 * quick: -DSLOTS=2 -DHELD=1 -DA=push,pop -DB=pop,push        two do both
 * quick: -DSLOTS=3 -DLAPS=2 -DHELD=1 -DA=push,push -DB=pop,pop   round the end of the array
 * quick: -DSLOTS=3 -DLAPS=2 -DA=push_2 -DB=push -DC=pop_2    two at once, round the end
 * quick: -DSLOTS=3 -DHELD=2 -DA=push_2 -DB=pop_2 -DC=push    room for two at once
 * quick: -DSLOTS=2 -DHELD=1 -DA=push_some,push -DB=pop_some,pop_some   as many as there are, up to
 *     two
 * quick: -DSLOTS=3 -DHELD=1 -DA=push_some -DB=push -DC=pop_some   the same, and another pushes
 * quick: -DSLOTS=1 -DA=reserve,commit -DB=peek,release -DC=reserve,commit   in place
 * quick: -DSLOTS=2 -DA=reserve,push,commit -DB=peek,pop,release   in place, the second slot before
 *     the first
 * quick: -DSLOTS=2 -DA=tell,push -DB=push -DC=pop,hear       known by other ways
 * full: --no-mutate -DSLOTS=2 -DA=push,push -DB=push,push -DC=pop,pop   two push, each twice
 * full: --no-mutate -DSLOTS=2 -DHELD=1 -DA=push,pop -DB=pop,push -DC=push,pop   three do both
 *
 * exempt: mpmc.h R3 -> mpmc.h A2 F0: incidental: the fence acquires whatever was read before it, and
 *     is there for tail
 * exempt: mpmc.h R2 -> mpmc.h A4 F1: incidental: the fence acquires whatever was read before it, and
 *     is there for head
 * exempt: mpmc.h R4 -> mpmc.h A4 F1: the same
 * exempt: mpmc.h R2 -> mpmc.h A6: incidental: that it is open says nothing of who pushed
 */
#include "mpmc.h"
