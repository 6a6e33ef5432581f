/* cordon-check: verified */
/* cordon-check -DNO_RELEASE_FENCE: assertion at rc11 ra */
/* cordon-check -DNO_ACQUIRE_FENCE: assertion at rc11 ra */
/* cordon-check -DPLAIN: data-race */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

/* A sequence lock (Boehm, MSPC 2012): readers look whether a writer was there before and after. */
#ifdef PLAIN
typedef int datum; /* as it is often written, and wrong: a reader may read while a writer writes */
#define GET(x)     (x)
#define SET(x, to) ((x) = (to))
#else
typedef atomic_int datum;
#define GET(x)     atomic_load_explicit(&(x), memory_order_relaxed)
#define SET(x, to) atomic_store_explicit(&(x), to, memory_order_relaxed)
#endif
static atomic_uint sequence;
static datum first, second;

static void publish(int value)
{
    const unsigned before = atomic_load_explicit(&sequence, memory_order_relaxed);
    atomic_store_explicit(&sequence, before + 1, memory_order_relaxed);
#ifndef NO_RELEASE_FENCE
    atomic_thread_fence(memory_order_release);
#endif
    SET(first, value);  /* HERE(data-race) */
    SET(second, value); /* HERE(data-race) */
    atomic_store_explicit(&sequence, before + 2, memory_order_release);
}

static bool look(int *one, int *other)
{
    const unsigned before = atomic_load_explicit(&sequence, memory_order_acquire);
    *one = GET(first);    /* HERE(data-race) */
    *other = GET(second); /* HERE(data-race) */
#ifndef NO_ACQUIRE_FENCE
    atomic_thread_fence(memory_order_acquire);
#endif
    return before % 2 == 0 && before == atomic_load_explicit(&sequence, memory_order_relaxed);
}

static void *writer(void *unused)
{
    publish(1);
    publish(2);
    return unused;
}

static void *reader(void *unused)
{
    int one, other;
    if (look(&one, &other)) {
        assert(one == other); /* HERE(assertion) */
    }
    return unused;
}

int main(void)
{
    pthread_t one, two;
    pthread_create(&one, NULL, writer, NULL);
    pthread_create(&two, NULL, reader, NULL);
    pthread_join(one, NULL);
    pthread_join(two, NULL);
    return 0;
}
