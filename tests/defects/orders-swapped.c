/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* A lock for one writer or several readers in one word: bit 0 is the writer, the rest counts
 * readers.
 *
 * Where: Crystal, Sync::MU, the fast paths of #unlock and #try_rlock?: #17063 (2026). Fibres
 * stalled on Apple silicon.
 *
 * What goes wrong: taking the lock releases, and giving it back acquires. A compare-exchange looks
 * much the same both ways; the reader sees that the writer has left, and not what it wrote.
 *
 * Why the fix is right: acquire what you take, release what you give.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>

enum { WRITER = 1, READER = 2 };

#if BROKEN
enum { TAKE = memory_order_release, GIVE = memory_order_acquire };
#else
enum { TAKE = memory_order_acquire, GIVE = memory_order_release };
#endif

static atomic_int word = WRITER; /* main has it */
static int protected;

static void unlock_writer(void)
{
    int expected = WRITER;
    atomic_compare_exchange_strong_explicit(&word, &expected, 0, GIVE, memory_order_relaxed);
}

static bool try_lock_reader(void)
{
    int expected = 0;
    return atomic_compare_exchange_strong_explicit(&word, &expected, READER, TAKE,
                                                   memory_order_relaxed);
}

static void *read_it(void *unused)
{
    if (try_lock_reader()) {
        assert(protected == 1); /* HERE */
        atomic_fetch_sub_explicit(&word, READER, memory_order_release);
    }
    return unused;
}

int main(void)
{
    pthread_t reader;
    pthread_create(&reader, NULL, read_it, NULL);
    protected = 1; /* HERE */
    unlock_writer();
    pthread_join(reader, NULL);
    return 0;
}
