/* cordon-check: unsupported */
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/* The halves of an atomic object are none. */
static _Alignas(8) _Atomic uint32_t half[2];

static void *thread(void *unused)
{
    atomic_store(&half[0], 1);
    return unused;
}

int main(void)
{
    pthread_t one;
    pthread_create(&one, NULL, thread, NULL);
    atomic_store((_Atomic uint64_t *)(void *)half, 2);
    pthread_join(one, NULL);
    return 0;
}
