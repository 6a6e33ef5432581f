// Store buffering, with orders that do not forbid it. Told must be:
//: sb\.c:[0-9]+: [^:]*main[^:]*: assertion 'r0 == 1 \|\| r1 == 1' failed
//: \(initial, old\)
//: > +[0-9]+ sb\.c:[0-9]+ +the assertion fails
//: No order of the threads' turns explains these values
//: what could forbid that is seq_cst\.
//: [xy]: 0 \(initial\), 1 \([0-9]+\)
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int x, y;
static int r0, r1;
static void *left(void *unused)
{
    atomic_store_explicit(&x, 1, memory_order_release);
    r0 = atomic_load_explicit(&y, memory_order_acquire);
    return unused;
}
static void *right(void *unused)
{
    atomic_store_explicit(&y, 1, memory_order_release);
    r1 = atomic_load_explicit(&x, memory_order_acquire);
    return unused;
}
int main(void)
{
    pthread_t a, b;
    pthread_create(&a, NULL, left, NULL);
    pthread_create(&b, NULL, right, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    assert(r0 == 1 || r1 == 1);
}
