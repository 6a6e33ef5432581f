/* expect: verified, 7 executions */
/* What comes before a light fence is there after any heavy fence of a thread made after a heavy one. */
#define _GNU_SOURCE
#include <assert.h>
#include <linux/membarrier.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int x, y, z;
static int a, b, c;

static void heavy(void)
{
    assert(syscall(SYS_membarrier, MEMBARRIER_CMD_PRIVATE_EXPEDITED, 0, 0) == 0);
}

static void *first(void *argument)
{
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    a = atomic_load_explicit(&y, memory_order_relaxed);
    return argument;
}

static void *second(void *argument)
{
    heavy();
    b = atomic_load_explicit(&z, memory_order_relaxed);
    return argument;
}

static void *third(void *argument)
{
    atomic_store_explicit(&z, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    c = atomic_load_explicit(&x, memory_order_relaxed);
    return argument;
}

int main(void)
{
    pthread_t thread[3];
    pthread_create(&thread[0], NULL, first, NULL);
    pthread_create(&thread[2], NULL, third, NULL);
    atomic_store_explicit(&y, 1, memory_order_relaxed);
    heavy();
    pthread_create(&thread[1], NULL, second, NULL);
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    assert(a == 1 || b == 1 || c == 1);
    return 0;
}
