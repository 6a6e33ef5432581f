/* cordon-check: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <xmmintrin.h>

/* Each thread has a rounding mode of its own. */
static atomic_int x;

static void *rounds_up(void *unused)
{
    _MM_SET_ROUNDING_MODE(_MM_ROUND_UP);
    atomic_store(&x, 1);
    assert(_MM_GET_ROUNDING_MODE() == _MM_ROUND_UP);
    return unused;
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, rounds_up, NULL);
    (void)atomic_load(&x);
    assert(_MM_GET_ROUNDING_MODE() == _MM_ROUND_NEAREST);
    pthread_join(thread, NULL);
    assert(_MM_GET_ROUNDING_MODE() == _MM_ROUND_NEAREST);
    return 0;
}
