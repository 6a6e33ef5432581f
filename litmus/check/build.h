/* build.h - compile the program under test into a shared object that the explorer can load. */
#ifndef CORDON_CHECK_BUILD_H
#define CORDON_CHECK_BUILD_H

#include <stdbool.h>

struct build {
    const char *const *sources; /* C, C++ or object files; told apart by their suffix */
    int source_count;
    const char *const *flags; /* what the user gave after "--" */
    int flag_count;
    const char *c, *cxx;  /* the compilers; NULL: $CC, $CXX, or cc, c++ */
    const char *optimise; /* "-O2"; part of the names of what is made */
    bool verbose;
};

/* build_refuse - end the program with status 2 if a source is not there, or of no known kind. */
void build_refuse(const struct build *build);

/* build_compiles - is there anything to compile, and not only to link? */
bool build_compiles(const struct build *build);

/* build_program - returns the path of the shared object (free it), in the directory `into`, or NULL
 * when the compiler has said why on stderr.
 */
char *build_program(const struct build *build, const char *into);

#endif
