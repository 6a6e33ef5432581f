/* cordon-check -DBROKEN: data-race */
/* cordon-check: verified at rc11 sc tso */
/* A sequence lock whose fences are right, and whose data are not atomic: "the copy is thrown away
 * anyhow".
 *
 * Where: rigtorp/Seqlock (#6), crossbeam's AtomicCell (#859), and most others; H.-J. Boehm, "Can
 * seqlocks get along with programming language memory models?", HPL-2012-68.
 *
 * What goes wrong: the reader copies while the writer writes. That the copy is not used does not
 * help: the race itself is undefined, and a compiler that reads the data a second time, after the
 * check, is right.
 *
 * Why the fix is right: relaxed atomic accesses race with nothing, cost the same as plain ones,
 * and are ordered by the same fences.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

#if BROKEN
static int left, right;
#define READ(object)         (object)
#define WRITE(object, value) ((object) = (value))
#else
static atomic_int left, right;
#define READ(object)         atomic_load_explicit(&(object), memory_order_relaxed)
#define WRITE(object, value) atomic_store_explicit(&(object), value, memory_order_relaxed)
#endif
static atomic_uint sequence;

static void *write_both(void *unused)
{
    atomic_store_explicit(&sequence, 1, memory_order_relaxed);
    atomic_thread_fence(memory_order_release);
    WRITE(left, 1);  /* HERE */
    WRITE(right, 1); /* HERE */
    atomic_store_explicit(&sequence, 2, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t writer;
    pthread_create(&writer, NULL, write_both, NULL);
    const unsigned before = atomic_load_explicit(&sequence, memory_order_acquire);
    const int a = READ(left);  /* HERE */
    const int b = READ(right); /* HERE */
    atomic_thread_fence(memory_order_acquire);
    const unsigned after = atomic_load_explicit(&sequence, memory_order_relaxed);
    if (before % 2 == 0 && before == after) {
        assert(a == b);
    }
    pthread_join(writer, NULL);
    return 0;
}
