/* spoilers.h - what on this machine, right now, spoils a measurement, and what to do about it. */
#ifndef CORDON_SPOILERS_H
#define CORDON_SPOILERS_H

#include "machine.h"
#include "watch.h"

struct machine_spoiler {
    char what[200];
    const char *remedy;
};

#define MACHINE_MOST_SPOILERS 12

/* machine_spoilers - fill in what was found; returns how many. What machine_watch saw is judged,
 * too, unless it is NULL.
 */
unsigned machine_spoilers(const struct machine *machine, const struct machine_watch *watch,
                          struct machine_spoiler spoilers[MACHINE_MOST_SPOILERS]);

/* machine_limits - of these, only what was set to keep this process from CPUs: quotas of control groups, cpusets, and CPUs
 * that are switched off. For who does not measure how long something takes.
 */
unsigned machine_limits(const struct machine *machine,
                        struct machine_spoiler limits[MACHINE_MOST_SPOILERS]);

#endif
