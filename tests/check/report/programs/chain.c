// A message that a third thread passes on; one load on the way is relaxed. Told must be:
//: T2's load at chain\.c:[0-9]+ \([0-9]+\) reads `ready` from T1's store at chain\.c:[0-9]+ \([0-9]+\); T3's load at chain\.c:[0-9]+ \([0-9]+\) reads `go` from T2's fetch_add at chain\.c:[0-9]+ \([0-9]+\), but the load \([0-9]+\) is relaxed: it must be acquire\.
//: fetch_add acq_rel go 0 -> 1
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int data, ready, go;
static void *one(void *unused)
{
    atomic_store_explicit(&data, 1, memory_order_relaxed);
    atomic_store_explicit(&data, 42, memory_order_relaxed);
    atomic_store_explicit(&ready, 1, memory_order_release);
    return unused;
}
static void *two(void *unused)
{
    if (atomic_load_explicit(&ready, memory_order_relaxed)) {
        atomic_fetch_add_explicit(&go, 1, memory_order_acq_rel);
    }
    return unused;
}
static void *three(void *unused)
{
    if (atomic_load_explicit(&go, memory_order_acquire) == 1) {
        int seen = atomic_load_explicit(&data, memory_order_relaxed);
        assert(seen == 42);
    }
    return unused;
}
int main(void)
{
    pthread_t a, b, c;
    pthread_create(&a, NULL, one, NULL);
    pthread_create(&b, NULL, two, NULL);
    pthread_create(&c, NULL, three, NULL);
    pthread_join(a, NULL);
    pthread_join(b, NULL);
    pthread_join(c, NULL);
}
