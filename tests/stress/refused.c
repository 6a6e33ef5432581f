/* A kernel that refuses: seccomp filters make membarrier(2) and futex(2) fail, as container
 * runtimes do. Asymmetric fences must then be full fences on both sides, a heavy fence refused too
 * late must say so, and parking must degrade to polling without losing a wake-up or a deadline.
 *
 * Each case runs in a child process, since a filter cannot be taken off.
 */
#define _GNU_SOURCE
#include "stress.h"

#include <cordon/fence.h>

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Make one system call fail with ENOSYS in this process from now on. */
static bool refuse(uint32_t number)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = {sizeof code / sizeof *code, code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static CORDON_ATOMIC(uint32_t) flag[2];
static uint32_t seen[2];

static void store_fence_load(unsigned index, void *argument)
{
    (void)argument;
    atomic_store_explicit(&flag[index], 1, memory_order_relaxed);
    if (index == 0) {
        cordon_fence_light();
    } else {
        CHECK(cordon_fence_heavy(), "a symmetric heavy fence cannot be refused");
    }
    seen[index] = atomic_load_explicit(&flag[1 - index], memory_order_relaxed);
}

static void membarrier_refused(void)
{
    CHECK(cordon_fence_asymmetric_probe() == CORDON_FENCE_SYMMETRIC, "probe trusts a filter");
    for (unsigned long i = 0; i < stress_scale(2000); ++i) {
        atomic_store_explicit(&flag[0], 0, memory_order_relaxed);
        atomic_store_explicit(&flag[1], 0, memory_order_relaxed);
        stress_run(2, store_fence_load, NULL);
        CHECK(seen[0] || seen[1], "round %lu: neither saw the other", i);
    }
}

static void membarrier_refused_later(void)
{
    if (cordon_fence_asymmetric_probe() != CORDON_FENCE_MEMBARRIER) {
        return; /* no membarrier here in the first place */
    }
    CHECK(cordon_fence_heavy(), "granted, and then not");
    CHECK(refuse(SYS_membarrier), "second filter");
    CHECK(!cordon_fence_heavy(), "claims an order that nobody established");
}

static struct {
    CORDON_ATOMIC(uint32_t) word;
    CORDON_ATOMIC(uint64_t) wide;
} slow;

static void wait_or_wake(unsigned index, void *argument)
{
    (void)argument;
    if (index == 0) {
        CHECK(cordon_wait_u32(&slow.word, 0, CORDON_NEVER) == CORDON_OK, "u32");
        CHECK(cordon_wait_u64(&slow.wide, 0, CORDON_NEVER) == CORDON_OK, "u64");
        return;
    }
    const struct timespec nap = {0, 5000000};
    nanosleep(&nap, NULL);
    atomic_store_explicit(&slow.word, 1, memory_order_release);
    cordon_wake_all_u32(&slow.word);
    nanosleep(&nap, NULL);
    atomic_store_explicit(&slow.wide, 1, memory_order_release);
    cordon_wake_all_u64(&slow.wide);
}

/* glibc's own joins need the futex, so the threads exist before the filter does. */
static void *refusing_waiter(void *unused)
{
    CHECK(refuse(SYS_futex), "filter of one thread");
    (void)unused;
    const uint64_t deadline = cordon_deadline_after(20000000);
    CORDON_ATOMIC(uint32_t) never = CORDON_ATOMIC_INIT(7);
    CHECK(cordon_wait_u32(&never, 7, deadline) == CORDON_TIMEDOUT, "no deadline without a futex");
    CHECK(cordon_now() >= deadline, "gave up early");
    CHECK(cordon_park_u32(&never, 7, deadline) == CORDON_TIMEDOUT, "a park ignores its deadline");
    wait_or_wake(0, NULL);
    return NULL;
}

static void futex_refused(void)
{
    pthread_t waiter;
    CHECK(pthread_create(&waiter, NULL, refusing_waiter, NULL) == 0, "thread");
    wait_or_wake(1, NULL);
    pthread_join(waiter, NULL);
}

static int in_child(const char *name, void (*body)(void), uint32_t refused)
{
    fflush(stdout); /* or the child might print it again */
    const pid_t child = fork();
    if (child == 0) {
        if (refused != UINT32_MAX && !refuse(refused)) {
            _exit(77);
        }
        body();
        _exit(0);
    }
    int status = 0;
    CHECK(child > 0 && waitpid(child, &status, 0) == child, "fork");
    const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    printf("%-28s exit %d\n", name, code);
    return code;
}

int main(void)
{
    const int refused = in_child("membarrier refused", membarrier_refused, SYS_membarrier);
    if (refused == 77) {
        return 77; /* an outer sandbox, or an emulator, forbids filters */
    }
    return refused || in_child("membarrier refused later", membarrier_refused_later, UINT32_MAX) ||
           in_child("futex refused", futex_refused, UINT32_MAX);
}
