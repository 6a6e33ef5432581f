/* The mutex of U. Drepper, "Futexes Are Tricky" (2011): 0 free, 1 locked, 2 locked and perhaps waited for.
 * With BROKEN it goes to sleep without having said so.
 */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int word;

static int exchange_if(int expected, int desired)
{
    atomic_compare_exchange_strong_explicit(&word, &expected, desired, memory_order_acquire,
                                            memory_order_acquire);
    return expected;
}

static void lock(void)
{
    int old = exchange_if(0, 1);
    if (old == 0) {
        return;
    }
#ifdef BROKEN
    do {
        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 1, NULL, NULL, 0);
    } while (exchange_if(0, 1) != 0);
#else
    if (old != 2) {
        old = atomic_exchange_explicit(&word, 2, memory_order_acquire);
    }
    while (old != 0) {
        syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 2, NULL, NULL, 0);
        old = atomic_exchange_explicit(&word, 2, memory_order_acquire);
    }
#endif
}

static void unlock(void)
{
    if (atomic_exchange_explicit(&word, 0, memory_order_release) == 2) {
        syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
    }
}
