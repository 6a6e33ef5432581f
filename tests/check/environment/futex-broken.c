/* expect: deadlock */
/* It sleeps while the lock is held by one that does not know. */
#define BROKEN
#include "futex.c"
