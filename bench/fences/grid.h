/* grid.h - a table for people: columns as wide as they need, in several blocks where a line is too long.
 */
#ifndef CORDON_BENCH_GRID_H
#define CORDON_BENCH_GRID_H

#include "../text.h"

struct grid {
    unsigned heads, rows, columns; /* `heads` of the rows are the heads of the columns */
    struct grid_cell {
        char text[BENCH_CELL];
        bool dim;
    } * cell;  /* rows times columns; column 0 names the row */
    bool *gap; /* an empty line before this row */
};

/* grid_init - all empty. */
void grid_init(struct grid *grid, unsigned heads, unsigned rows, unsigned columns);
void grid_free(struct grid *grid);

static inline struct grid_cell *grid_at(const struct grid *grid, unsigned row, unsigned column)
{
    return &grid->cell[row * grid->columns + column];
}

/* grid_print - no line longer than 110 characters, if that can be, and none that ends in blanks. */
void grid_print(FILE *stream, const struct grid *grid);

#endif
