/* machine.c - reading the machine: topology.h for its shape, the kernel for the rest. */
#define _GNU_SOURCE
#include "machine.h"
#include "file.h"
#include "topology.h"

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

/* The value of a line "key : value" of /proc/cpuinfo; false if there is none. */
static bool read_cpuinfo(const char *key, char *value, size_t room)
{
    char line[512];
    bool found = false;
    FILE *file = fopen("/proc/cpuinfo", "re");
    while (file != NULL && !found && fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        if (colon != NULL && strncmp(line, key, strlen(key)) == 0 &&
            strspn(line + strlen(key), " \t") + strlen(key) == (size_t)(colon - line)) {
            copy_squeezed(value, room, colon + 1 + strspn(colon + 1, " \t"));
            found = value[0] != '\0';
        }
    }
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

static void read_model(struct machine *machine)
{
    /* x86, LoongArch, RISC-V, POWER, MIPS, s390x */
    static const char *const keys[] = {"model name", "Model Name", "uarch",
                                       "cpu",        "cpu model",  "vendor_id"};
    char line[96];
    for (size_t i = 0; i < sizeof keys / sizeof *keys; ++i) {
        if (read_cpuinfo(keys[i], machine->model, ROOM(machine->model))) {
            return;
        }
    }
    if (machine_read_line("/sys/devices/system/cpu/cpu0/regs/identification/midr_el1", line,
                          sizeof line)) {
        /* AArch64 gives no name; the main ID register names the core to who looks it up. */
        snprintf(machine->model, ROOM(machine->model), "unnamed, MIDR_EL1 %s", line);
    } else if (machine_read_line("/proc/device-tree/model", line, sizeof line)) {
        copy_squeezed(machine->model, ROOM(machine->model), line);
    } else {
        snprintf(machine->model, ROOM(machine->model), "unknown");
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

static int read_cpus(struct machine *machine)
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
                cpu->core = cpu->cache = cpu->package = cpu->numa = MACHINE_UNKNOWN;
            }
        }
    }
    CPU_FREE(set);
    return machine->cpu != NULL ? 0 : -1;
}

#if defined(__x86_64__) || defined(__i386__)

static void read_hypervisor(struct machine *machine)
{
    unsigned a, b, c, d;
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
static void read_firmware_hints(struct machine *machine)
{
    static const char *const makers[] = {
        "QEMU",  "KVM",        "VMware",         "VirtualBox",
        "Xen",   "innotek",    "Parallels",      "Bochs",
        "bhyve", "Amazon EC2", "Google Compute", "Virtual Machine"};
    char line[128], vendor[64], product[64];
    const char *texts[] = {NULL, NULL, NULL};
    if (machine_read_line("/sys/class/dmi/id/sys_vendor", vendor, sizeof vendor)) {
        texts[0] = vendor;
    }
    if (machine_read_line("/sys/class/dmi/id/product_name", product, sizeof product)) {
        texts[1] = product;
    }
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

static void read_hypervisor(struct machine *machine)
{
    read_firmware_hints(machine);
    /* Under qemu-user the kernel's files are the host's, and an x86 host shows. It makes a /proc/cpuinfo of its own
     * for some processors, but not this file.
     */
    char line[256];
    machine->emulated = machine_read_line("/sys/devices/system/cpu/modalias", line, sizeof line) &&
                        strstr(line, "type:x86") != NULL;
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
    memset(machine, 0, sizeof *machine);
    if (read_cpus(machine) != 0 || topology_read(machine) != 0) {
        const int error = errno;
        machine_free(machine);
        errno = error;
        return -1;
    }
    machine->smt = machine->cores > 0 && machine->pus > machine->cores;
    read_model(machine);
    read_software(machine);
    read_hypervisor(machine);
    return 0;
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
