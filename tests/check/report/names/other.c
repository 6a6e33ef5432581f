/* Another translation unit, with names of its own. */
#include "objects.h"

void other(void);

atomic_int shared;
struct ring rings[2];

void other(void)
{
    atomic_store(&shared, 1);                                               // @ other shared = 1
    atomic_store(&rings[1].slot[3].sequence, 2);                            // @ other rings[1].slot[3].sequence = 2
}
