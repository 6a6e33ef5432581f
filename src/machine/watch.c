/* watch.c - a thread per CPU that only reads the clock. */
#define _GNU_SOURCE
#include "watch.h"

#include <cordon/wait.h>

#include <errno.h>
#include <inttypes.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

struct watcher {
    pthread_t thread;
    unsigned cpu;
    uint64_t ns;
    const _Atomic(int) *stop;
    struct machine_watch_cpu seen;
};

static void *watch(void *opaque)
{
    struct watcher *watcher = opaque;
    struct machine_watch_cpu seen = {.smallest_step = UINT64_MAX};
    struct rusage before, after;
    if (machine_pin(watcher->cpu) != 0) {
        watcher->seen.error = errno;
        return NULL;
    }
    (void)getrusage(RUSAGE_THREAD, &before);
    const uint64_t started = cordon_now();
    uint64_t last = started;
    /* From here, not from when it was created: on a busy machine it may first run much later. */
    do {
        const uint64_t now = cordon_now();
        const uint64_t step = now - last;
        if (step > MACHINE_GAP) {
            ++seen.gaps;
            seen.lost += step;
            seen.longest = step > seen.longest ? step : seen.longest;
        }
        if (step > 0 && step < seen.smallest_step) {
            seen.smallest_step = step;
        }
        last = now;
    } while (last - started < watcher->ns &&
             !atomic_load_explicit(watcher->stop, memory_order_relaxed));
    (void)getrusage(RUSAGE_THREAD, &after);
    seen.watched = last - started;
    seen.smallest_step = seen.smallest_step == UINT64_MAX ? 0 : seen.smallest_step;
    seen.switches = after.ru_nivcsw - before.ru_nivcsw;
    watcher->seen = seen;
    return NULL;
}

/* The kernel's account of all CPUs: what the host took, and everything. */
static bool read_steal(uint64_t *stolen, uint64_t *all)
{
    uint64_t field[8];
    FILE *file = fopen("/proc/stat", "re");
    if (file == NULL) {
        return false;
    }
    const int fields = fscanf(file,
                              "cpu %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                              " %" SCNu64 " %" SCNu64 " %" SCNu64,
                              &field[0], &field[1], &field[2], &field[3], &field[4], &field[5],
                              &field[6], &field[7]);
    fclose(file);
    *all = 0;
    for (int i = 0; i < fields && i < 8; ++i) {
        *all += field[i];
    }
    *stolen = fields == 8 ? field[7] : 0;
    return fields == 8;
}

int machine_watch(const struct machine *machine, uint64_t ns, const _Atomic(int) *stop,
                  struct machine_watch *result)
{
    uint64_t stolen[2] = {0, 0}, all[2] = {0, 0};
    unsigned started = 0;
    int error = 0;
    struct watcher *watchers = calloc(machine->cpu_count, sizeof *watchers);
    result->cpu = calloc(machine->cpu_count, sizeof *result->cpu);
    if (watchers == NULL || result->cpu == NULL) {
        free(watchers);
        machine_watch_free(result);
        errno = ENOMEM;
        return -1;
    }
    result->steal_known = read_steal(&stolen[0], &all[0]);
    while (started < machine->cpu_count && error == 0) {
        struct watcher *watcher = &watchers[started];
        watcher->cpu = machine->cpu[started].os;
        watcher->ns = ns;
        watcher->stop = stop;
        error = pthread_create(&watcher->thread, NULL, watch, watcher);
        started += error == 0;
    }
    for (unsigned i = 0; i < started; ++i) {
        pthread_join(watchers[i].thread, NULL);
        result->cpu[i] = watchers[i].seen;
    }
    free(watchers);
    result->steal_known = result->steal_known && read_steal(&stolen[1], &all[1]);
    result->steal =
        all[1] > all[0] ? (double)(stolen[1] - stolen[0]) / (double)(all[1] - all[0]) : 0;
    if (error != 0) {
        machine_watch_free(result);
        errno = error;
        return -1;
    }
    return 0;
}

void machine_watch_free(struct machine_watch *result)
{
    free(result->cpu);
    result->cpu = NULL;
}
