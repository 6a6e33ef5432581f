/* cordon-check: endless-wait */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_int ready, other_flag;

static void *first(void *unused)
{
    while (!atomic_load_explicit(&ready, memory_order_acquire)) { /* HERE */
    }
    return unused;
}

static void *second(void *unused)
{
    atomic_store_explicit(&other_flag, 1, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, first, NULL);
    pthread_create(&other, NULL, second, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    return 0;
}
