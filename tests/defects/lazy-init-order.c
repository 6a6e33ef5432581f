/* cordon-check -DBROKEN: data-race at rc11 ra */
/* cordon-check: verified at rc11 sc tso */
/* Who comes first initialises; the others see by the same compare-exchange, when it fails, that it
 * is done.
 *
 * Where: Cobalt, starboard, lazy_initialization_internal.h, EnsureInitialized(): #12304 (2026).
 *
 * What goes wrong: the compare-exchange acquires if it succeeds, and is relaxed if it fails. But
 * it is the failure that says "initialised": the caller goes on and reads what it has not
 * acquired.
 *
 * Why the fix is right: the failing exchange is the load that pairs with the initialiser's
 * release.
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { NO, UNDER_WAY, YES };

#if BROKEN
enum { FAILURE = memory_order_relaxed };
#else
enum { FAILURE = memory_order_acquire };
#endif

static atomic_int initialised;
static int object;

static void ensure_initialised(void)
{
    for (;;) {
        int state = NO;
        if (atomic_compare_exchange_strong_explicit(&initialised, &state, UNDER_WAY,
                                                    memory_order_acquire, FAILURE)) {
            object = 42; /* HERE */
            atomic_store_explicit(&initialised, YES, memory_order_release);
        } else if (state == YES) {
            return;
        }
    }
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
