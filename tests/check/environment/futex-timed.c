/* expect: verified */
/* A duration, an instant, bad ones, and masks. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static atomic_int word;

static long futex(int operation, int value, const struct timespec *time, unsigned mask)
{
    return syscall(SYS_futex, &word, operation, value, time, NULL, mask);
}

static void *sleeper(void *argument)
{
    assert(futex(FUTEX_WAIT_BITSET, 0, NULL, 2) == 0 || errno == EAGAIN);
    return argument;
}

int main(void)
{
    const struct timespec second = {1, 0}, bad = {0, 1000000000}, past = {1, 0};
    struct timespec before, after;
    pthread_t thread;
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert(futex(FUTEX_WAIT, 0, &second, 0) == -1 && errno == ETIMEDOUT);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert(after.tv_sec > before.tv_sec);
    assert(futex(FUTEX_WAIT, 1, &second, 0) == -1 && errno == EAGAIN);
    assert(futex(FUTEX_WAIT, 0, &bad, 0) == -1 && errno == EINVAL);
    assert(futex(FUTEX_WAIT_BITSET, 0, &past, 1) == -1 && errno == ETIMEDOUT);
    assert(futex(FUTEX_WAIT_BITSET, 0, NULL, 0) == -1 && errno == EINVAL);
    assert(futex(FUTEX_WAKE, 1, NULL, 0) == 0);
    pthread_create(&thread, NULL, sleeper, NULL);
    assert(futex(FUTEX_WAKE_BITSET, 1, NULL, 1) == 0);
    atomic_store(&word, 1);
    assert(futex(FUTEX_WAKE_BITSET, 1, NULL, 6) <= 1);
    pthread_join(thread, NULL);
    return 0;
}
