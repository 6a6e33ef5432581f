/* spoilers.c - what on this machine, right now, spoils a measurement. */
#define _GNU_SOURCE
#include "spoilers.h"

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

bool machine_governor(unsigned os_index, char *governor, size_t room)
{
    char path[80];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/scaling_governor", os_index);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return false;
    }
    const bool read = fgets(governor, (int)room, file) != NULL;
    fclose(file);
    if (read) {
        governor[strcspn(governor, "\n")] = '\0';
    }
    return read;
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

/* CPUs' worth of time that the control group grants, or 0 for no limit. Containers see their own
 * group as the root of the hierarchy, so that is where to look.
 */
static double quota(void)
{
    double granted = 0, period = 0;
    FILE *file = fopen("/sys/fs/cgroup/cpu.max", "re");
    if (file != NULL) {
        if (fscanf(file, "%lf %lf", &granted, &period) != 2) { /* "max 100000" */
            granted = 0;
        }
        fclose(file);
    }
    return period > 0 ? granted / period : 0;
}

unsigned machine_spoilers(const struct machine *machine,
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
    const double granted = quota();
    if (granted > 0 && granted < machine->cpu_count) {
        add(&list, "lift the control group's cpu.max for the run",
            "the control group grants %.2g CPUs' worth of time and then stops the threads",
            granted);
    }
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        char governor[32];
        if (machine_governor(machine->cpu[i].os, governor, sizeof governor) &&
            strcmp(governor, "performance") != 0) {
            add(&list, "as root: cpupower frequency-set -g performance",
                "the frequency of CPU %u follows the load (governor %s)", machine->cpu[i].os,
                governor);
            break;
        }
    }
    return list.count;
}
