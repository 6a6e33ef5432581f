/* expect: deadlock */
/* A signal, where both are waited for. */
#define SIGNAL
#include "broadcast.c"
