/* cordon-check: data-race at rc11 ra */
/* cordon-check -DTHROUGH=atomic_fetch_add_explicit: verified */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

/* A store of another thread ends the release sequence; a read-modify-write is part of it. */
#ifndef THROUGH
#define THROUGH atomic_store_explicit
#endif
static int message;
static atomic_int ready;

static void *sender(void *unused)
{
    message = 42; /* HERE */
    atomic_store_explicit(&ready, 1, memory_order_release);
    return unused;
}

static void *other(void *unused)
{
    if (atomic_load_explicit(&ready, memory_order_relaxed) == 1) {
        THROUGH(&ready, 2, memory_order_relaxed);
    }
    return unused;
}

static void *receiver(void *unused)
{
    if (atomic_load_explicit(&ready, memory_order_acquire) >= 2) {
        assert(message == 42); /* HERE */
    }
    return unused;
}

int main(void)
{
    void *(*const all[])(void *) = {sender, other, receiver};
    pthread_t thread[3];
    for (int i = 0; i < 3; ++i) {
        pthread_create(&thread[i], NULL, all[i], NULL);
    }
    for (int i = 0; i < 3; ++i) {
        pthread_join(thread[i], NULL);
    }
    return 0;
}
