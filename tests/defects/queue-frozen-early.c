/* cordon-check -DBROKEN: assertion */
/* cordon-check: verified at rc11 sc tso */
/* A segment of a queue is frozen by adding a large offset to its tail, so that nobody puts
 * anything in, and a flag says that the offset has to be subtracted.
 *
 * Where: .NET, ConcurrentQueueSegment.EnsureFrozenForEnqueues() and TryDequeue(): dotnet/runtime
 * #132737 (2026).
 *
 * What goes wrong: the flag is set first. A consumer reads the flag, then the tail, and subtracts
 * an offset that was never added: the queue is empty, it says, with an element inside. No fence
 * helps: the two stores become visible in just this order, and everything is sequentially
 * consistent.
 *
 * Why the fix is right: the offset before the flag. Who sees the flag sees the offset; who does
 * not takes the tail, with or without offset, for larger than the head, which it is.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { OFFSET = 1000 };

static atomic_int head = 0, tail = 1; /* one element */
static atomic_int frozen;

static void *freeze(void *unused)
{
#if BROKEN
    atomic_store(&frozen, 1);
    atomic_fetch_add(&tail, OFFSET);
#else
    atomic_fetch_add(&tail, OFFSET);
    atomic_store(&frozen, 1);
#endif
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, freeze, NULL);
    const int is_frozen = atomic_load(&frozen);
    const int end = atomic_load(&tail) - (is_frozen ? OFFSET : 0);
    assert(end > atomic_load(&head)); /* HERE */
    pthread_join(other, NULL);
    return 0;
}
