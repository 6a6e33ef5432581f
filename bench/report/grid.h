/* grid.h - pictures that are tables with coloured cells. */
#ifndef CORDON_BENCH_REPORT_GRID_H
#define CORDON_BENCH_REPORT_GRID_H

#include <jansson.h>

#include <stdbool.h>
#include <stdio.h>

/* grid_is_one - is there only one pair of CPUs? Then a matrix says little. */
bool grid_is_one(json_t *benchmarks);

/* grid_matrices - for each candidate the time for each pair of "cpu" and "partner", in one scale of colours;
 * symmetric where one direction was measured.
 */
void grid_matrices(FILE *stream, json_t *benchmarks);

/* grid_map - the best candidate for each value of two keys, and how far it leads. Its colour is that of
 * other pictures, if it has one there.
 */
void grid_map(FILE *stream, json_t *benchmarks, const char *row, const char *column,
              json_t *colours);

#endif
