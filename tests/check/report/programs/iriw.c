// Two readers that see two writes in different orders. Told must be:
//: No order of the threads' turns explains these values
//: what could forbid that is seq_cst\.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int x, y;
static int a, b, c, d;
static void *w1(void *u) { atomic_store_explicit(&x, 1, memory_order_release); return u; }
static void *w2(void *u) { atomic_store_explicit(&y, 1, memory_order_release); return u; }
static void *r1(void *u) { a = atomic_load_explicit(&x, memory_order_acquire); b = atomic_load_explicit(&y, memory_order_acquire); return u; }
static void *r2(void *u) { c = atomic_load_explicit(&y, memory_order_acquire); d = atomic_load_explicit(&x, memory_order_acquire); return u; }
int main(void)
{
    void *(*f[])(void *) = {w1, w2, r1, r2};
    pthread_t t[4];
    for (int i = 0; i < 4; ++i) pthread_create(&t[i], NULL, f[i], NULL);
    for (int i = 0; i < 4; ++i) pthread_join(t[i], NULL);
    assert(!(a == 1 && b == 0 && c == 1 && d == 0));
}
