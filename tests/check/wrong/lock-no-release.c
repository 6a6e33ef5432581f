/* cordon-check: data-race at rc11 ra */
/* cordon-check -DORDER=memory_order_release: verified */
#include "../counts/count.h"

/* A ticket lock that lets go without release. */
#ifndef ORDER
#define ORDER memory_order_relaxed
#endif
static atomic_uint next, served;
static int counter;

static void lock(void)
{
    const unsigned ticket = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed);
    while (atomic_load_explicit(&served, memory_order_acquire) != ticket) {
    }
}

static void unlock(void)
{
    const unsigned ticket = atomic_load_explicit(&served, memory_order_relaxed);
    atomic_store_explicit(&served, ticket + 1, ORDER);
}

static void *first(void *unused)
{
    lock();
    counter += 1; /* HERE */
    unlock();
    return unused;
}

static void *second(void *unused)
{
    lock();
    counter += 2; /* HERE */
    unlock();
    return unused;
}

int main(void)
{
    run_two(first, second);
    assert(counter == 3);
    return 0;
}
