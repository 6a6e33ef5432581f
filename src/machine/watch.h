/* watch.h - how much of its CPUs this process really gets, seen over a short moment.
 *
 * One thread is pinned to each allowed CPU and does nothing but read the clock. Where two readings
 * lie far apart, something else had the core: another thread, an interrupt, the host of a virtual
 * machine. The last shows nowhere else: a guest's kernel may not be told of what was stolen.
 */
#ifndef CORDON_MACHINE_WATCH_H
#define CORDON_MACHINE_WATCH_H

#include "machine.h"

/* A gap between two readings that is longer than that (ns) is counted. */
#define MACHINE_GAP 10000

/* What one CPU's thread saw. */
struct machine_watch_cpu {
    uint64_t watched;       /* ns */
    uint64_t gaps;          /* longer than MACHINE_GAP */
    uint64_t lost, longest; /* ns: in all gaps, in the longest */
    uint64_t smallest_step; /* ns: of the system's clock, other than zero */
    long switches;          /* the thread was taken from the core */
    int error;              /* why it could not be pinned; then all else is zero */
};

/* machine_watch_lost - the share of its time that it lost, 0 to 1. */
static inline double machine_watch_lost(const struct machine_watch_cpu *seen)
{
    return seen->watched > 0 ? (double)seen->lost / (double)seen->watched : 0;
}

struct machine_watch {
    struct machine_watch_cpu *cpu; /* one for each of machine->cpu; free with machine_watch_free */
    bool steal_known;
    double steal; /* share of all CPUs' time that the host admits to have taken, 0 to 1 */
};

/* machine_watch - watch for so many ns, less if *stop becomes other than zero.
 * Returns 0, or -1 with errno (no threads, no memory).
 */
int machine_watch(const struct machine *machine, uint64_t ns, const _Atomic(int) *stop,
                  struct machine_watch *watch);
void machine_watch_free(struct machine_watch *watch);

#endif
