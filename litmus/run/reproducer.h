/* reproducer.h - how a violation can be seen again. */
#ifndef CORDON_LITMUS_RUN_REPRODUCER_H
#define CORDON_LITMUS_RUN_REPRODUCER_H

#include "knobs.h"

struct reproducer {
    char *command; /* free() it; NULL: none was looked for, or memory is out */
    struct knobs knobs;
    double
        seconds; /* to the first weak outcome, the median of the replays that showed it; 0: none did */
    unsigned again, tries; /* so many of so many replays showed it */
};

#endif
