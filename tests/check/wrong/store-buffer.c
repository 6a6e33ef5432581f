/* cordon-check: assertion at rc11 tso ra */
/* cordon-check -DORDER=memory_order_seq_cst: assertion at ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Each announces itself and looks for the other: one must see the other, or so it seems. */
#ifndef ORDER
#define ORDER memory_order_acq_rel
#endif
static atomic_int x, y;
static int saw_x, saw_y;

static void *first(void *unused)
{
    atomic_store_explicit(&x, 1, memory_order_relaxed);
    atomic_thread_fence(ORDER);
    saw_y = atomic_load_explicit(&y, memory_order_relaxed);
    return unused;
}

static void *second(void *unused)
{
    atomic_store_explicit(&y, 1, memory_order_relaxed);
    atomic_thread_fence(ORDER);
    saw_x = atomic_load_explicit(&x, memory_order_relaxed);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(saw_x || saw_y); /* HERE */
    return 0;
}
