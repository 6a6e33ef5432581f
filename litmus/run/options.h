/* options.h - the command line of cordon-litmus run. */
#ifndef CORDON_LITMUS_RUN_OPTIONS_H
#define CORDON_LITMUS_RUN_OPTIONS_H

#include "cli/cli.h"
#include "compile.h"
#include "knobs.h"

/* How much is done for each test. */
struct preset {
    const char *name;
    uint64_t nanoseconds; /* of --time, if that is not given */
    unsigned candidates;  /* to choose knobs from; 0: those given, and no search */
    bool
        perpetual; /* and the engine from among these: array, threads, and the perpetual one, too? */
    bool mutants;  /* run those of a test whose outcome was forbidden and not seen? */
    bool soak;     /* over and over, until the time is up, which is the whole run's */
};

struct run_options {
    struct compiler compiler;
    bool compiler_given; /* by --cc */
    const struct preset *preset;
    struct knobs knobs;
    bool knobs_given, engine_given; /* and not to be searched through */
    uint64_t nanoseconds;           /* for each test; of a soak, for all of them */
    struct cli_cpus cpus;
    unsigned threads_per_core; /* hardware threads to use; 0: all */
    bool list, quiet;
    bool text;                       /* is standard output for that? */
    const char *json, *junit, *html; /* files, or NULL */
    const char *expect;              /* a model's log, or NULL */
};

/* options_read - what stands before "--"; optind is then that of the first test. Help, and what is
 * wrong, end the program.
 */
void options_read(int argc, char **argv, struct run_options *options);

/* options_engine - the name of an engine, as --engine takes it. */
const char *options_engine(enum litmus_mode mode);

#endif
