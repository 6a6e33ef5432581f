/* expect: deadlock */
/* The signaller looks at the word without the fence: it may miss who has just registered. */
/* sources: src/wait.c src/fence.c src/eventcount.c */
/* flags: -DCORDON_WAIT_RELAXES=0 -DCORDON_WAIT_YIELDS=0 */
#define EARLY
#include "own-eventcount.c"
