/* export.h - the results of a run for other programs. */
#ifndef CORDON_LITMUS_EXPORT_H
#define CORDON_LITMUS_EXPORT_H

#include "report.h"

#include "machine/machine.h"

/* What was run, and on what. */
struct export
{
    const struct report *report;
    size_t count;
    const struct machine *machine;
    const struct compiler *compiler;
    const char *compiler_version, *engine, *preset;
    uint64_t seed;
    struct score_count mutants; /* of all tests */
    const unsigned *cpu;        /* those used: os numbers */
    size_t cpu_count, size;
    double seconds; /* per test */
};

/* export_json, export_junit - to the stream; false if it did not take it. The schema of the first is in
 * docs/litmus.md. The second is what continuous-integration servers read: a violation is a failure, a test
 * that could not run an error.
 */
bool export_json(FILE *stream, const struct export *export);
bool export_junit(FILE *stream, const struct export *export);

#endif
