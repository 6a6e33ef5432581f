/* topology_hwloc.c - the machine's shape, by hwloc. */
#define _GNU_SOURCE
#include "topology.h"

#include <hwloc.h>

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

static void place(struct machine_cpu *cpu, hwloc_topology_t topology)
{
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

int topology_read(struct machine *machine)
{
    hwloc_topology_t topology;
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
    read_caches(machine, topology);
    for (unsigned i = 0; i < machine->cpu_count; ++i) {
        place(&machine->cpu[i], topology);
    }
    hwloc_topology_destroy(topology);
    return 0;
}

const char *machine_hwloc_version(void)
{
    return HWLOC_VERSION;
}
