/* executions: 2 2 2 2 */
#include "count.h"

static int message;
static atomic_int ready;

static void *send(void *unused)
{
    message = 42;
    atomic_store_explicit(&ready, 1, memory_order_release);
    return unused;
}

static void *receive(void *unused)
{
    if (atomic_load_explicit(&ready, memory_order_acquire)) {
        assert(message == 42);
    }
    return unused;
}

int main(void)
{
    run_two(send, receive);
    return 0;
}
