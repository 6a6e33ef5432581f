#include <cordon/spin/mcs.h>

#include "lock.h"

static struct cordon_mcs lock;

static void pass(int number)
{
    static struct cordon_mcs_node own[N];
    cordon_mcs_lock(&lock, &own[number]);
    ++entered;
    cordon_mcs_unlock(&lock, &own[number]);
}
