#include <cordon/spin/ttas.h>

#include "lock.h"

static struct cordon_ttas lock;

static void pass(int number)
{
    (void)number;
    cordon_ttas_lock(&lock);
    ++entered;
    cordon_ttas_unlock(&lock);
}
