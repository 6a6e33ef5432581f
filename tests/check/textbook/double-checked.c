/* cordon-check: verified */
/* cordon-check -DORDER=memory_order_relaxed: data-race at rc11 ra */
/* cordon-check -DPLAIN: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

/* Initialise at first use, and take the lock only if it has not been done. */
#ifndef ORDER
#define ORDER memory_order_acquire
#endif
struct thing {
    int value;
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
#ifdef PLAIN
static struct thing *instance;
#define GET()   instance
#define SET(to) (instance = (to))
#else
static struct thing *_Atomic instance;
#define GET()   atomic_load_explicit(&instance, ORDER)
#define SET(to) atomic_store_explicit(&instance, to, memory_order_release)
#endif

static struct thing *get(void)
{
    struct thing *thing = GET(); /* HERE */
    if (!thing) {
        pthread_mutex_lock(&lock);
        thing = GET(); /* HERE */
        if (!thing) {
            thing = malloc(sizeof *thing); /* HERE */
            thing->value = 42;             /* HERE */
            SET(thing);                    /* HERE */
        }
        pthread_mutex_unlock(&lock);
    }
    return thing;
}

static void *thread(void *unused)
{
    assert(get()->value == 42); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t one, other;
    pthread_create(&one, NULL, thread, NULL);
    pthread_create(&other, NULL, thread, NULL);
    pthread_join(one, NULL);
    pthread_join(other, NULL);
    free(get());
    return 0;
}
