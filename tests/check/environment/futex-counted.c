/* expect: verified */
/* As futex-lost.c, with the count read before the flag. */
#define _GNU_SOURCE
#include <assert.h>
#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int events, done;

static void *wait(void *argument)
{
    for (;;) {
        const int seen = atomic_load(&events);
        if (atomic_load(&done)) {
            return argument;
        }
        if (syscall(SYS_futex, &events, FUTEX_WAIT, seen, NULL, NULL, 0) != 0) {
            assert(errno == EAGAIN);
        }
    }
}

int main(void)
{
    pthread_t thread;
    pthread_create(&thread, NULL, wait, NULL);
    atomic_store(&done, 1);
    atomic_fetch_add(&events, 1);
    syscall(SYS_futex, &events, FUTEX_WAKE, 1, NULL, NULL, 0);
    pthread_join(thread, NULL);
    return 0;
}
