/* cordon-check --spurious -DBROKEN: data-race */
/* cordon-check --spurious: verified at rc11 sc tso */
/* Waiting for a notification with a futex, which returns when it was woken, when the word had
 * changed, and when a signal came (EINTR).
 *
 * Where: IREE, iree_notification_await(): #10517 (2022); managarm's mlibc, pthread_once(): #1068
 * (2024); libvsync's vfutex_wait() and progress64's rwclhlock end the process.
 *
 * What goes wrong: any return other than the expected one is an error, or is taken for the
 * notification. A signal at the wrong time, and the waiter goes on without what it waited for.
 *
 * Why the fix is right: that the call returns says nothing. Only the word says something, and it
 * is read again. (--spurious: a futex may return for no reason, which is what EINTR is.)
 */
#define _GNU_SOURCE
#include <assert.h>
#include <limits.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int notified;
static int message;

static void await(void)
{
#if BROKEN
    if (!atomic_load(&notified)) {
#else
    while (!atomic_load(&notified)) {
#endif
        syscall(SYS_futex, &notified, FUTEX_WAIT_PRIVATE, 0, NULL);
    }
}

static void *notify(void *unused)
{
    message = 42; /* HERE(data-race) */
    atomic_store(&notified, 1);
    syscall(SYS_futex, &notified, FUTEX_WAKE_PRIVATE, INT_MAX);
    return unused;
}

int main(void)
{
    pthread_t notifier;
    pthread_create(&notifier, NULL, notify, NULL);
    await();
    assert(message == 42); /* HERE */
    pthread_join(notifier, NULL);
    return 0;
}
