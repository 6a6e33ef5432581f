/* edges.h - which operation synchronised with which, over all executions (--edges). */
#ifndef CORDON_CHECK_EDGES_H
#define CORDON_CHECK_EDGES_H

#include "check.h"

#include <stdio.h>

/* edges_collect - count the edges of the top graph, a complete execution. */
void edges_collect(void);

/* edges_flush - add what was counted to the result. */
void edges_flush(void);

/* edges_print - the table, by source lines (names_open first). */
void edges_print(FILE *out, const struct result *of);

#endif
