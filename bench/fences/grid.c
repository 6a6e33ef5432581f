/* grid.c - a table for people. */
#include "grid.h"
#include "cli/cli.h"

#include <stdlib.h>
#include <string.h>

enum { WIDEST = 110 };

void grid_init(struct grid *grid, unsigned heads, unsigned rows, unsigned columns)
{
    grid->heads = heads;
    grid->rows = rows;
    grid->columns = columns;
    grid->cell = calloc((size_t)rows * columns, sizeof *grid->cell);
    grid->gap = calloc(rows, sizeof *grid->gap);
    if (grid->cell == NULL || grid->gap == NULL) {
        cli_die(CLI_UNFIT, "out of memory");
    }
}

void grid_free(struct grid *grid)
{
    free(grid->cell);
    free(grid->gap);
}

static int width_of(const struct grid *grid, unsigned column)
{
    size_t widest = 0;
    for (unsigned row = 0; row < grid->rows; ++row) {
        const size_t length = strlen(grid_at(grid, row, column)->text);
        widest = length > widest ? length : widest;
    }
    return (int)widest;
}

static void print_row(FILE *stream, const struct grid *grid, unsigned row, unsigned first,
                      unsigned end)
{
    const struct cli_style style = cli_style(stream);
    int owed = 0; /* blanks, printed once something follows */
    fputs(row < grid->heads ? style.bold : "", stream);
    for (unsigned column = 0; column < end; column = column == 0 ? first : column + 1) {
        const struct grid_cell *cell = grid_at(grid, row, column);
        if (cell->text[0] != '\0') {
            fprintf(stream, "%*s%s%s%s", owed, "", cell->dim ? style.dim : "", cell->text,
                    cell->dim ? style.reset : "");
            owed = 0;
        }
        owed += width_of(grid, column) - (int)strlen(cell->text) + 2;
    }
    fprintf(stream, "%s\n", row < grid->heads ? style.reset : "");
}

void grid_print(FILE *stream, const struct grid *grid)
{
    for (unsigned first = 1, end; first < grid->columns; first = end) {
        int width = width_of(grid, 0) + 2 + width_of(grid, first);
        for (end = first + 1; end < grid->columns; ++end) {
            width += 2 + width_of(grid, end);
            if (width > WIDEST) {
                break;
            }
        }
        for (unsigned row = 0; row < grid->rows; ++row) {
            if (grid->gap[row] || (row == 0 && first > 1)) {
                fputc('\n', stream);
            }
            print_row(stream, grid, row, first, end);
        }
    }
}
