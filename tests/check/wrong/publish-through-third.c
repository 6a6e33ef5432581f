/* cordon-check: data-race at rc11 ra */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* The messenger in the middle reads without acquire, so it has nothing to release. */
static int message;
static atomic_int here, there;

static void *sender(void *unused)
{
    message = 42; /* HERE */
    atomic_store_explicit(&here, 1, memory_order_release);
    return unused;
}

static void *messenger(void *unused)
{
    if (atomic_load_explicit(&here, memory_order_relaxed)) {
        atomic_store_explicit(&there, 1, memory_order_release);
    }
    return unused;
}

static void *receiver(void *unused)
{
    if (atomic_load_explicit(&there, memory_order_acquire)) {
        assert(message == 42); /* HERE */
    }
    return unused;
}

int main(void)
{
    void *(*const all[])(void *) = {sender, messenger, receiver};
    pthread_t thread[3];
    for (int i = 0; i < 3; ++i) {
        pthread_create(&thread[i], NULL, all[i], NULL);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
