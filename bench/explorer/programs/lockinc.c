/* N threads increment a counter under a mutex: N! orders. */
#include "start.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static atomic_int counter;

static void *increment(void *unused)
{
    pthread_mutex_lock(&mutex);
    const int old = atomic_load_explicit(&counter, RELAXED);
    atomic_store_explicit(&counter, old + 1, RELAXED);
    pthread_mutex_unlock(&mutex);
    return unused;
}

int main(void)
{
    for (int k = 0; k < N; ++k) {
        start(increment, k);
    }
    return 0;
}
