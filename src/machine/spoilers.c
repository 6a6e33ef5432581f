/* spoilers.c - what on this machine, right now, spoils a measurement. */
#define _GNU_SOURCE
#include "spoilers.h"
#include "disturbance.h"
#include "frequency.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

struct list {
    struct machine_spoiler *spoilers;
    unsigned count;
};

__attribute__((format(printf, 3, 4))) static void add(struct list *list, const char *remedy,
                                                      const char *format, ...)
{
    if (list->count < MACHINE_MOST_SPOILERS) {
        struct machine_spoiler *spoiler = &list->spoilers[list->count++];
        va_list arguments;
        va_start(arguments, format);
        vsnprintf(spoiler->what, sizeof spoiler->what, format, arguments);
        va_end(arguments);
        spoiler->remedy = remedy;
    }
}

/* Threads that want a CPU now: the last minute's average, or this instant's count if greater. */
static double runnable(void)
{
    double load = 0;
    unsigned now = 0;
    FILE *file = fopen("/proc/loadavg", "re");
    if (file != NULL) {
        if (fscanf(file, "%lf %*s %*s %u/", &load, &now) < 1) {
            load = 0;
        }
        fclose(file);
    }
    return now > load ? now : load;
}

static void add_quota(struct list *list, const struct machine *machine)
{
    const double granted = machine_quota("");
    if (granted > 0 && granted < machine->cpu_count) {
        add(list,
            "lift the control group's cpu.max (version 1: cpu.cfs_quota_us) for the run; of a "
            "container: --cpus",
            "the control group grants %.2g CPUs' worth of time and then stops the threads",
            granted);
    }
}

unsigned machine_limits(const struct machine *machine,
                        struct machine_spoiler limits[MACHINE_MOST_SPOILERS])
{
    struct list list = {limits, 0};
    char offline[100];
    const bool some = machine_offline("", offline, sizeof offline);
    add_quota(&list, machine);
    if (machine->cpu_count < machine->pus) {
        add(&list,
            "run without taskset, or with more CPUs in the control group's cpuset.cpus (of a "
            "container: --cpuset-cpus)",
            "this process may use %u of the machine's %u CPUs", machine->cpu_count, machine->pus);
    }
    if (some) {
        add(&list, "as root: echo 1 >/sys/devices/system/cpu/cpuN/online, for each of them",
            "CPUs that are switched off: %s", offline);
    }
    return list.count;
}

static void add_frequency(struct list *list, const struct machine *machine)
{
    struct machine_frequency frequency;
    bool boost = false;
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        if (machine_frequency(machine->cpu[i].os, &frequency)) {
            boost = frequency.boost;
            if (strcmp(frequency.governor, "performance") != 0) {
                add(list, "as root: cpupower frequency-set -g performance",
                    "the frequency of CPU %u follows the load (governor %s)", machine->cpu[i].os,
                    frequency.governor);
                break;
            }
        }
    }
    if (boost) {
        add(list,
            "as root: echo 0 >/sys/devices/system/cpu/cpufreq/boost, or with intel_pstate: "
            "echo 1 >/sys/devices/system/cpu/intel_pstate/no_turbo",
            "cores boost: their frequency depends on heat and on how many are busy");
    }
}

static void add_watch(struct list *list, const struct machine *machine,
                      const struct machine_watch *watch)
{
    double most = 0;
    unsigned worst = 0;
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        const double share = machine_watch_lost(&watch->cpu[i]);
        worst = share > most ? i : worst;
        most = share > most ? share : most;
    }
    const struct machine_watch_cpu *seen = &watch->cpu[worst];
    if (most > 0.01) {
        add(list, "stop what else runs; in a virtual machine, look at the host, too",
            "CPU %u was elsewhere for %.0f %% of the time, %.3g ms at a stretch",
            machine->cpu[worst].os, 100 * most, (double)seen->longest / 1e6);
    }
    if (watch->steal_known && watch->steal > 0.01) {
        add(list, "use a dedicated host, or one with fewer guests",
            "the host took %.0f %% of the CPUs' time (steal)", watch->steal * 100);
    }
}

unsigned machine_spoilers(const struct machine *machine, const struct machine_watch *watch,
                          struct machine_spoiler spoilers[MACHINE_MOST_SPOILERS])
{
    struct list list = {spoilers, 0};
    if (machine->emulated) {
        add(&list, "run on the processor itself; these numbers say nothing of any silicon",
            "instructions are emulated (%s)", machine->hypervisor);
    } else if (machine->virtual_machine) {
        add(&list,
            "compare within one run only; for absolute figures run on bare metal or a dedicated "
            "host",
            "a virtual machine%s%s%s: its host may take the core away unseen",
            machine->hypervisor[0] ? " (" : "", machine->hypervisor,
            machine->hypervisor[0] ? ")" : "");
    }
    const double busy = runnable();
    if (busy > machine->cpu_count) {
        add(&list, "stop what else runs, or pass --time 30 so that the intervals narrow",
            "about %.0f threads want %u allowed CPU%s", busy, machine->cpu_count,
            machine->cpu_count == 1 ? "" : "s");
    }
    add_quota(&list, machine);
    add_frequency(&list, machine);
#if defined(__x86_64__) || defined(__i386__)
    char source[32];
    if (machine_clock_source(source, sizeof source) && strcmp(source, "tsc") != 0 &&
        !machine->emulated) {
        add(&list, "boot with tsc=reliable if the processor's TSC can be trusted",
            "the system's clock is read from '%s', not from the TSC: each reading is slow", source);
    }
#endif
    if (machine->smt) {
        add(&list,
            "as root: echo off >/sys/devices/system/cpu/smt/control, or keep the siblings idle",
            "cores have several hardware threads: what runs on a sibling slows this one");
    }
    if (watch != NULL) {
        add_watch(&list, machine, watch);
    }
    return list.count;
}
