/* cordon-check --spurious --cc=gcc -DBROKEN: assertion */
/* cordon-check --spurious: verified at rc11 sc tso */
/* The other half of lazy-init-order.c: what if the compare-exchange fails for no reason?
 *
 * Where: Cobalt, starboard, lazy_initialization_internal.h, EnsureInitialized(): #12304 (2026).
 *
 * What goes wrong: a weak compare-exchange may fail although the value was the expected one; with
 * load-linked and store-conditional it does. The state is then neither "under way" nor
 * "initialised", and the code, which did not count on a third case, goes on as if it were.
 *
 * Why the fix is right: without a loop around it, a compare-exchange must be strong. (clang does not
 * say which compare-exchanges are weak: the broken form is compiled with gcc.)
 */
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>

enum { NO, UNDER_WAY, YES };

#if BROKEN
#define COMPARE_EXCHANGE atomic_compare_exchange_weak
#else
#define COMPARE_EXCHANGE atomic_compare_exchange_strong
#endif

static atomic_int initialised, object;

static void ensure_initialised(void)
{
    int state = NO;
    if (COMPARE_EXCHANGE(&initialised, &state, UNDER_WAY)) {
        atomic_store(&object, 42);
        atomic_store(&initialised, YES);
    } else {
        while (atomic_load(&initialised) == UNDER_WAY) {
        }
    }
}

static void *use(void *unused)
{
    ensure_initialised();
    assert(atomic_load(&object) == 42); /* HERE */
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
