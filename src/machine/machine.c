/* machine.c - reading the machine: hwloc for its shape, the kernel for the rest. */
#define _GNU_SOURCE
#include "machine.h"
#include "file.h"

#include <hwloc.h>

#include <ctype.h>
#include <errno.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>
#endif

#define ROOM(array) (sizeof(array))

/* Copy with runs of white space made one blank: model names are padded in odd ways. */
static void copy_squeezed(char *to, size_t room, const char *from)
{
    size_t used = 0;
    for (; *from != '\0' && used + 1 < room; ++from) {
        if (!isspace((unsigned char)*from)) {
            to[used++] = *from;
        } else if (used > 0 && to[used - 1] != ' ') {
            to[used++] = ' ';
        }
    }
    while (used > 0 && to[used - 1] == ' ') {
        --used;
    }
    to[used] = '\0';
}

static void read_model(struct machine *machine, hwloc_topology_t topology)
{
    const hwloc_obj_t package = hwloc_get_obj_by_type(topology, HWLOC_OBJ_PACKAGE, 0);
    const hwloc_obj_t root = hwloc_get_root_obj(topology);
    const char *model = package ? hwloc_obj_get_info_by_name(package, "CPUModel") : NULL;
    if (model == NULL) {
        model = hwloc_obj_get_info_by_name(root, "CPUModel");
    }
    char line[96];
    if (model != NULL) {
        copy_squeezed(machine->model, ROOM(machine->model), model);
    } else if (machine_read_line("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", line,
                                 sizeof line)) {
        /* AArch64 gives no name; the main ID register names the core to who looks it up. */
        snprintf(machine->model, ROOM(machine->model), "unnamed, MIDR_EL1 %s", line);
    } else if (machine_read_line("/proc/device-tree/model", line, sizeof line)) {
        copy_squeezed(machine->model, ROOM(machine->model), line);
    } else {
        snprintf(machine->model, ROOM(machine->model), "unknown");
    }
}

static unsigned count_of(hwloc_topology_t topology, hwloc_obj_type_t type)
{
    const int count = hwloc_get_nbobjs_by_type(topology, type);
    return count > 0 ? (unsigned)count : 0;
}

static void read_caches(struct machine *machine, hwloc_topology_t topology)
{
    static const struct {
        hwloc_obj_type_t type;
        unsigned level;
        char kind;
    } kinds[] = {
        {HWLOC_OBJ_L1CACHE, 1, 'd'}, {HWLOC_OBJ_L1ICACHE, 1, 'i'}, {HWLOC_OBJ_L2CACHE, 2, 'u'},
        {HWLOC_OBJ_L3CACHE, 3, 'u'}, {HWLOC_OBJ_L4CACHE, 4, 'u'},
    };
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i) {
        const hwloc_obj_t first = hwloc_get_obj_by_type(topology, kinds[i].type, 0);
        if (first != NULL && machine->cache_count < MACHINE_MOST_CACHES) {
            struct machine_cache *cache = &machine->cache[machine->cache_count++];
            cache->level = kinds[i].level;
            cache->kind = kinds[i].kind;
            cache->count = count_of(topology, kinds[i].type);
            cache->line = first->attr->cache.linesize;
            cache->bytes = first->attr->cache.size;
        }
    }
}

/* The affinity mask of the calling thread, of whatever size this kernel wants. */
static cpu_set_t *affinity(size_t *bytes, unsigned *bits)
{
    for (unsigned most = 1024; most <= 1u << 20; most *= 4) {
        cpu_set_t *set = CPU_ALLOC(most);
        if (set == NULL) {
            return NULL;
        }
        *bytes = CPU_ALLOC_SIZE(most);
        *bits = most;
        CPU_ZERO_S(*bytes, set);
        if (sched_getaffinity(0, *bytes, set) == 0) {
            return set;
        }
        const int error = errno;
        CPU_FREE(set);
        errno = error;
        if (error != EINVAL) { /* EINVAL: too small for the kernel's mask */
            return NULL;
        }
    }
    return NULL;
}

static void place(struct machine_cpu *cpu, hwloc_topology_t topology)
{
    cpu->core = cpu->cache = cpu->package = cpu->numa = MACHINE_UNKNOWN;
    cpu->thread = 0;
    const hwloc_obj_t pu = hwloc_get_pu_obj_by_os_index(topology, cpu->os);
    if (pu == NULL) {
        return;
    }
    const hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_CORE, pu);
    if (core != NULL) {
        cpu->core = core->logical_index;
        for (unsigned os = 0; os < cpu->os; ++os) {
            cpu->thread += hwloc_bitmap_isset(core->cpuset, os) != 0;
        }
    }
    const hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(topology, HWLOC_OBJ_PACKAGE, pu);
    if (package != NULL) {
        cpu->package = package->logical_index;
    }
    for (hwloc_obj_t above = pu->parent; above != NULL; above = above->parent) {
        if (hwloc_obj_type_is_dcache(above->type)) {
            cpu->cache = above->logical_index; /* the last one met is the farthest */
            cpu->cache_level = above->attr->cache.depth;
        }
    }
    if (pu->nodeset != NULL && hwloc_bitmap_first(pu->nodeset) >= 0) {
        cpu->numa = (unsigned)hwloc_bitmap_first(pu->nodeset);
    }
}

static int read_cpus(struct machine *machine, hwloc_topology_t topology)
{
    size_t bytes;
    unsigned bits;
    cpu_set_t *set = affinity(&bytes, &bits);
    if (set == NULL) {
        return -1;
    }
    machine->cpu = calloc((size_t)CPU_COUNT_S(bytes, set), sizeof *machine->cpu);
    if (machine->cpu != NULL) {
        for (unsigned os = 0; os < bits; ++os) {
            if (CPU_ISSET_S(os, bytes, set)) {
                struct machine_cpu *cpu = &machine->cpu[machine->cpu_count++];
                cpu->os = os;
                place(cpu, topology);
            }
        }
    }
    CPU_FREE(set);
    return machine->cpu != NULL ? 0 : -1;
}

#if defined(__x86_64__) || defined(__i386__)

static void read_hypervisor(struct machine *machine, hwloc_topology_t topology)
{
    unsigned a, b, c, d;
    (void)topology;
    if (__get_cpuid(1, &a, &b, &c, &d) && (c >> 31 & 1) != 0) {
        static const char *const names[][2] = {
            {"KVMKVMKVM", "KVM"},           {"Microsoft Hv", "Hyper-V"},
            {"VMwareVMware", "VMware"},     {"XenVMMXenVMM", "Xen"},
            {"bhyve bhyve ", "bhyve"},      {"TCGTCGTCGTCG", "QEMU TCG"},
            {"VBoxVBoxVBox", "VirtualBox"}, {"ACRNACRNACRN", "ACRN"},
            {" lrpepyh vr", "Parallels"}};
        char signature[13] = "";
        machine->virtual_machine = true;
        __cpuid(0x40000000, a, b, c, d);
        memcpy(signature, &b, 4);
        memcpy(signature + 4, &c, 4);
        memcpy(signature + 8, &d, 4);
        copy_squeezed(machine->hypervisor, ROOM(machine->hypervisor), signature);
        for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
            if (strcmp(signature, names[i][0]) == 0) {
                snprintf(machine->hypervisor, ROOM(machine->hypervisor), "%s", names[i][1]);
            }
        }
        machine->emulated = strcmp(signature, "TCGTCGTCGTCG") == 0;
    }
}

#else

static bool contains(const char *text, const char *word)
{
    return text != NULL && strcasestr(text, word) != NULL;
}

/* Firmware tables name the machine's maker; a hypervisor's maker is not a computer's. */
static void read_firmware_hints(struct machine *machine, hwloc_topology_t topology)
{
    static const char *const makers[] = {
        "QEMU",  "KVM",        "VMware",         "VirtualBox",
        "Xen",   "innotek",    "Parallels",      "Bochs",
        "bhyve", "Amazon EC2", "Google Compute", "Virtual Machine"};
    const hwloc_obj_t root = hwloc_get_root_obj(topology);
    const char *texts[] = {hwloc_obj_get_info_by_name(root, "DMISysVendor"),
                           hwloc_obj_get_info_by_name(root, "DMIProductName"), NULL};
    char line[128];
    if (machine_read_line("/proc/device-tree/hypervisor/compatible", line, sizeof line)) {
        machine->virtual_machine = true;
        copy_squeezed(machine->hypervisor, ROOM(machine->hypervisor), line);
    } else if (machine_read_line("/proc/device-tree/compatible", line, sizeof line)) {
        texts[2] = line;
    }
    for (size_t i = 0; i < sizeof texts / sizeof *texts; ++i) {
        for (size_t k = 0; k < sizeof makers / sizeof *makers; ++k) {
            /* EC2 and Compute Engine rent bare metal too; they name it so. */
            if (contains(texts[i], makers[k]) && !contains(texts[1], ".metal")) {
                machine->virtual_machine = true;
                if (machine->hypervisor[0] == '\0') {
                    copy_squeezed(machine->hypervisor, ROOM(machine->hypervisor), texts[i]);
                }
            }
        }
    }
}

static void read_hypervisor(struct machine *machine, hwloc_topology_t topology)
{
    read_firmware_hints(machine, topology);
    /* Under qemu-user /proc/cpuinfo is the host's, and an x86 host shows. */
    char line[256];
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && !machine->emulated && fgets(line, sizeof line, file) != NULL) {
        machine->emulated =
            strstr(line, "GenuineIntel") != NULL || strstr(line, "AuthenticAMD") != NULL;
    }
    if (file != NULL) {
        fclose(file);
    }
    if (machine->emulated) {
        snprintf(machine->hypervisor, ROOM(machine->hypervisor), "qemu-user");
    }
}

#endif

static void read_software(struct machine *machine)
{
    struct utsname name;
    if (uname(&name) == 0) {
        snprintf(machine->kernel, ROOM(machine->kernel), "%s %s", name.sysname, name.release);
        snprintf(machine->architecture, ROOM(machine->architecture), "%.31s", name.machine);
    }
#if defined(__clang__)
    copy_squeezed(machine->compiler, ROOM(machine->compiler), __VERSION__);
#else
    snprintf(machine->compiler, ROOM(machine->compiler), "gcc %s", __VERSION__);
#endif
}

int machine_read(struct machine *machine)
{
    hwloc_topology_t topology;
    memset(machine, 0, sizeof *machine);
    if (hwloc_topology_init(&topology) != 0) {
        return -1;
    }
    /* Count what the machine has, not what a cpuset leaves of it. */
    if (hwloc_topology_set_flags(topology, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
        hwloc_topology_set_icache_types_filter(topology, HWLOC_TYPE_FILTER_KEEP_ALL) != 0 ||
        hwloc_topology_load(topology) != 0) {
        hwloc_topology_destroy(topology);
        return -1;
    }
    machine->packages = count_of(topology, HWLOC_OBJ_PACKAGE);
    machine->cores = count_of(topology, HWLOC_OBJ_CORE);
    machine->pus = count_of(topology, HWLOC_OBJ_PU);
    machine->numa_nodes = count_of(topology, HWLOC_OBJ_NUMANODE);
    machine->smt = machine->cores > 0 && machine->pus > machine->cores;
    read_model(machine, topology);
    read_caches(machine, topology);
    read_software(machine);
    read_hypervisor(machine, topology);
    const int result = read_cpus(machine, topology);
    hwloc_topology_destroy(topology);
    return result;
}

void machine_free(struct machine *machine)
{
    free(machine->cpu);
    machine->cpu = NULL;
    machine->cpu_count = 0;
}

const struct machine_cpu *machine_find(const struct machine *machine, unsigned os_index)
{
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        if (machine->cpu[i].os == os_index) {
            return &machine->cpu[i];
        }
    }
    return NULL;
}

enum machine_distance machine_distance(const struct machine_cpu *a, const struct machine_cpu *b)
{
    if (a->package != b->package) {
        return MACHINE_OTHER_PACKAGE;
    }
    if (a->numa != b->numa) {
        return MACHINE_OTHER_NODE;
    }
    if (a->cache != b->cache || a->cache_level != b->cache_level) {
        return MACHINE_OTHER_CACHE;
    }
    return a->core == b->core && a->core != MACHINE_UNKNOWN ? MACHINE_SAME_CORE
                                                            : MACHINE_OTHER_CORE;
}

const char *machine_distance_text(enum machine_distance distance)
{
    static const char *const texts[] = {"same core", "another core", "no shared cache",
                                        "another NUMA node", "another package"};
    return texts[distance];
}

int machine_pin(unsigned os_index)
{
    if (os_index >= 1u << 20) {
        errno = EINVAL;
        return -1;
    }
    cpu_set_t *set = CPU_ALLOC(os_index + 1);
    if (set == NULL) {
        return -1;
    }
    size_t bytes = CPU_ALLOC_SIZE(os_index + 1);
    CPU_ZERO_S(bytes, set);
    CPU_SET_S(os_index, bytes, set);
    const int refused = sched_setaffinity(0, bytes, set);
    const int error = errno;
    CPU_FREE(set);
    if (refused) {
        errno = error;
        return -1;
    }
    unsigned bits;
    set = affinity(&bytes, &bits);
    if (set == NULL) {
        return -1;
    }
    const bool there = CPU_COUNT_S(bytes, set) == 1 && CPU_ISSET_S(os_index, bytes, set) &&
                       sched_getcpu() == (int)os_index;
    CPU_FREE(set);
    if (!there) {
        errno = ENOTSUP;
        return -1;
    }
    return 0;
}

static const char *plural(unsigned count)
{
    return count == 1 ? "" : "s";
}

static void print_bytes(FILE *stream, uint64_t bytes)
{
    if (bytes >= 1 << 20 && bytes % (1 << 19) == 0) {
        fprintf(stream, "%g MiB", (double)bytes / (1 << 20));
    } else {
        fprintf(stream, "%g KiB", (double)bytes / (1 << 10));
    }
}

void machine_print_cpus(FILE *stream, const unsigned *os, unsigned count)
{
    for (unsigned i = 0; i < count;) {
        unsigned last = i;
        while (last + 1 < count && os[last + 1] == os[last] + 1) {
            ++last;
        }
        fprintf(stream, "%s%u", i ? "," : "", os[i]);
        if (last > i) {
            fprintf(stream, "-%u", os[last]);
        }
        i = last + 1;
    }
}

static void print_allowed(FILE *stream, const struct machine *machine)
{
    unsigned *os = calloc(machine->cpu_count, sizeof *os);
    for (unsigned i = 0; os != NULL && i < machine->cpu_count; ++i) {
        os[i] = machine->cpu[i].os;
    }
    machine_print_cpus(stream, os, os != NULL ? machine->cpu_count : 0);
    free(os);
}

const char *machine_hwloc_version(void)
{
    return HWLOC_VERSION;
}

void machine_print(FILE *stream, const struct machine *machine)
{
    fprintf(stream, "CPU        %s (%s)\n", machine->model, machine->architecture);
    fprintf(stream, "topology   %u package%s, %u core%s, %u CPU%s%s, %u NUMA node%s\n",
            machine->packages, plural(machine->packages), machine->cores, plural(machine->cores),
            machine->pus, plural(machine->pus), machine->smt ? " (SMT)" : "", machine->numa_nodes,
            plural(machine->numa_nodes));
    fputs("caches     ", stream);
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        const struct machine_cache *cache = &machine->cache[i];
        fprintf(stream, "%sL%u%s ", i ? ", " : "", cache->level,
                cache->kind == 'd'   ? "d"
                : cache->kind == 'i' ? "i"
                                     : "");
        print_bytes(stream, cache->bytes);
        if (cache->count > 1) {
            fprintf(stream, " x %u", cache->count);
        }
    }
    fputs(machine->cache_count ? "\n" : "unknown\n", stream);
    fputs("allowed    CPU ", stream);
    print_allowed(stream, machine);
    fprintf(stream, " (%u of %u)\n", machine->cpu_count, machine->pus);
    fprintf(stream, "runs on    %s%s%s%s\n",
            machine->emulated          ? "an emulator"
            : machine->virtual_machine ? "a virtual machine"
                                       : "bare metal, as far as can be seen",
            machine->hypervisor[0] ? " (" : "", machine->hypervisor,
            machine->hypervisor[0] ? ")" : "");
    fprintf(stream, "software   %s; this tool was built with %s\n", machine->kernel,
            machine->compiler);
}
