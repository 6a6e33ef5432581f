/* A lock that its owner takes a million times and a visitor three times: biased with an asymmetric
 * fence, so that the owner pays for no locked instruction. Owner and visitor each store, fence, and
 * load what the other stored (Dekker's shape); at least one of them sees the other.
 */
#include <cordon/fence.h>
#include <cordon/wait.h>

#include <pthread.h>
#include <stdio.h>

static CORDON_ATOMIC(uint32_t) inside; /* the owner is in */
static CORDON_ATOMIC(uint32_t) wanted; /* the visitor wants to be */
static unsigned long balance;          /* plain: guarded by the two words */

static void owner_enter(void)
{
    for (;;) {
        struct cordon_waiter waiter = CORDON_WAITER_INIT;
        atomic_store_explicit(&inside, 1, memory_order_relaxed);
        cordon_fence_light();
        /* Acquire: what the last visitor did in here comes before what we do. */
        if (!atomic_load_explicit(&wanted, memory_order_acquire)) {
            return;
        }
        atomic_store_explicit(&inside, 0, memory_order_release);
        while (atomic_load_explicit(&wanted, memory_order_relaxed)) {
            cordon_wait_step(&waiter);
        }
    }
}

static void owner_leave(void)
{
    atomic_store_explicit(&inside, 0, memory_order_release);
}

static bool visitor_enter(void)
{
    struct cordon_waiter waiter = CORDON_WAITER_INIT;
    atomic_store_explicit(&wanted, 1, memory_order_relaxed);
    if (!cordon_fence_heavy()) {
        return false;
    }
    while (atomic_load_explicit(&inside, memory_order_acquire)) {
        cordon_wait_step(&waiter);
    }
    return true;
}

static void visitor_leave(void)
{
    atomic_store_explicit(&wanted, 0, memory_order_release);
}

static void *own(void *argument)
{
    unsigned long i;
    for (i = 0; i < 1000000; ++i) {
        owner_enter();
        ++balance;
        owner_leave();
    }
    return argument;
}

int main(void)
{
    pthread_t owner;
    int visits = 0;
    /* Ask the kernel before there are threads: registering is cheapest then. */
    const bool cheap = cordon_fence_asymmetric_probe() == CORDON_FENCE_MEMBARRIER;
    if (pthread_create(&owner, NULL, own, NULL) != 0) {
        return 1;
    }
    for (; visits < 3; ++visits) {
        if (!visitor_enter()) {
            return 1;
        }
        balance += 1000;
        visitor_leave();
    }
    pthread_join(owner, NULL);
    printf("balance %lu, light fence %s\n", balance, cheap ? "free" : "a full fence");
    return balance == 1003000 ? 0 : 1;
}
