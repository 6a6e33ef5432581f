/* expect: deadlock */
/* The value to sleep on is read again just before: a wake-up in between is lost. */
#define _GNU_SOURCE
#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <unistd.h>

static atomic_int events, done;

static void *wait(void *argument)
{
    while (!atomic_load(&done)) {
        const int seen = atomic_load(&events);
        syscall(SYS_futex, &events, FUTEX_WAIT, seen, NULL, NULL, 0);
    }
    return argument;
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
