/* options.h - the command line of cordon-check. */
#ifndef CORDON_CHECK_OPTIONS_H
#define CORDON_CHECK_OPTIONS_H

#include "check.h"

#include <stdbool.h>

enum { MOST_LEVELS = 8 };

struct command {
    struct options options;
    const char *const *sources;
    int source_count;
    const char *const *flags; /* for the compiler, after "--" */
    int flag_count;
    const char *cc, *cxx;
    char level[MOST_LEVELS][8]; /* "-O2" */
    int levels;
    const char *json, *dot, *record; /* files to write, "-" for standard output, or NULL */
    enum finding expected;           /* what has to be found; FOUND_NOTHING: nothing may be */
    bool mutate, suggest;
    bool verbose, quiet;
};

/* read_command - fill it from the command line. What is wrong, --help and --version end the program.
 */
void read_command(int argc, char **argv, struct command *command);

/* read_levels - "0,2" becomes "-O0" and "-O2". False if it is no such list. */
bool read_levels(const char *text, struct command *command);

/* model_name, model_word - "RC11"; "rc11", as the option --model has it. */
const char *model_name(enum model model);
const char *model_word(enum model model);

#endif
