/* disturbance.h - what keeps this process from its CPUs: limits that were set, and what was taken from it meanwhile.
 *
 * `root` stands before /proc and /sys: "" for the machine itself, in tests a directory of made-up files.
 */
#ifndef CORDON_MACHINE_DISTURBANCE_H
#define CORDON_MACHINE_DISTURBANCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* machine_quota - CPUs' worth of time that the control groups of this process grant (cpu.max, or cpu.cfs_quota_us of
 * version 1): the least of its own group's and of all above that can be seen. 0: no limit.
 */
double machine_quota(const char *root);

/* machine_offline - the CPUs that are there and switched off, as the kernel lists them ("2-3"); false: none. */
bool machine_offline(const char *root, char *list, size_t size);

/* The kernel's account of some CPUs, in its ticks: what the host took of their time, and everything. */
struct machine_account {
    uint64_t stolen, all;
};

/* machine_account - of these CPUs (os numbers) until now; count 0: of all. False: the kernel tells nothing. */
bool machine_account(const char *root, const unsigned *cpu, size_t count,
                     struct machine_account *account);

/* machine_ticks_ms - so many of its ticks, in ms. */
double machine_ticks_ms(uint64_t ticks);

/* machine_preemptions - how often the calling thread was taken from its core until now. */
long machine_preemptions(void);

#endif
