// A message is passed through a relaxed store. Told must be:
//: data race on message: nothing orders T0's plain read at mp\.c:[0-9]+ and T1's plain write at mp\.c:[0-9]+
//: mp\.c:[0-9]+: message = 42;
//: T0's load at mp\.c:[0-9]+ \([0-9]+\) reads `ready` from T1's store at mp\.c:[0-9]+ \([0-9]+\), but the store \([0-9]+\) is relaxed: it must be release\.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static int message;
static atomic_int ready;

static void *send(void *unused)
{
    message = 42;
    atomic_store_explicit(&ready, 1, memory_order_relaxed); /* release would do */
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, send, NULL);
    if (atomic_load_explicit(&ready, memory_order_acquire)) {
        assert(message == 42);
    }
    pthread_join(thread, NULL);
}
