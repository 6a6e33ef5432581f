/* machine.h - what the tools must know of the machine they measure: processor, topology, and the
 * CPUs this process may use.
 *
 * Topology comes from hwloc, or from the kernel (topology.h). The list of usable CPUs comes from sched_getaffinity, not from the
 * machine: in a container, or under taskset, most of it may be out of reach, and a thread pinned
 * to a CPU that is not granted would measure another one.
 */
#ifndef CORDON_MACHINE_H
#define CORDON_MACHINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* MACHINE_UNKNOWN - a place that the topology does not tell. */
#define MACHINE_UNKNOWN (~0u)

/* One CPU (hardware thread) this process may run on. */
struct machine_cpu {
    unsigned os;     /* the operating system's number: what machine_pin, taskset and top call it */
    unsigned core;   /* the logical number of its core, unique over all packages */
    unsigned thread; /* which hardware thread of that core: 0 is the first */
    unsigned cache;  /* likewise, logical: the last-level cache before memory */
    unsigned cache_level;
    unsigned package; /* likewise, logical */
    unsigned numa;    /* the operating system's number of the nearest NUMA node */
};

/* All caches of one level and kind. */
struct machine_cache {
    unsigned level;
    char kind; /* 'd'ata, 'i'nstruction, 'u'nified */
    unsigned count;
    unsigned line; /* bytes; 0 if not known */
    uint64_t bytes;
};

#define MACHINE_MOST_CACHES 8

/* All counts are of the whole machine, except cpu_count: the CPUs this process is allowed. */
struct machine {
    char model[128]; /* the processor's marketing name, or what can be said instead */
    char architecture[32];
    unsigned packages, cores, pus, numa_nodes;
    bool smt; /* some core has more than one hardware thread */
    struct machine_cache cache[MACHINE_MOST_CACHES];
    unsigned cache_count;
    struct machine_cpu *cpu; /* in the order of their os numbers */
    unsigned cpu_count;
    bool virtual_machine; /* a hypervisor is below us */
    bool emulated;        /* instructions are translated: nothing about silicon can be learnt */
    char hypervisor[64];  /* its name, if it tells one; empty on bare metal */
    char kernel[160];     /* as uname says */
    char compiler[128];   /* what compiled the tool */
};

/* machine_read - fill in *machine. Returns 0, or -1 with errno; then nothing need be freed. */
int machine_read(struct machine *machine);

/* machine_free - release what machine_read allocated. */
void machine_free(struct machine *machine);

/* machine_find - the allowed CPU of that os number, or NULL. */
const struct machine_cpu *machine_find(const struct machine *machine, unsigned os_index);

/* How far apart two CPUs are: the nearest thing that they share is said by what they do not. */
enum machine_distance {
    MACHINE_SAME_CORE,   /* two hardware threads of it */
    MACHINE_OTHER_CORE,  /* a cache in common, as far as is known */
    MACHINE_OTHER_CACHE, /* the same package and node, and no cache in common */
    MACHINE_OTHER_NODE,  /* the same package */
    MACHINE_OTHER_PACKAGE,
    MACHINE_DISTANCES
};

enum machine_distance machine_distance(const struct machine_cpu *a, const struct machine_cpu *b);
const char *machine_distance_text(enum machine_distance distance);

/* machine_pin - bind the calling thread to one CPU, and see that it took effect.
 * Returns 0; or -1 with errno: EINVAL for a CPU that does not exist or is not allowed, ENOTSUP
 * where the system accepted the request and did not follow it.
 */
int machine_pin(unsigned os_index);

/* machine_print - a compact block for people. */
void machine_print(FILE *stream, const struct machine *machine);

/* machine_print_cpus - ascending numbers as a list of ranges, as taskset takes it: "0-3,8". */
void machine_print_cpus(FILE *stream, const unsigned *os, unsigned count);

/* machine_hwloc_version - of the library that reads the topology, where there is one. */
const char *machine_hwloc_version(void);

#endif
