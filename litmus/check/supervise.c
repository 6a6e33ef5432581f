/* supervise.c - the process that explores, seen from the one that talks to the user.
 *
 * The child leads a process group of its own, so that whatever it started can be ended with it. The
 * two share the result, by which the child is told to stop, too.
 */
#define _GNU_SOURCE
#include "supervise.h"

#include "cli/cli.h"
#include "native.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { UNLOADED = 2 }; /* the child's exit status; the reason is in the message */

#define SECOND     UINT64_C(1000000000)
#define GRACE      (2 * SECOND) /* from being told to stop until being killed */
#define FIRST_NEWS (SECOND / 2)

static uint64_t now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * SECOND + (uint64_t)time.tv_nsec;
}

_Noreturn static void work(const char *shared_object, const struct options *wanted,
                           struct result *shared, pid_t parent)
{
    static const struct rlimit no_core = {0, 0};
    static const int ours[] = {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP};
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent) {
        _exit(0);
    }
    for (size_t i = 0; i < sizeof ours / sizeof *ours; ++i) {
        signal(ours[i], SIG_DFL);
    }
    signal(SIGTTOU,
           SIG_IGN); /* no process group of a terminal's foreground, and yet it may write */
    setrlimit(RLIMIT_CORE, &no_core);
    const int nothing = open("/dev/null", O_RDONLY | O_CLOEXEC);
    dup2(nothing, STDIN_FILENO);

    result = shared;
    options = *wanted;
    const char *wrong = native_load(shared_object);
    if (wrong != NULL) {
        snprintf(shared->message, sizeof shared->message, "%s", wrong);
        _exit(UNLOADED);
    }
    explore();
    fflush(stdout);
    _exit(0);
}

/* How long it may still take. What was explored first may have been thought a larger share of the
 * whole than it was: so this goes by the progress since a half or a quarter of the time.
 */
struct forecast {
    double time[2], share[2]; /* two moments, the second at most twice as late as the first */
};

static double seconds_left(struct forecast *before, double time, double share)
{
    if (time >= 2 * before->time[1]) {
        before->time[0] = before->time[1];
        before->share[0] = before->share[1];
        before->time[1] = time;
        before->share[1] = share;
    }
    const double speed = (share - before->share[0]) / (time - before->time[0]);
    return speed > 0 && share <= 1 ? (1 - share) / speed : -1;
}

static void show_progress(const struct options *wanted, const char *title, double seconds,
                          struct forecast *forecast, struct result *shared)
{
    char number[32], rate[32], time[32], total[32], left[32];
    const double done = (double)(atomic_load(&shared->complete) + atomic_load(&shared->blocked));
    double share = atomic_load(&shared->explored);
    if (wanted->random != 0) {
        share = (double)atomic_load(&shared->random) / (double)wanted->random;
    }
    cli_number(done, number, sizeof number);
    cli_number(done / seconds, rate, sizeof rate);
    cli_time(seconds, time, sizeof time);
    const double rest = seconds_left(forecast, seconds, share);
    if (rest >= 0 && rest < 1e9) {
        cli_progress("%s: %s executions, %s/s, %s; perhaps %s in all, %s left", title, number, rate,
                     time, cli_number(done + done / seconds * rest, total, sizeof total),
                     cli_time(rest, left, sizeof left));
    } else {
        cli_progress("%s: %s executions, %s/s, %s; no end in sight", title, number, rate, time);
    }
}

/* A stopped command (^Z) stops what it supervises. */
static volatile pid_t supervised;

static void on_stop(int number)
{
    const int error = errno;
    (void)number;
    kill(-supervised, SIGSTOP);
    raise(SIGSTOP);
    kill(-supervised, SIGCONT);
    errno = error;
}

/* Wait until the child has ended, but leave it to be reaped. Returns how: FINISHED if by itself. */
static enum ending watch(pid_t child, const struct options *wanted, const char *title,
                         struct result *shared)
{
    const uint64_t started = now();
    enum ending ending = ENDED_FINISHED;
    uint64_t told = 0; /* when it was told to stop */
    struct timespec pause = {0, 500000};
    struct forecast forecast = {{0, 0}, {0, 0}};
    for (;;) {
        siginfo_t info;
        info.si_pid = 0;
        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
            info.si_pid == child) {
            return ending;
        }
        const uint64_t time = now();
        if (told == 0 && cli_interrupted != 0) {
            cli_hold_interrupts();
            ending = ENDED_INTERRUPTED;
        } else if (told == 0 && wanted->timeout != 0 && time - started >= wanted->timeout) {
            ending = ENDED_TIMEOUT;
        }
        if (told == 0 && ending != ENDED_FINISHED) {
            told = time;
            atomic_store(&shared->stop, true);
            pause.tv_nsec = 500000;
        } else if (told != 0 && time - told >= GRACE) {
            kill(-child, SIGKILL);
        }
        if (told == 0 && title != NULL && time - started >= FIRST_NEWS) {
            show_progress(wanted, title, (double)(time - started) / 1e9, &forecast, shared);
        }
        nanosleep(&pause, NULL);
        if (pause.tv_nsec < 100000000) { /* short explorations are to end at once */
            pause.tv_nsec += pause.tv_nsec / 4;
        }
    }
}

/* How a child that was not told to has died. */
static void explain(int status, struct result *shared)
{
    if (WIFSIGNALED(status)) {
        snprintf(shared->message, sizeof shared->message,
                 "the exploring process died: %s (%s; otherwise it is an error in cordon-check)",
                 strsignal(WTERMSIG(status)),
                 WTERMSIG(status) == SIGKILL ? "memory may have run out"
                                             : "a stack of the program may have overflowed");
    } else {
        snprintf(shared->message, sizeof shared->message,
                 "the exploring process ended with status %d before it was done, which is an error "
                 "in cordon-check",
                 WEXITSTATUS(status));
    }
}

/* What never came to its end was never checked: no pass. One part of the whole may be empty. */
static void look_for_nothing(const struct options *wanted, struct result *shared)
{
    if (atomic_load(&shared->complete) == 0 && atomic_load(&shared->bounded) == 0 &&
        wanted->shards <= 1 && wanted->replay == NULL) {
        shared->finding = FOUND_NO_EXECUTION;
        snprintf(shared->message, sizeof shared->message,
                 "no execution came to its end, so nothing was checked: in all %" PRIu64
                 " of them a thread waits for ever",
                 atomic_load(&shared->blocked));
    }
}

static enum ending judge(int status, enum ending ending, const struct options *wanted,
                         struct result *shared)
{
    if (WIFEXITED(status) && WEXITSTATUS(status) == UNLOADED) {
        cli_error("%s", shared->message);
        return ENDED_UNLOADED;
    }
    if (atomic_load(&shared->finding) != FOUND_NOTHING) {
        if (!atomic_load(&shared->reported)) {
            snprintf(shared->report, sizeof shared->report,
                     "%s\nThe report of it failed, which is an error in cordon-check.\n",
                     shared->message);
            shared->dot[0] = shared->replay[0] = '\0';
        }
        return ENDED_FINISHED;
    }
    if (atomic_load(&shared->finished)) {
        look_for_nothing(wanted, shared);
        return ENDED_FINISHED;
    }
    if (ending == ENDED_FINISHED) {
        explain(status, shared);
        return ENDED_DEAD;
    }
    return ending;
}

enum ending supervise(const char *shared_object, const struct options *wanted, const char *title,
                      struct result *into)
{
    struct result *shared =
        mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) {
        cli_error("cannot share memory: %s", strerror(errno));
        return ENDED_UNLOADED;
    }
    fflush(stdout);
    fflush(stderr);
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0) {
        work(shared_object, wanted, shared, parent);
    }
    enum ending ending = ENDED_UNLOADED;
    if (child < 0) {
        cli_error("cannot make a process: %s", strerror(errno));
    } else {
        int status = 0;
        setpgid(child, child); /* whichever of the two comes first */
        supervised = child;
        void (*const before)(int) = signal(SIGTSTP, on_stop);
        ending = watch(child, wanted, title, shared);
        signal(SIGTSTP, before);
        kill(-child,
             SIGKILL); /* whatever it may have left; its number is ours until it is reaped */
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
        cli_progress_clear();
        ending = judge(status, ending, wanted, shared);
    }
    memcpy(into, shared, sizeof *into);
    munmap(shared, sizeof *shared);
    return ending;
}
