/* report.h - what the two halves of the report share. */
#ifndef CORDON_BENCH_LOCKS_REPORT_H
#define CORDON_BENCH_LOCKS_REPORT_H

#include "locks.h"
#include "../text.h"

enum { NAME = 18, CELL = BENCH_CELL, MOST_COLUMNS = 12 };

/* Columns of ours against the peers, by lock_ratio.column. */
struct lock_columns {
    unsigned count;
    unsigned column[MOST_COLUMNS];
    char title[MOST_COLUMNS][CELL];
};

/* lock_print_name - "* mcs": the star says that it is Cordon's. */
void lock_print_name(FILE *stream, const struct lock_run *run, unsigned lock);

/* lock_part_kinds - a blank line between kinds; *kind is -1 at first. */
void lock_part_kinds(FILE *stream, const struct lock_run *run, unsigned lock, int *kind);

/* lock_head - a section's title. */
void lock_head(FILE *stream, const char *text);

/* lock_duration - a number of ns with its unit. Returns text. */
const char *lock_duration(double ns, char text[CELL]);

/* lock_print_ratios - ours against the peers; nothing if nothing can be said. */
void lock_print_ratios(FILE *stream, const struct lock_run *run,
                       const struct lock_columns *columns);

void lock_print_handover(FILE *stream, const struct lock_run *run);
void lock_print_map(FILE *stream, const struct lock_run *run, unsigned threads);

#endif
