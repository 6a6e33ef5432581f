/* topology_kernel.c - the machine's shape, where there is no hwloc. */
#include "topology.h"

int topology_read(struct machine *machine)
{
    return topology_sysfs(machine, "/sys/devices/system");
}
