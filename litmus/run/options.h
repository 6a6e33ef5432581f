/* options.h - the command line of cordon-litmus run. */
#ifndef CORDON_LITMUS_RUN_OPTIONS_H
#define CORDON_LITMUS_RUN_OPTIONS_H

#include "cli/cli.h"
#include "compile.h"
#include "knobs.h"

struct run_options {
    struct compiler compiler;
    struct knobs knobs;
    uint64_t nanoseconds; /* for each test */
    struct cli_cpus cpus;
    bool list, quiet;
    bool text;                /* is standard output for that? */
    const char *json, *junit; /* files, or NULL */
};

/* options_read - what stands before "--"; optind is then that of the first test. Help, and what is
 * wrong, end the program.
 */
void options_read(int argc, char **argv, struct run_options *options);

/* options_engine - the name of an engine, as --engine takes it. */
const char *options_engine(enum litmus_mode mode);

#endif
