/* expect: verified */
/* Readers together, writers alone. */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int a, b;
static atomic_int together;

static void *read(void *argument)
{
    pthread_rwlock_rdlock(&lock);
    assert(a == b);
    atomic_fetch_add_explicit(&together, a, memory_order_relaxed);
    pthread_rwlock_unlock(&lock);
    return argument;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, read, NULL);
    pthread_create(&other, NULL, read, NULL);
    pthread_rwlock_wrlock(&lock);
    ++a;
    ++b;
    pthread_rwlock_unlock(&lock);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    assert(together <= 2);
    return 0;
}
