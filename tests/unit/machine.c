/* Units of src/machine: the machine's shape as the kernel tells it is hwloc's, and odd machines, which are made of
 * files, are understood; so are the files that tell of limits and of what was taken.
 */
#define _GNU_SOURCE
#include "machine/disturbance.h"
#include "machine/topology.h"

#include <criterion/criterion.h>

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char root[] = "/tmp/cordon-unit-machine-XXXXXX";

static void begin(void)
{
    cr_assert_not_null(mkdtemp(root));
}

static void end(void)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf '%s'", root);
    cr_assert_eq(system(command), 0);
}

/* A file of the machine, and the directories on its way. */
__attribute__((format(printf, 2, 3))) static void put(const char *text, const char *format, ...)
{
    char path[300];
    va_list arguments;
    int length = snprintf(path, sizeof path, "%s/", root);
    va_start(arguments, format);
    length += vsnprintf(path + length, sizeof path - (size_t)length, format, arguments);
    va_end(arguments);
    cr_assert_lt(length, (int)sizeof path);
    for (char *slash = path + strlen(root); (slash = strchr(slash + 1, '/')) != NULL;) {
        *slash = '\0';
        mkdir(path, 0700);
        *slash = '/';
    }
    FILE *file = fopen(path, "w");
    cr_assert_not_null(file, "%s", path);
    fprintf(file, "%s\n", text);
    fclose(file);
}

static void put_cpu(unsigned os, const char *core, const char *package)
{
    put(core, "cpu/cpu%u/topology/core_cpus_list", os);
    put(package, "cpu/cpu%u/topology/package_cpus_list", os);
}

static void put_cache(unsigned os, unsigned index, const char *level, const char *type,
                      const char *size, const char *cpus)
{
    put(level, "cpu/cpu%u/cache/index%u/level", os, index);
    put(type, "cpu/cpu%u/cache/index%u/type", os, index);
    put(size, "cpu/cpu%u/cache/index%u/size", os, index);
    put("64", "cpu/cpu%u/cache/index%u/coherency_line_size", os, index);
    put(cpus, "cpu/cpu%u/cache/index%u/shared_cpu_list", os, index);
}

/* What is known of a machine before its shape is: these CPUs are allowed. */
static struct machine allow(unsigned count, const unsigned *os)
{
    struct machine machine = {.cpu = calloc(count, sizeof *machine.cpu), .cpu_count = count};
    cr_assert_not_null(machine.cpu);
    for (unsigned i = 0; i < count; ++i) {
        machine.cpu[i] = (struct machine_cpu){
            os[i], MACHINE_UNKNOWN, 0, MACHINE_UNKNOWN, 0, MACHINE_UNKNOWN, MACHINE_UNKNOWN};
    }
    return machine;
}

static const unsigned numbers[] = {0, 1, 2, 3, 4, 5, 6, 7};

static void want_cache(const struct machine *machine, unsigned i, struct machine_cache wanted)
{
    cr_assert_gt(machine->cache_count, i);
    const struct machine_cache *cache = &machine->cache[i];
    cr_assert_eq(cache->level, wanted.level);
    cr_assert_eq(cache->kind, wanted.kind);
    cr_assert_eq(cache->count, wanted.count, "%u of level %u", cache->count, cache->level);
    cr_assert_eq(cache->line, wanted.line);
    cr_assert_eq(cache->bytes, wanted.bytes);
}

/* Both ways tell which CPUs are together in something; how they number it is their own. */
static void same_parts(const struct machine *a, const struct machine *b, size_t offset,
                       const char *what)
{
    for (unsigned i = 0; i < a->cpu_count; ++i) {
        for (unsigned k = 0; k < i; ++k) {
            unsigned here[2], there[2];
            memcpy(&here[0], (const char *)&a->cpu[i] + offset, sizeof *here);
            memcpy(&here[1], (const char *)&a->cpu[k] + offset, sizeof *here);
            memcpy(&there[0], (const char *)&b->cpu[i] + offset, sizeof *there);
            memcpy(&there[1], (const char *)&b->cpu[k] + offset, sizeof *there);
            cr_assert_eq(here[0] == here[1], there[0] == there[1], "%s of CPUs %u and %u", what,
                         a->cpu[i].os, a->cpu[k].os);
        }
    }
}

Test(machine, the_kernel_tells_what_hwloc_tells)
{
    struct machine hwloc, kernel = {0};
    if (access("/sys/devices/system/cpu/cpu0/topology/core_cpus_list", R_OK) != 0) {
        cr_skip("no topology in /sys");
    }
    cr_assert_eq(machine_read(&hwloc), 0);
    unsigned *os = calloc(hwloc.cpu_count, sizeof *os);
    cr_assert_not_null(os);
    for (unsigned i = 0; i < hwloc.cpu_count; ++i) {
        os[i] = hwloc.cpu[i].os;
    }
    kernel = allow(hwloc.cpu_count, os);
    cr_assert_eq(topology_sysfs(&kernel, "/sys/devices/system"), 0);
    cr_assert_eq(kernel.packages, hwloc.packages);
    cr_assert_eq(kernel.cores, hwloc.cores);
    cr_assert_eq(kernel.pus, hwloc.pus);
    cr_assert_eq(kernel.numa_nodes, hwloc.numa_nodes);
    same_parts(&kernel, &hwloc, offsetof(struct machine_cpu, core), "core");
    same_parts(&kernel, &hwloc, offsetof(struct machine_cpu, package), "package");
    for (unsigned i = 0; i < hwloc.cpu_count; ++i) {
        cr_assert_eq(kernel.cpu[i].thread, hwloc.cpu[i].thread);
        cr_assert_eq(kernel.cpu[i].numa, hwloc.cpu[i].numa);
    }
    if (access("/sys/devices/system/cpu/cpu0/cache/index0/shared_cpu_list", R_OK) == 0) {
        same_parts(&kernel, &hwloc, offsetof(struct machine_cpu, cache), "cache");
        cr_assert_eq(kernel.cache_count, hwloc.cache_count);
        for (unsigned i = 0; i < hwloc.cache_count; ++i) {
            want_cache(&kernel, i, hwloc.cache[i]);
        }
    }
    machine_free(&kernel);
    machine_free(&hwloc);
    free(os);
}

Test(machine, two_packages_of_cores_with_two_threads, .init = begin, .fini = end)
{
    /* Threads and packages interleave, as on many servers; and CPU 0 is not ours. */
    put("0-7", "cpu/online");
    put("0-1", "node/online");
    put("0,2,4,6", "node/node0/cpulist");
    put("1,3,5,7", "node/node1/cpulist");
    for (unsigned os = 0; os < 8; ++os) {
        static const char *const pairs[] = {"0,4", "1,5", "2,6", "3,7"};
        const char *package = os % 2 == 0 ? "0,2,4,6" : "1,3,5,7";
        put_cpu(os, pairs[os % 4], package);
        put_cache(os, 0, "1", "Data", "48K", pairs[os % 4]);
        put_cache(os, 1, "1", "Instruction", "32K", pairs[os % 4]);
        put_cache(os, 2, "2", "Unified", "2048K", pairs[os % 4]);
        put_cache(os, 3, "3", "Unified", "30M", package);
    }
    struct machine machine = allow(7, numbers + 1);
    cr_assert_eq(topology_sysfs(&machine, root), 0);
    cr_assert_eq(machine.packages, 2);
    cr_assert_eq(machine.cores, 4);
    cr_assert_eq(machine.pus, 8);
    cr_assert_eq(machine.numa_nodes, 2);
    want_cache(&machine, 0, (struct machine_cache){1, 'd', 4, 64, 48 << 10});
    want_cache(&machine, 1, (struct machine_cache){1, 'i', 4, 64, 32 << 10});
    want_cache(&machine, 2, (struct machine_cache){2, 'u', 4, 64, 2 << 20});
    want_cache(&machine, 3, (struct machine_cache){3, 'u', 2, 64, 30 << 20});
    const struct machine_cpu *one = machine_find(&machine, 1), *two = machine_find(&machine, 2);
    const struct machine_cpu *five = machine_find(&machine, 5), *six = machine_find(&machine, 6);
    const struct machine_cpu *three = machine_find(&machine, 3);
    cr_assert_eq(machine_distance(one, five), MACHINE_SAME_CORE);
    cr_assert_eq(machine_distance(two, six), MACHINE_SAME_CORE);
    cr_assert_eq(machine_distance(one, three), MACHINE_OTHER_CORE);
    cr_assert_eq(machine_distance(one, two), MACHINE_OTHER_PACKAGE);
    cr_assert_eq(one->thread, 0);
    cr_assert_eq(five->thread, 1);
    cr_assert_eq(five->cache_level, 3);
    cr_assert_eq(five->numa, 1);
    machine_free(&machine);
}

Test(machine, big_and_little_cores, .init = begin, .fini = end)
{
    /* Two clusters with caches of their own, none for all; files as they were before Linux 5.3; CPU 3 is off. */
    put("0-2,4-5", "cpu/online");
    for (unsigned os = 0; os < 6; ++os) {
        static const char *const alone[] = {"0", "1", "2", "3", "4", "5"};
        const bool big = os >= 4;
        if (os != 3) {
            put(alone[os], "cpu/cpu%u/topology/thread_siblings_list", os);
            put("0-2,4-5", "cpu/cpu%u/topology/core_siblings_list", os);
            put_cache(os, 0, "1", "Data", big ? "64K" : "32K", alone[os]);
            put_cache(os, 1, "2", "Unified", big ? "1024K" : "512K", big ? "4-5" : "0-2");
        }
    }
    struct machine machine = allow(3, numbers);
    machine.cpu[2].os = 4;
    cr_assert_eq(topology_sysfs(&machine, root), 0);
    cr_assert_eq(machine.packages, 1);
    cr_assert_eq(machine.cores, 5);
    cr_assert_eq(machine.pus, 5);
    cr_assert_eq(machine.numa_nodes, 1);
    want_cache(&machine, 0, (struct machine_cache){1, 'd', 5, 64, 32 << 10});
    want_cache(&machine, 1, (struct machine_cache){2, 'u', 2, 64, 512 << 10});
    cr_assert_eq(machine_distance(&machine.cpu[0], &machine.cpu[1]), MACHINE_OTHER_CORE);
    cr_assert_eq(machine_distance(&machine.cpu[0], &machine.cpu[2]), MACHINE_OTHER_CACHE);
    machine_free(&machine);
}

Test(machine, a_kernel_that_tells_nothing, .init = begin, .fini = end)
{
    struct machine machine = allow(2, numbers);
    cr_assert_eq(topology_sysfs(&machine, root), 0);
    cr_assert_eq(machine.packages, 0);
    cr_assert_eq(machine.cores, 0);
    cr_assert_eq(machine.pus, 2);
    cr_assert_eq(machine.cache_count, 0);
    cr_assert_eq(machine.cpu[1].core, MACHINE_UNKNOWN);
    cr_assert_eq(machine_distance(&machine.cpu[0], &machine.cpu[1]), MACHINE_OTHER_CORE);
    machine_free(&machine);
}

Test(machine, files_with_nonsense, .init = begin, .fini = end)
{
    put("1-0,x", "cpu/online");
    put("-1", "cpu/cpu0/topology/core_cpus_list");
    put("", "cpu/cpu0/topology/package_cpus_list");
    put_cache(0, 0, "1", "Data", "lots", "99999999999999999999");
    put("5-2", "node/online");
    struct machine machine = allow(1, numbers);
    cr_assert_eq(topology_sysfs(&machine, root), 0);
    cr_assert_eq(machine.cores, 0);
    cr_assert_eq(machine.pus, 1);
    cr_assert_eq(machine.cpu[0].cache, MACHINE_UNKNOWN);
    cr_assert_eq(machine.numa_nodes, 1);
    machine_free(&machine);
}

static void about(double value, double wanted)
{
    cr_assert(value > wanted - 1e-6 && value < wanted + 1e-6, "%g, not %g", value, wanted);
}

Test(machine, quotas_of_groups_and_of_those_above, .init = begin, .fini = end)
{
    about(machine_quota(root), 0);
    put("0::/a/b", "proc/self/cgroup");
    about(machine_quota(root), 0);
    put("max 100000", "sys/fs/cgroup/a/b/cpu.max");
    about(machine_quota(root), 0);
    put("150000 100000", "sys/fs/cgroup/a/cpu.max");
    about(machine_quota(root), 1.5);
    put("50000 100000", "sys/fs/cgroup/a/b/cpu.max");
    about(machine_quota(root), 0.5);
    /* A container that sees only the end of its path, or a path out of what it sees. */
    put("0::/docker/1234", "proc/self/cgroup");
    about(machine_quota(root), 0);
    put("250000 100000", "sys/fs/cgroup/cpu.max");
    about(machine_quota(root), 2.5);
    put("0::/../../a", "proc/self/cgroup");
    about(machine_quota(root), 2.5);
}

Test(machine, quotas_of_version_1, .init = begin, .fini = end)
{
    put("9:cpuset:/c\n8:cpuacct,cpu:/a\n0::/z", "proc/self/cgroup");
    put("-1", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
    put("100000", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_period_us");
    put("10000", "sys/fs/cgroup/cpu/c/cpu.cfs_quota_us");
    put("100000", "sys/fs/cgroup/cpu/c/cpu.cfs_period_us");
    about(machine_quota(root), 0); /* of its group there is none, and "cpuset" is not "cpu" */
    put("75000", "sys/fs/cgroup/cpu,cpuacct/a/cpu.cfs_quota_us");
    about(machine_quota(root), 0.75);
    put("30000 100000", "sys/fs/cgroup/unified/z/cpu.max");
    about(machine_quota(root), 0.3);
    put("nonsense", "proc/self/cgroup");
    about(machine_quota(root), 0);
}

Test(machine, steal_of_some_cpus, .init = begin, .fini = end)
{
    struct machine_account account;
    const unsigned some[] = {11, 1};
    cr_assert_not(machine_account(root, NULL, 0, &account));
    put("cpu  60 0 30 9 0 0 0 7 5 5\ncpu0 10 0 10 3 0 0 0 1 0 0\ncpu1 1 2 3 4 5 6 7 8 9 10\n"
        "cpu11 10 0 10 3 0 0 0 4 0 0\nintr 8 8 8 8 8 8 8 8\n",
        "proc/stat");
    cr_assert(machine_account(root, NULL, 0, &account));
    cr_assert(account.stolen == 7 && account.all == 106);
    cr_assert(machine_account(root, some, 2, &account));
    cr_assert(account.stolen == 12 && account.all == 36 + 27);
    cr_assert_not(machine_account(root, numbers + 2, 1, &account));
    put("cpu  60 0 30 9", "proc/stat"); /* as long ago */
    cr_assert_not(machine_account(root, NULL, 0, &account));
}

Test(machine, cpus_that_are_off, .init = begin, .fini = end)
{
    char list[20];
    cr_assert_not(machine_offline(root, list, sizeof list));
    put("", "sys/devices/system/cpu/offline");
    cr_assert_not(machine_offline(root, list, sizeof list));
    put("3,5-6", "sys/devices/system/cpu/offline");
    cr_assert(machine_offline(root, list, sizeof list));
    cr_assert_str_eq(list, "3,5-6");
}
