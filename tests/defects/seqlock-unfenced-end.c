/* cordon-check -DBROKEN: assertion at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A sequence lock: a reader copies the data and throws the copy away if the sequence number has
 * changed.
 *
 * Where: CPython, Python/lock.c, _PySeqLock_EndRead() and _PySeqLock_LockWrite(): #121388 (2024),
 * seen on macOS arm64. crossbeam #859 (2022) and Typhon #579 (2026) lack the same.
 *
 * What goes wrong: an acquire load of the sequence at the end keeps later accesses after it, not
 * the data's loads before it. They may see the next write while the sequence is still the old one;
 * and the writer's data may be seen before its odd number.
 *
 * Why the fix is right: with an acquire fence between the data and the second look, and a release
 * fence between the odd number and the data, who reads a new datum finds a new number.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static atomic_uint sequence;
static atomic_int left, right; /* always the same */

static void *write_both(void *unused)
{
    atomic_store_explicit(&sequence, 1, memory_order_relaxed);
#if !BROKEN
    atomic_thread_fence(memory_order_release);
#endif
    atomic_store_explicit(&left, 1, memory_order_relaxed);
    atomic_store_explicit(&right, 1, memory_order_relaxed);
    atomic_store_explicit(&sequence, 2, memory_order_release);
    return unused;
}

int main(void)
{
    pthread_t writer;
    pthread_create(&writer, NULL, write_both, NULL);
    const unsigned before = atomic_load_explicit(&sequence, memory_order_acquire);
    const int a = atomic_load_explicit(&left, memory_order_relaxed);
    const int b = atomic_load_explicit(&right, memory_order_relaxed);
#if !BROKEN
    atomic_thread_fence(memory_order_acquire);
#endif
    const unsigned after = atomic_load_explicit(&sequence, memory_order_acquire);
    if (before % 2 == 0 && before == after) {
        assert(a == b); /* HERE */
    }
    pthread_join(writer, NULL);
    return 0;
}
