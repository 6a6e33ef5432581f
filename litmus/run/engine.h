/* engine.h - run a test's code on this machine's cores and tally what comes out. */
#ifndef CORDON_LITMUS_ENGINE_H
#define CORDON_LITMUS_ENGINE_H

#include "disturbance.h"
#include "knobs.h"
#include "outcome/outcome.h"

#include <stdatomic.h>

struct engine_options {
    uint64_t nanoseconds; /* how long to run */
    struct knobs knobs;   /* see knobs_default; its engine is that of the code */
    const unsigned *cpu;  /* that many: */
    size_t cpu_count;     /* if fewer than threads, they are shared */
    const struct machine
        *machine;           /* for place=close and spread; NULL: as if those with neighbouring
                                    * numbers were close */
    const atomic_int *stop; /* not 0: end after the present batch; may be NULL */
    bool (*alive)(void);    /* asked ten times a second; false: give up. NULL: it will end */
};

struct engine_result {
    struct outcome_set outcomes; /* outcome_free it */
    uint64_t total;              /* instances run; of a perpetual test, frames counted */
    uint64_t iterations;         /* of a perpetual test: those that each thread made; else 0 */
    uint64_t distinct;           /* LITMUS_PERPETUAL: weak frames without an iteration in common */
    uint64_t
        endless; /* instances that are not counted: a loop of theirs went round LITMUS_MOST_ROUNDS times */
    double seconds;
    double first; /* after so many of them a weak outcome had been counted, at most; 0: not known */
    unsigned workers; /* threads of the system that played the test's; fewer, if CPUs are */
    char best[400];   /* LITMUS_THREADS: which of chance's choices showed most; empty: none */
    struct disturbance disturbance; /* but for steal_ms */
    bool stuck; /* it was given up: its threads are still there, and the process is to end */
};

/* engine_size - how many instances or iterations a batch has with these. */
size_t engine_size(const struct knobs *knobs);

/* engine_can - has this processor what these knobs ask for? False, and one line in `problem`, if not. */
bool engine_can(const struct knobs *knobs, char *problem, size_t size);

/* engine_has_room - may a test of so many threads run on so many CPUs? With fewer CPUs than threads a CPU plays
 * several of them, but on one alone nothing happens at the same time.
 */
bool engine_has_room(unsigned threads, size_t cpus);

/* engine_run - false, and one line in `problem`, if it could not (no memory, no thread, a CPU that
 * cannot be had). *result is then empty.
 */
bool engine_run(const struct litmus_test *test, const struct litmus_code *code,
                const struct engine_options *options, struct engine_result *result, char *problem,
                size_t size);

#endif
