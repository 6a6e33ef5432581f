/* refuse.c - what is not modelled, and says so when the program calls it. */
#define _GNU_SOURCE
#include "environment.h"

#define MODELLED(name)
#define REFUSED(name, why)                                    \
    WRAP(void, name, void)                                    \
    {                                                         \
        ENTER();                                              \
        fail(FOUND_UNSUPPORTED, pc, 0, "%s: %s", #name, why); \
    }
#define RANDOM(name)                                                                 \
    WRAP(int, name, void)                                                            \
    {                                                                                \
        ENTER();                                                                     \
        fail(FOUND_NONDETERMINISM, pc, 0,                                            \
             "%s() does not give the same in every execution: use a constant, or a " \
             "generator of the program's own in each thread",                        \
             #name);                                                                 \
        return 0;                                                                    \
    }
#include "wrapped.def"
