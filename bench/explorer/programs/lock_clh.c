#include <cordon/spin/clh.h>

#include "lock.h"

static struct cordon_clh lock;

static void pass(int number)
{
    static struct cordon_clh_node own[N];
    struct cordon_clh_handle handle = CORDON_CLH_HANDLE_INIT(&own[number]);
    cordon_clh_lock(&lock, &handle);
    ++entered;
    cordon_clh_unlock(&lock, &handle);
}
