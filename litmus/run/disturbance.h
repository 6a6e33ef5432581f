/* disturbance.h - what others took from a run, and what is left to measure by.
 *
 * An outcome counts wherever it shows: what is forbidden is forbidden to threads that were preempted, too. But rates,
 * and what the search compares, are of the machine and the knobs, not of who else was there: stretches of a run
 * ("blocks", of about a millisecond) in which a thread lost its core do not count there, nor those that took far longer
 * than most, as when a hypervisor takes a core unseen.
 */
#ifndef CORDON_LITMUS_RUN_DISTURBANCE_H
#define CORDON_LITMUS_RUN_DISTURBANCE_H

#include <stdbool.h>
#include <stdint.h>

struct disturbance {
    uint64_t blocks,
        disturbed;     /* blocks == 0: more threads than CPUs, and preemption is part of the run */
    uint64_t switches; /* how often a thread was taken from its core */
    double steal_ms;   /* what the host took of the CPUs' time, by the kernel's account */
    double seconds, instances; /* of the disturbed blocks */
    double weak; /* weak outcomes in them; of LITMUS_PERPETUAL those without a common iteration */
};

/* disturbance_add - of another part of the same run. */
void disturbance_add(struct disturbance *sum, const struct disturbance *part);

/* What is left of a run: of its seconds, of all instances as a share, and of the weak outcomes. */
struct undisturbed {
    double seconds, share, weak;
};

/* disturbance_without - of a run of so long, so many instances, so many weak outcomes. Where less than a tenth
 * of the time is left, all of it is taken: that a machine is always busy is how it is.
 */
struct undisturbed disturbance_without(const struct disturbance *disturbance, double seconds,
                                       double instances, double weak);

#endif
