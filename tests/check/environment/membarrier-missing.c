/* expect: assertion */
/* Store buffering with a signal fence on both sides: they order nothing between them. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static atomic_int x, y;
static int a, b;

static void *light(void *argument)
{
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    a = atomic_load_explicit(&y, memory_order_relaxed);
    return argument;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, light, NULL);
    atomic_store_explicit(&y, 1, memory_order_relaxed);
    atomic_signal_fence(memory_order_seq_cst);
    b = atomic_load_explicit(&x, memory_order_relaxed);
    pthread_join(thread, NULL);
    assert(a == 1 || b == 1);
    return 0;
}
