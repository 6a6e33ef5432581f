/* spoilers.h - what on this machine, right now, spoils a measurement, and what to do about it. */
#ifndef CORDON_SPOILERS_H
#define CORDON_SPOILERS_H

#include "machine.h"

struct machine_spoiler {
    char what[200];
    const char *remedy;
};

#define MACHINE_MOST_SPOILERS 8

/* machine_spoilers - fill in what was found; returns how many. */
unsigned machine_spoilers(const struct machine *machine,
                          struct machine_spoiler spoilers[MACHINE_MOST_SPOILERS]);

/* machine_governor - the frequency governor of a CPU; false if there is none to be read. */
bool machine_governor(unsigned os_index, char *governor, size_t room);

#endif
