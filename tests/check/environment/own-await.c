/* expect: verified, 2 executions, 4 blocked */
/* cordon/check.h: a loop that writes and takes it back, told by hand. */
#include <cordon/check.h>
#include <pthread.h>
#include <assert.h>
static atomic_int guests;
static int inside;
static void *guest(void *p)
{
    while (atomic_fetch_add_explicit(&guests, 1, memory_order_acquire) >= 1) {
        atomic_fetch_sub_explicit(&guests, 1, memory_order_relaxed);
        cordon_check_wait();
    }
    ++inside;
    atomic_fetch_sub_explicit(&guests, 1, memory_order_release);
    return p;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, guest, NULL);
    pthread_create(&b, NULL, guest, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(inside == 2);
    return 0;
}
