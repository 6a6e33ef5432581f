/* watch.c - a thread per CPU that only reads the clock. */
#define _GNU_SOURCE
#include "watch.h"

#include "disturbance.h"

#include <cordon/wait.h>

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

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
    if (machine_pin(watcher->cpu) != 0) {
        watcher->seen.error = errno;
        return NULL;
    }
    const long before = machine_preemptions();
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
    seen.watched = last - started;
    seen.smallest_step = seen.smallest_step == UINT64_MAX ? 0 : seen.smallest_step;
    seen.switches = machine_preemptions() - before;
    watcher->seen = seen;
    return NULL;
}

int machine_watch(const struct machine *machine, uint64_t ns, const _Atomic(int) *stop,
                  struct machine_watch *result)
{
    struct machine_account before, after;
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
    result->steal_known = machine_account("", NULL, 0, &before);
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
    result->steal_known = result->steal_known && machine_account("", NULL, 0, &after);
    result->steal = result->steal_known && after.all > before.all
                        ? (double)(after.stolen - before.stolen) / (double)(after.all - before.all)
                        : 0;
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
