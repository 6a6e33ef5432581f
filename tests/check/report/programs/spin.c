// A loop that waits for a value that nobody writes. Told must be:
//: endless wait: T1 waits for ever
//: T1 waits at spin\.c:[0-9]+ for another value: `turn` stays 1 \(from [0-9]+\)\.
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
static atomic_int turn, done;
static void *waiter(void *unused)
{
    while (atomic_load_explicit(&turn, memory_order_acquire) != 2 || !atomic_load(&done)) {
    }
    return unused;
}
int main(void)
{
    pthread_t a;
    pthread_create(&a, NULL, waiter, NULL);
    atomic_store_explicit(&turn, 1, memory_order_release);
    pthread_join(a, NULL);
}
