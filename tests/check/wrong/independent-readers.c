/* cordon-check: assertion at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* Two readers disagree on which of two independent writes was first: acquire does not forbid it. */
static atomic_int x, y;
static int seen[2][2];

static void *write_x(void *unused)
{
    atomic_store_explicit(&x, 1, memory_order_release);
    return unused;
}

static void *write_y(void *unused)
{
    atomic_store_explicit(&y, 1, memory_order_release);
    return unused;
}

static void *read_xy(void *unused)
{
    seen[0][0] = atomic_load_explicit(&x, memory_order_acquire);
    seen[0][1] = atomic_load_explicit(&y, memory_order_acquire);
    return unused;
}

static void *read_yx(void *unused)
{
    seen[1][0] = atomic_load_explicit(&y, memory_order_acquire);
    seen[1][1] = atomic_load_explicit(&x, memory_order_acquire);
    return unused;
}

int main(void)
{
    void *(*const all[])(void *) = {write_x, write_y, read_xy, read_yx};
    pthread_t thread[4];
    for (int i = 0; i < 4; ++i) {
        pthread_create(&thread[i], NULL, all[i], NULL);
    }
    for (int i = 0; i < 4; ++i) {
        pthread_join(thread[i], NULL);
    }
    assert(!(seen[0][0] && !seen[0][1] && seen[1][0] && !seen[1][1])); /* HERE */
    return 0;
}
