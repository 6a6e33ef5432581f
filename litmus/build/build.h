/* build.h - the parts of `cordon-litmus build`. */
#ifndef CORDON_LITMUS_BUILD_H
#define CORDON_LITMUS_BUILD_H

#include "catalogue.h"
#include "suite.h"

#include <limits.h>

/* The sources of the runner, by their paths in the source tree. */
extern const struct catalogue_entry runner_sources[];
extern const size_t runner_sources_count;

/* One file of C that is to be compiled. */
struct build_source {
    char name[200]; /* below the directory */
};

struct build {
    struct suite suite;
    const char *command, *flags; /* of the compiler */
    char version[200];           /* what it says of itself */
    char machine[100];           /* what it makes code for: aarch64-linux-gnu */
    const char *output;
    unsigned long jobs;
    char directory[PATH_MAX - 256]; /* where everything is written */
    struct build_source *source;
    size_t count;
};

int build_command(int argc, char **argv);

/* build_write - the runner's sources, the tests', and the table of them; build->source gets all that is to be
 * compiled. Ends the program where there is no memory; false, and one line on stderr, if a file cannot be written.
 */
bool build_write(struct build *build);

/* build_compile - all sources, some at a time, and link them. An exit status; but for an interrupt one line on stderr
 * if it fails.
 */
int build_compile(const struct build *build);

#endif
