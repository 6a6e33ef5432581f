/* cordon-check: verified */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>

/* Memory that was atomic is overwritten twice, with nothing in between, and is atomic again. */
static struct {
    _Atomic(long) first;
    _Atomic(int) second;
} pair;

static void *thread(void *unused)
{
    for (int i = 0; i < 2; ++i) {
        memset(&pair, 0xff, sizeof pair);
        atomic_store_explicit(&pair.first, 1, memory_order_relaxed);
        atomic_store_explicit(&pair.second, 1, memory_order_relaxed);
        memset(&pair, 0xfe, sizeof pair);
        memset(&pair, 0xfe, sizeof pair);
    }
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(other, NULL);
    return 0;
}
