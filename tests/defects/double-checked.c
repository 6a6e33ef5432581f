/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* Double-checked initialisation: the lock is taken only by those who do not see the flag.
 *
 * Where: Crystal, Crystal::Once: #17191 (2026), stale constants on AArch64; riscv-pk,
 * __vmr_alloc(): #64 (2017).
 *
 * What goes wrong: the first look at the flag is not ordered with anything. Who sees it set skips
 * the lock, and with it the only thing that would have made the object visible.
 *
 * Why the fix is right: the first look acquires what the flag's store releases. Under the lock
 * relaxed would do.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_int initialised;
static int object;

static void ensure_initialised(void)
{
#if BROKEN
    if (atomic_load_explicit(&initialised, memory_order_relaxed)) {
#else
    if (atomic_load_explicit(&initialised, memory_order_acquire)) {
#endif
        return;
    }
    pthread_mutex_lock(&lock);
    if (!atomic_load_explicit(&initialised, memory_order_relaxed)) {
        object = 42; /* HERE */
        atomic_store_explicit(&initialised, 1, memory_order_release);
    }
    pthread_mutex_unlock(&lock);
}

static void *use(void *unused)
{
    ensure_initialised();
    assert(object == 42); /* HERE */
    return unused;
}

int main(void)
{
    pthread_t other;
    pthread_create(&other, NULL, use, NULL);
    use(NULL);
    pthread_join(other, NULL);
    return 0;
}
