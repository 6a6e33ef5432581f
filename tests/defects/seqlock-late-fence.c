/* cordon-check -DBROKEN: assertion at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* Frames in shared memory, guarded by a generation number: odd while a frame is written.
 *
 * Where: dora, tensor-pool, seqlock_end() in transport.rs and mirror.rs: issue #3288, repaired by
 * #3289 (2026).
 *
 * What goes wrong: the release fence stands after the store that says "complete". A release fence
 * orders what is before it with the stores that follow it; after the last store it orders nothing.
 * A reader sees "complete", and old data.
 *
 * Why the fix is right: data, fence, number.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_uint generation;
static atomic_int frame;

static void *write_frame(void *unused)
{
    atomic_store_explicit(&generation, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&frame, 42, memory_order_relaxed);
#if BROKEN
    atomic_store_explicit(&generation, 2, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
#else
    atomic_thread_fence(memory_order_release);
    atomic_store_explicit(&generation, 2, memory_order_relaxed);
#endif
    return unused;
}

int main(void)
{
    pthread_t writer;
    pthread_create(&writer, NULL, write_frame, NULL);
    const unsigned before = atomic_load_explicit(&generation, memory_order_acquire);
    const int read = atomic_load_explicit(&frame, memory_order_relaxed);
    atomic_thread_fence(memory_order_acquire);
    const unsigned after = atomic_load_explicit(&generation, memory_order_relaxed);
    if (before == 2 && after == 2) {
        assert(read == 42); /* HERE */
    }
    pthread_join(writer, NULL);
    return 0;
}
