/* topology_sysfs.c - the machine's shape, as the kernel tells it in small files.
 *
 * A core, a package, a cache is told by the list of its CPUs. Its first CPU names it; a numbering of ours
 * counts such names in the order in which they are met. What has no file stays unknown.
 */
#define _GNU_SOURCE
#include "topology.h"

#include "file.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum { LINE = 4096 };

/* The first line of that file; an empty one if there is none. */
__attribute__((format(printf, 2, 3))) static const char *read_file(char line[LINE],
                                                                   const char *format, ...)
{
    char path[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = vsnprintf(path, sizeof path, format, arguments);
    va_end(arguments);
    if (length >= (int)sizeof path || !machine_read_line(path, line, LINE)) {
        line[0] = '\0';
    }
    return line;
}

/* The next range of a list "0-3,8"; false: no more. */
static bool next_range(const char **list, unsigned long *first, unsigned long *last)
{
    char *end;
    if (**list < '0' || **list > '9') {
        return false;
    }
    *first = *last = strtoul(*list, &end, 10);
    if (*end == '-') {
        *last = strtoul(end + 1, &end, 10);
    }
    *list = *end == ',' ? end + 1 : end;
    return *first <= *last && *last < 1ul << 20;
}

static bool first_of(const char *list, unsigned *first)
{
    unsigned long from, to;
    const bool any = next_range(&list, &from, &to);
    *first = any ? (unsigned)from : MACHINE_UNKNOWN;
    return any;
}

/* How many of the list are less than `number`. */
static unsigned before(const char *list, unsigned number)
{
    unsigned long from, to, count = 0;
    while (next_range(&list, &from, &to) && from < number) {
        count += (to < number ? to + 1 : number) - from;
    }
    return (unsigned)count;
}

struct numbering {
    unsigned *name;
    unsigned count;
};

/* The number of that name, perhaps a new one. */
static unsigned number_of(struct numbering *numbering, unsigned name)
{
    for (unsigned i = 0; i < numbering->count; ++i) {
        if (numbering->name[i] == name) {
            return i;
        }
    }
    unsigned *grown = realloc(numbering->name, (numbering->count + 1) * sizeof *grown);
    if (grown == NULL) {
        return MACHINE_UNKNOWN;
    }
    numbering->name = grown;
    numbering->name[numbering->count] = name;
    return numbering->count++;
}

struct reading {
    struct machine *machine;
    const char *directory;
    struct numbering core, package, cache[MACHINE_MOST_CACHES];
};

static struct machine_cache *cache_of(struct machine *machine, unsigned level, char kind)
{
    for (unsigned i = 0; i < machine->cache_count; ++i) {
        if (machine->cache[i].level == level && machine->cache[i].kind == kind) {
            return &machine->cache[i];
        }
    }
    if (machine->cache_count == MACHINE_MOST_CACHES) {
        return NULL;
    }
    struct machine_cache *cache = &machine->cache[machine->cache_count++];
    *cache = (struct machine_cache){.level = level, .kind = kind};
    return cache;
}

static uint64_t bytes_of(const char *text)
{
    char *unit;
    const uint64_t number = strtoull(text, &unit, 10);
    return *unit == 'K' ? number << 10 : *unit == 'M' ? number << 20 : number;
}

/* One of the caches of a CPU; false: it has no more. */
static bool read_cache(struct reading *reading, unsigned os, unsigned index, struct machine_cpu *at)
{
    struct machine *machine = reading->machine;
    char line[LINE], path[400];
    unsigned name;
    snprintf(path, sizeof path, "%.300s/cpu/cpu%u/cache/index%u", reading->directory, os, index);
    const unsigned level = (unsigned)strtoul(read_file(line, "%s/level", path), NULL, 10);
    const bool instructions = *read_file(line, "%s/type", path) == 'I';
    if (level == 0) {
        return false;
    }
    struct machine_cache *cache = cache_of(machine, level,
                                           instructions                 ? 'i'
                                           : *line == 'D' && level == 1 ? 'd'
                                                                        : 'u');
    if (cache == NULL) {
        return true;
    }
    if (cache->bytes == 0) {
        cache->bytes = bytes_of(read_file(line, "%s/size", path));
        cache->line = (unsigned)strtoul(read_file(line, "%s/coherency_line_size", path), NULL, 10);
    }
    if (first_of(read_file(line, "%s/shared_cpu_list", path), &name)) {
        struct numbering *numbering = &reading->cache[cache - machine->cache];
        const unsigned number = number_of(numbering, name);
        cache->count = numbering->count;
        if (at != NULL && !instructions && level >= at->cache_level) {
            at->cache = number;
            at->cache_level = level;
        }
    }
    return true;
}

/* `at`: where it is told, or NULL: this process may not use it. */
static void read_cpu(struct reading *reading, unsigned os, struct machine_cpu *at)
{
    char line[LINE], path[400];
    unsigned name;
    snprintf(path, sizeof path, "%.300s/cpu/cpu%u/topology", reading->directory, os);
    /* The second name of each is that of kernels before 5.3. */
    if (first_of(read_file(line, "%s/core_cpus_list", path), &name) ||
        first_of(read_file(line, "%s/thread_siblings_list", path), &name)) {
        const unsigned number = number_of(&reading->core, name);
        if (at != NULL) {
            at->core = number;
            at->thread = before(line, os);
        }
    }
    if (first_of(read_file(line, "%s/package_cpus_list", path), &name) ||
        first_of(read_file(line, "%s/core_siblings_list", path), &name)) {
        const unsigned number = number_of(&reading->package, name);
        if (at != NULL) {
            at->package = number;
        }
    }
    for (unsigned index = 0; read_cache(reading, os, index, at); ++index) {
    }
}

static struct machine_cpu *allowed(struct machine *machine, unsigned long os)
{
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        if (machine->cpu[i].os == os) {
            return &machine->cpu[i];
        }
    }
    return NULL;
}

static void read_cpus(struct reading *reading)
{
    struct machine *machine = reading->machine;
    unsigned long from, to;
    char line[LINE];
    const char *list = read_file(line, "%s/cpu/online", reading->directory);
    while (next_range(&list, &from, &to)) {
        for (; from <= to; ++from) {
            read_cpu(reading, (unsigned)from, allowed(machine, from));
            ++machine->pus;
        }
    }
    if (machine->pus == 0) { /* no such file: at least those that are allowed are there */
        for (unsigned i = 0; i < machine->cpu_count; ++i) {
            read_cpu(reading, machine->cpu[i].os, &machine->cpu[i]);
            ++machine->pus;
        }
    }
}

static void read_nodes(const struct reading *reading)
{
    struct machine *machine = reading->machine;
    unsigned long node, last, from, to;
    char line[LINE], cpus[LINE];
    const char *nodes = read_file(line, "%s/node/online", reading->directory);
    while (next_range(&nodes, &node, &last)) {
        for (; node <= last; ++node) {
            const char *list = read_file(cpus, "%s/node/node%lu/cpulist", reading->directory, node);
            ++machine->numa_nodes;
            while (next_range(&list, &from, &to)) {
                for (unsigned i = 0; i < machine->cpu_count; ++i) {
                    struct machine_cpu *cpu = &machine->cpu[i];
                    cpu->numa = cpu->os >= from && cpu->os <= to ? (unsigned)node : cpu->numa;
                }
            }
        }
    }
    if (machine->numa_nodes == 0) { /* a kernel without NUMA: all memory is one node */
        machine->numa_nodes = 1;
        for (unsigned i = 0; i < machine->cpu_count; ++i) {
            machine->cpu[i].numa = 0;
        }
    }
}

static int order_caches(const void *left, const void *right)
{
    const struct machine_cache *a = left, *b = right;
    return a->level != b->level ? (a->level > b->level) - (a->level < b->level) : a->kind - b->kind;
}

int topology_sysfs(struct machine *machine, const char *directory)
{
    struct reading reading = {.machine = machine, .directory = directory};
    read_cpus(&reading);
    read_nodes(&reading);
    machine->cores = reading.core.count;
    machine->packages = reading.package.count;
    qsort(machine->cache, machine->cache_count, sizeof *machine->cache, order_caches);
    free(reading.core.name);
    free(reading.package.name);
    for (unsigned i = 0; i < MACHINE_MOST_CACHES; ++i) {
        free(reading.cache[i].name);
    }
    return 0;
}
