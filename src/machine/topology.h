/* topology.h - the machine's shape: packages, cores, caches, nodes, and where each CPU stands in it.
 *
 * Two implementations. The tools are linked with topology_hwloc.c. An executable that needs nothing on its machine
 * is linked with topology_kernel.c, which reads what the kernel tells of it.
 */
#ifndef CORDON_MACHINE_TOPOLOGY_H
#define CORDON_MACHINE_TOPOLOGY_H

#include "machine.h"

/* topology_read - fill in the counts, the caches, and the places of the machine's CPUs, whose os numbers are there,
 * as far as they are known. Returns 0, or -1 with errno.
 */
int topology_read(struct machine *machine);

/* topology_sysfs - the same by sysfs, from the directory that stands for /sys/devices/system. */
int topology_sysfs(struct machine *machine, const char *directory);

#endif
