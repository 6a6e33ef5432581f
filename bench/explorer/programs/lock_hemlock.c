#include <cordon/spin/hemlock.h>

#include "lock.h"

static struct cordon_hemlock lock;

static void pass(int number)
{
    static struct cordon_hemlock_self own[N];
    cordon_hemlock_lock(&lock, &own[number]);
    ++entered;
    cordon_hemlock_unlock(&lock, &own[number]);
}
