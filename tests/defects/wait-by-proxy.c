/* cordon-check -DBROKEN: deadlock at rc11 ra */
/* cordon-check: deadlock at ra */
/* Waiting for any atomic object with a futex, which wants 32 bits: threads wait for a change of a
 * proxy word instead, and a count of waiters spares the wake-up when there are none.
 *
 * Where: libc++, src/atomic.cpp: llvm-project #109290 (2024), repaired by #146267 (2025).
 *
 * What goes wrong: the notifier adds to the proxy with release, then reads the count. The waiter
 * adds to the count, then the kernel compares the proxy. Neither that addition nor the kernel's
 * comparison is seq_cst: the notifier may read the old count and the kernel the old proxy. Nobody
 * is woken, and the waiter sleeps.
 *
 * Why the fix is right: a seq_cst fence in each of the two, between its addition and its read.
 *
 * (The model `ra` leaves the order of seq_cst fences out, and with it the repair.)
 */
#define _GNU_SOURCE
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int value, proxy, waiters;

static void *notify(void *unused)
{
    atomic_store_explicit(&value, 1, memory_order_release);
    atomic_fetch_add_explicit(&proxy, 1, memory_order_release);
#if !BROKEN
    atomic_thread_fence(memory_order_seq_cst);
#endif
    if (atomic_load_explicit(&waiters, memory_order_seq_cst)) {
        syscall(SYS_futex, &proxy, FUTEX_WAKE_PRIVATE, INT_MAX);
    }
    return unused;
}

int main(void)
{
    pthread_t notifier;
    pthread_create(&notifier, NULL, notify, NULL);
    const int seen = atomic_load_explicit(&proxy, memory_order_acquire);
    if (!atomic_load_explicit(&value, memory_order_acquire)) {
        atomic_fetch_add_explicit(&waiters, 1, memory_order_seq_cst);
#if !BROKEN
        atomic_thread_fence(memory_order_seq_cst);
#endif
        syscall(SYS_futex, &proxy, FUTEX_WAIT_PRIVATE, seen, NULL); /* HERE */
        atomic_fetch_sub_explicit(&waiters, 1, memory_order_release);
    }
    pthread_join(notifier, NULL);
    return 0;
}
