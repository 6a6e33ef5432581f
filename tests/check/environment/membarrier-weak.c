/* expect: assertion */
/* Store buffering with a signal fence that is too weak on one side and membarrier on the other. */
#define _GNU_SOURCE
#include <assert.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int x, y;
static int a, b;

static void *light(void *argument)
{
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_acq_rel);
    a = atomic_load_explicit(&y, memory_order_relaxed);
    return argument;
}

int main(void)
{
    pthread_t thread;
    assert(syscall(SYS_membarrier, MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED, 0, 0) == 0);
    pthread_create(&thread, NULL, light, NULL);
    atomic_store_explicit(&y, 1, memory_order_relaxed);
    assert(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0);
    b = atomic_load_explicit(&x, memory_order_relaxed);
    pthread_join(thread, NULL);
    assert(a == 1 || b == 1);
    return 0;
}
