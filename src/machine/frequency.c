/* frequency.c - from sysfs: cpufreq, and the drivers' own switches for boosting. */
#define _GNU_SOURCE
#include "frequency.h"
#include "file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_cpufreq(unsigned os_index, const char *name, char *line, size_t room)
{
    char path[96];
    snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%u/cpufreq/%s", os_index, name);
    return machine_read_line(path, line, room);
}

static unsigned long read_khz(unsigned os_index, const char *name)
{
    char line[32];
    return read_cpufreq(os_index, name, line, sizeof line) ? strtoul(line, NULL, 10) : 0;
}

bool machine_frequency(unsigned os_index, struct machine_frequency *frequency)
{
    char line[8];
    memset(frequency, 0, sizeof *frequency);
    if (!read_cpufreq(os_index, "scaling_governor", frequency->governor,
                      sizeof frequency->governor)) {
        frequency->governor[0] = '\0';
        return false;
    }
    if (!read_cpufreq(os_index, "scaling_driver", frequency->driver, sizeof frequency->driver)) {
        frequency->driver[0] = '\0';
    }
    frequency->least = read_khz(os_index, "scaling_min_freq");
    frequency->most = read_khz(os_index, "scaling_max_freq");
    frequency->now = read_khz(os_index, "scaling_cur_freq");
    if (machine_read_line("/sys/devices/system/cpu/intel_pstate/no_turbo", line, sizeof line)) {
        frequency->boost = line[0] == '0';
    } else if (machine_read_line("/sys/devices/system/cpu/cpufreq/boost", line, sizeof line)) {
        frequency->boost = line[0] == '1';
    }
    return true;
}

bool machine_clock_source(char *name, unsigned room)
{
    return machine_read_line("/sys/devices/system/clocksource/clocksource0/current_clocksource",
                             name, room);
}
