/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* One piece of stack is an object of four bytes in one execution, and of eight in another. */
static atomic_int x;

static __attribute__((noinline)) int four(void)
{
    _Atomic int local[2];
    atomic_store(&local[0], 4);
    return atomic_fetch_add(&local[0], 1);
}

static __attribute__((noinline)) int eight(void)
{
    _Atomic long local;
    atomic_store(&local, 8);
    return (int)atomic_fetch_add(&local, 1);
}

static void *thread(void *unused)
{
    const int size = atomic_load(&x) ? four() : eight();
    assert(size == 4 || size == 8);
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    atomic_store(&x, 1);
    pthread_join(one, NULL);
    return 0;
}
