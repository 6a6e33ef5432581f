/* frequency.h - what decides how fast a core runs, as far as the kernel tells. */
#ifndef CORDON_MACHINE_FREQUENCY_H
#define CORDON_MACHINE_FREQUENCY_H

#include <stdbool.h>

/* Frequencies in kHz; 0, and empty strings, where nothing is told (in most virtual machines). */
struct machine_frequency {
    char driver[32];
    char governor[32];
    unsigned long least, most, now;
    bool boost; /* may rise above its nominal frequency while it stays cool */
};

/* machine_frequency - of a CPU; false if the kernel does not tell anything of it. */
bool machine_frequency(unsigned os_index, struct machine_frequency *frequency);

/* machine_clock_source - what the system's clock is read from ("tsc"); false if it is not told. */
bool machine_clock_source(char *name, unsigned room);

#endif
