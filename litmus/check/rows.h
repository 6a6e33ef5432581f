/* rows.h - an execution as numbered rows, one event each: the body of a report. */
#ifndef CORDON_CHECK_ROWS_H
#define CORDON_CHECK_ROWS_H

#include "check.h"
#include "graph.h"
#include "report.h"
#include "text.h"

#include <stdbool.h>
#include <stdio.h>

/* What a finding is about: the access that showed it, or the other one of a race. */
struct side {
    bool known;
    int thread, after; /* it follows so many events of its thread */
    int32_t event;     /* an atomic access, else -1 */
    int access;        /* a plain one, in recorded[], else -1 */
    bool write;
    uintptr_t address;
    size_t size;
    uintptr_t pc;
};

/* find_sides - what fail() was called about; the second one is known for races, and what was freed. */
void find_sides(enum finding finding, uintptr_t pc, uintptr_t other, struct side side[2]);

struct row {
    int thread;
    int32_t event;     /* or -1 */
    int access;        /* in recorded[], or -1 */
    bool marked;       /* a side of the finding */
    int32_t overwrite; /* an earlier row's write that this one looks, or goes, behind; or -1 */
    char place[56];
    char text[200];
};

struct rows {
    struct row *at;
    int count;
    int *of_event;  /* by its name: the number of its row, from 1; 0: none */
    bool unordered; /* no order of the threads' turns explains what they read */
};

/* rows_make - the present graph's; with what the finding is about, if any. rows_free when done. */
bool rows_make(struct rows *rows, enum finding finding, uintptr_t pc, const struct side side[2]);
void rows_free(struct rows *rows);

/* The number of the event's, or access's, row; 0 if it has none. */
int rows_number(const struct rows *rows, int32_t event);

int rows_of_side(const struct rows *rows, const struct side *side);

void rows_print(const struct rows *rows, FILE *out);

#endif
