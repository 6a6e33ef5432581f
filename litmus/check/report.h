/* report.h - one execution, for people: text, Graphviz, and the record that --replay repeats.
 */
#ifndef CORDON_CHECK_REPORT_H
#define CORDON_CHECK_REPORT_H

#include "check.h"

#include <stdint.h>
#include <stdio.h>

/* A plain access or a runtime call, as a replay saw it. */
struct access {
    uint8_t thread;
    bool write;
    int16_t after; /* it follows this many events of its thread */
    uint32_t size;
    uintptr_t address, pc;
};

/* recorded - the plain accesses of the replayed execution, in the order of execution. */
extern struct access *recorded;
extern int recorded_count;

/* The top graph, with the finding (FOUND_NOTHING: just the execution). The two places are those
 * given to fail(). */
void report_text(FILE *out, enum finding finding, const char *message, uintptr_t pc,
                 uintptr_t other);
void report_dot(FILE *out, enum finding finding);

/* report_places - the same two places, as the program's own calls: not inside the C++ library. */
void report_places(enum finding finding, uintptr_t pc, uintptr_t other, uintptr_t places[2]);

/* report_missing_edge - for a race between these two accesses: the edge that is missing, in words. */
void report_missing_edge(FILE *out, uintptr_t address, int first_thread, int first_after,
                         int second_thread, int second_after);

/* The finding's name: "data race", and as a word for JSON: "data-race". */
const char *finding_text(enum finding finding);
const char *finding_word(enum finding finding);

#endif
