/* disturbance.c - reading control groups and the kernel's accounts. */
#define _GNU_SOURCE
#include "disturbance.h"
#include "file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

enum { MOST_PATH = 1024, MOST_LINE = 512 };

/* Where the hierarchies are mounted: of version 2 alone, or beside version 1. */
static const char *const unified[] = {"", "/unified"};
static const char *const separate[] = {"/cpu", "/cpu,cpuacct", "/cpuacct,cpu"};

static bool read_in(const char *directory, const char *name, char *line)
{
    char path[MOST_PATH + 64];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    return machine_read_line(path, line, MOST_LINE);
}

/* What one group grants, whatever its version; 0: all. */
static double granted_in(const char *directory)
{
    char line[MOST_LINE];
    double granted = 0, period = 0;
    if (read_in(directory, "cpu.max", line)) {
        if (sscanf(line, "%lf %lf", &granted, &period) != 2) { /* "max 100000" */
            return 0;
        }
    } else if (!read_in(directory, "cpu.cfs_quota_us", line) ||
               sscanf(line, "%lf", &granted) != 1 ||
               !read_in(directory, "cpu.cfs_period_us", line) ||
               sscanf(line, "%lf", &period) != 1) {
        return 0;
    }
    return granted > 0 && period > 0 ? granted / period : 0;
}

/* The group and all above it. In a container the path may be one of the host's, of which nothing is to be seen but
 * the end: the container's own group, mounted as the root.
 */
static double granted_along(const char *root, const char *mount, const char *group)
{
    char path[MOST_PATH];
    double least = 0;
    const int top = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s", root, mount);
    const int length = snprintf(path, sizeof path, "%s/sys/fs/cgroup%s%s", root, mount,
                                strstr(group, "..") == NULL ? group : "");
    if (top < 0 || length < 0 || length >= (int)sizeof path) {
        return 0;
    }
    for (char *end = path + length;; end = strrchr(path, '/')) {
        *end = '\0';
        const double granted = granted_in(path);
        least = granted > 0 && (least <= 0 || granted < least) ? granted : least;
        if (end <= path + top) {
            return least;
        }
    }
}

/* Is "cpu" among the controllers of a line of /proc/self/cgroup? Of version 2 none are named. */
static bool rules_time(const char *controllers)
{
    for (const char *at = controllers; *at != '\0'; at += strcspn(at, ","), at += *at == ',') {
        if (strcspn(at, ",") == 3 && strncmp(at, "cpu", 3) == 0) {
            return true;
        }
    }
    return false;
}

/* "4:cpu,cpuacct:/group" */
static double granted_by(const char *root, char *line)
{
    char *controllers = strchr(line, ':');
    char *group = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
    double least = 0;
    if (group == NULL) {
        return 0;
    }
    *group++ = '\0';
    ++controllers;
    group[strcspn(group, "\n")] = '\0';
    if (*controllers != '\0' && !rules_time(controllers)) {
        return 0;
    }
    const char *const *mount = *controllers == '\0' ? unified : separate;
    const size_t mounts = *controllers == '\0' ? sizeof unified / sizeof *unified
                                               : sizeof separate / sizeof *separate;
    for (size_t i = 0; i < mounts; ++i) {
        const double granted = granted_along(root, mount[i], group);
        least = granted > 0 && (least <= 0 || granted < least) ? granted : least;
    }
    return least;
}

double machine_quota(const char *root)
{
    char path[MOST_PATH], line[MOST_LINE];
    double least = 0;
    snprintf(path, sizeof path, "%s/proc/self/cgroup", root);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        const double granted = granted_by(root, line);
        least = granted > 0 && (least <= 0 || granted < least) ? granted : least;
    }
    if (file != NULL) {
        fclose(file);
    }
    return least;
}

bool machine_offline(const char *root, char *list, size_t size)
{
    char path[MOST_PATH];
    snprintf(path, sizeof path, "%s/sys/devices/system/cpu/offline", root);
    return machine_read_line(path, list, size) && list[0] != '\0';
}

static bool among(unsigned os, const unsigned *cpu, size_t count)
{
    for (size_t i = 0; i < count; ++i) {
        if (cpu[i] == os) {
            return true;
        }
    }
    return false;
}

/* "cpu3 user nice system idle iowait irq softirq steal guest ...", where guest is in user already; "cpu  ..." is the
 * sum of all. Kernels before 2.6.11 have no steal.
 */
bool machine_account(const char *root, const unsigned *cpu, size_t count,
                     struct machine_account *account)
{
    char path[MOST_PATH], line[MOST_LINE];
    unsigned found = 0;
    *account = (struct machine_account){0, 0};
    snprintf(path, sizeof path, "%s/proc/stat", root);
    FILE *file = fopen(path, "re");
    while (file != NULL && fgets(line, sizeof line, file) != NULL && strncmp(line, "cpu", 3) == 0) {
        uint64_t field[8];
        unsigned os = 0;
        const bool sum = line[3] == ' ';
        if ((!sum && sscanf(line + 3, "%u", &os) != 1) ||
            (sum ? count != 0 : !among(os, cpu, count))) {
            continue;
        }
        if (sscanf(line + 3 + strcspn(line + 3, " "),
                   "%" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64 " %" SCNu64
                   " %" SCNu64 " %" SCNu64,
                   &field[0], &field[1], &field[2], &field[3], &field[4], &field[5], &field[6],
                   &field[7]) != 8) {
            continue;
        }
        for (int i = 0; i < 8; ++i) {
            account->all += field[i];
        }
        account->stolen += field[7];
        ++found;
    }
    if (file != NULL) {
        fclose(file);
    }
    return found != 0;
}

double machine_ticks_ms(uint64_t ticks)
{
    const long second = sysconf(_SC_CLK_TCK);
    return second > 0 ? (double)ticks * 1000 / (double)second : 0;
}

long machine_preemptions(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_THREAD, &usage) == 0 ? usage.ru_nivcsw : 0;
}
