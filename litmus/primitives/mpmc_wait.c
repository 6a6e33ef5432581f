/* mpmc_wait.c - the MPMC ring: nobody waits for what has come, and nobody is forgotten.
 *
 * Every wait here has to end, but by a deadline only if it has one. A slot may become ready before
 * the one that is to be had first: then the thread that is woken for it finds BUSY, and sleeps
 * again; later one is woken for both, and must wake the other.
 *
 * with: src/wait.c src/ring.c src/eventcount.c src/fence.c
 * quick: -DSLOTS=1 -DA=push -DB=pop_wait                     for an element
 * quick: -DSLOTS=1 -DHELD=1 -DA=pop -DB=push_wait            for a slot
 * quick: --no-mutate -DSLOTS=1 -DA=push -DB=pop_wait -DC=push            for one of two
 * quick: --no-mutate -DSLOTS=1 -DHELD=1 -DA=pop -DB=push_wait -DC=pop    for one of two
 * quick: --no-mutate -DSLOTS=1 -DA=push_wait,push_wait -DB=pop_wait      both wait
 * quick: -DSLOTS=1 -DA=push -DB=pop_until                    until a deadline
 * quick: -DSLOTS=1 -DHELD=1 -DA=pop -DB=push_until           until a deadline
 * quick: --no-mutate -DSLOTS=1 -DA=push -DB=pop_until -DC=push   until a deadline, for one of two
 * quick: -DSLOTS=1 -DRESERVED=1 -DB=pop_wait -DA=shut -DC=commit   for one that is not there yet
 * quick: --no-mutate -DSLOTS=1 -DA=shut -DB=pop_wait -DC=pop_wait   the close wakes all
 * quick: --no-mutate -DSLOTS=1 -DHELD=1 -DA=shut -DB=push_wait -DC=push_wait   the close wakes all
 * quick: --no-mutate -DSLOTS=2 -DRESERVED=1 -DHELD=1 -DASLEEP=1 -DA=pop_wait -DB=pop_awoken
 *     -DC=commit   out of turn
 * quick: --no-mutate -DSLOTS=2 -DHELD=2 -DPEEKED=1 -DTAKEN=1 -DASLEEP=1 -DA=push_wait
 *     -DB=push_awoken -DC=release   out of turn
 * quick: --no-mutate -DSLOTS=2 -DRESERVED=1 -DSHUT=1 -DASLEEP=1 -DA=pop_wait -DB=pop_awoken
 *     -DC=commit   the last of all
 * quick: --no-mutate -DSLOTS=2 -DASLEEP=1 -DA=push_2 -DB=pop_awoken -DC=pop_wait   for two at once
 * quick: --no-mutate -DSLOTS=1 -DA=push_wait,shut -DB=pop_wait,pop_wait   to the end
 * full: --no-mutate -DSLOTS=2 -DRESERVED=1 -DHELD=1 -DA=pop_wait -DB=pop_wait -DC=commit   out of
 *     turn, from the beginning
 * full: --no-mutate -DSLOTS=2 -DHELD=2 -DPEEKED=1 -DTAKEN=1 -DA=push_wait -DB=push_wait
 *     -DC=release   out of turn, from the beginning
 * full: --no-mutate -DSLOTS=2 -DRESERVED=1 -DSHUT=1 -DA=pop_wait -DB=pop_wait -DC=commit   the
 *     last of all, from the beginning
 * full: --no-mutate -DSLOTS=1 -DA=push_wait,push_wait -DB=pop_wait,pop_wait   both wait, twice
 * full: --no-mutate -DSLOTS=2 -DRESERVED=1 -DHELD=1 -DA=pop_until -DB=pop_wait -DC=commit   one
 *     gives up
 */
#include "mpmc.h"
