/* record.h - an execution as text, from which --replay makes it again.
 *
 * A line for each event in the order of execution: its thread, its position there, what it is, and
 * what the explorer decided about it:
 *
 *     cordon-check record 1
 *     model rc11
 *     level -O2
 *     0 0 start
 *     0 1 create 1
 *     0 2 write 0          at this place of the coherence order, among the writes that came before
 *     1 0 start
 *     1 1 read 0 2         from the event at position 2 of thread 0
 *     1 2 read initial spurious
 *     1 3 choice 1
 *     1 4 end
 *     0 3 join 1
 *     end 9
 */
#ifndef CORDON_CHECK_RECORD_H
#define CORDON_CHECK_RECORD_H

#include "check.h"

#include <stdio.h>

enum { RECORD_INITIAL = -1 };

struct record_step {
    uint8_t thread, kind; /* an enum event_kind */
    int16_t position;
    bool spurious;     /* READ: a compare-exchange that failed for no reason */
    int16_t rf_thread; /* READ: of the write it reads; RECORD_INITIAL: there is none */
    int16_t rf_position;
    int32_t place;  /* WRITE: its index in the coherence order, among the earlier steps' */
    uint64_t value; /* CHOICE: chosen; CREATE, JOIN: the other thread */
};

struct record {
    enum model model;
    char level[8]; /* "-O2" */
    int count;
    struct record_step *step; /* free() it */
};

/* report_record - write the top graph. */
void report_record(FILE *out);

/* report_read_record - returns false after saying in `wrong` what is not as it should be, beginning
 * with the line and column: "3:7: ...".
 */
bool report_read_record(FILE *in, struct record *into, char *wrong, size_t room);

#endif
